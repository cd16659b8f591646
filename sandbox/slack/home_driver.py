"""A person's actions on the App Home of the app, and their messages to the bot."""

import asyncio
from collections.abc import Callable

from sandbox.patience import PATIENCE
from sandbox.slack import events, payloads
from sandbox.slack.errors import NotOnScreenError
from sandbox.slack.form import Field, fields_of
from sandbox.slack.input_rules import offered_options, typed_value
from sandbox.slack.link import Ack
from sandbox.slack.modal_driver import ModalDriver, button_action
from sandbox.slack.model import Message
from sandbox.slack.screen import render_blocks
from sandbox.slack.views import OpenView

SPINNER = "(spinner)"
"""The text that Slack shows while the app has published no Home."""


class HomeDriver(ModalDriver):
    @property
    def home(self) -> str:
        """The Home tab of the app, as text."""
        home = self._slack.homes.of(self.user.id)
        return render_blocks(home.body["blocks"], self.reader) if home else SPINNER

    async def open_home(self, tab: str = "home") -> list[Ack]:
        """Open the app's Home or its messages tab. The app gets an event if it subscribed to it."""
        self._check_no_modal()
        if "app_home_opened" not in self._slack.workspace.app.events:
            return []
        return await events.send(
            self._bot, events.app_home_opened(self._slack, self.user, tab), retry_after=()
        )

    async def home_shows(self, holds: Callable[[str], bool], timeout: float = PATIENCE) -> str:  # noqa: ASYNC109
        """Wait until `holds` is true of the Home, and give it.

        :raises TimeoutError: after `timeout` seconds
        """
        async with asyncio.timeout(timeout):
            while not holds(self.home):
                await self._slack.homes.change()
        return self.home

    async def press_on_home(
        self, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> Ack:
        """Press a button of the Home; `value` and `block_id` distinguish buttons that share an
        action_id.
        """
        home = self._home()
        field = self._home_field(home, action_id, value, block_id)
        if field.type != "button":
            raise NotOnScreenError(f"{action_id} is a {field.type}, not a button")
        return await self._send(
            payloads.home_action(self._slack, self.user, home, button_action(field))
        )

    async def enter_on_home(self, action_id: str, text: str) -> Ack | None:
        """Type in a text field of the Home, and press Enter. Slack sends it only where the field
        has dispatch_action.
        """
        home = self._home()
        field = self._home_field(home, action_id, None)
        value = typed_value(field, text)
        home.form.values[field.key] = field.holding(value)
        if not field.dispatches:
            return None
        action = {
            "type": field.type,
            "action_id": field.key[1],
            "block_id": field.key[0],
            "value": value,
        }
        return await self._send(payloads.home_action(self._slack, self.user, home, action))

    async def choose_on_home(self, action_id: str, value: str, block_id: str | None = None) -> Ack:
        """Choose an option of a menu by its value."""
        home = self._home()
        field = self._home_field(home, action_id, None, block_id)
        chosen = next((o for o in offered_options(field) if o["value"] == value), None)
        if chosen is None:
            raise NotOnScreenError(f"{action_id} does not offer {value}")
        action = {
            "type": field.type,
            "action_id": field.key[1],
            "block_id": field.key[0],
            "selected_option": chosen,
        }
        return await self._send(payloads.home_action(self._slack, self.user, home, action))

    async def write_to_bot(self, text: str, *, thread_ts: str | None = None) -> Message:
        """Post a message in the direct messages with the bot, which gets an event."""
        workspace = self._slack.workspace
        channel = workspace.dm_with_bot(self.user.id)
        message = workspace.say(channel.id, self.user.id, text, thread_ts=thread_ts)
        if "message.im" in workspace.app.events and "im:history" in workspace.app.scopes:
            body = events.direct_message(self._slack, message)
            await events.send(self._bot, body, retry_after=())
        return message

    def _home(self) -> OpenView:
        self._check_no_modal()
        home = self._slack.homes.of(self.user.id)
        if home is None:
            raise NotOnScreenError("the Home shows a spinner")
        return home

    def _home_field(
        self, home: OpenView, action_id: str, value: str | None, block_id: str | None = None
    ) -> Field:
        fitting = [
            field
            for field in fields_of(home.body["blocks"])
            if field.key[1] == action_id
            and value in {None, field.element.get("value")}
            and block_id in {None, field.key[0]}
        ]
        if len(fitting) != 1:
            raise NotOnScreenError(f"{len(fitting)} elements are named {action_id}")
        return fitting[0]

"""One person's screen in Slack's client: the modal on top, messages, Slack's own notices."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.patience import PATIENCE
from sandbox.slack.errors import NotOnScreenError
from sandbox.slack.form import Field
from sandbox.slack.model import Channel, Ephemeral, Message
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_message, render_thread
from sandbox.slack.view_on_screen import ViewOnScreen, on_screen
from sandbox.slack.views import OpenView, Screen

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

ShownMessage = Message | Ephemeral


class SlackClient:
    """Slack's client on one person's device. `notices` are Slack's sentences about failed calls."""

    def __init__(self, slack: "Slack", user_id: str) -> None:
        self._slack = slack
        self.user = slack.workspace.users[user_id]
        self.notices: list[str] = []
        self._seen_version = 0

    @property
    def screen(self) -> ViewOnScreen | None:
        """The modal on top, or None."""
        top = self._screen.top
        return on_screen(top, self.reader) if top else None

    @property
    def reader(self) -> Reader:
        return Reader(self._slack.workspace, self.user)

    @property
    def ephemerals(self) -> list[Ephemeral]:
        """The messages that only this person sees."""
        ephemerals = self._slack.workspace.ephemerals
        return [message for message in ephemerals if message.user == self.user.id]

    @property
    def direct_messages(self) -> list[Message]:
        """The messages between the bot and this person."""
        workspace = self._slack.workspace
        members = frozenset({self.user.id, workspace.app.bot_user_id})
        channels = [
            channel.id for channel in workspace.channels.values() if channel.members == members
        ]
        return [message for channel in channels for message in workspace.history(channel)]

    def read(self, message: ShownMessage) -> str:
        return render_message(message, self.reader)

    def read_thread(self, parent: Message) -> str:
        thread = self._slack.workspace.thread(parent.channel, parent.ts)
        return render_thread(thread, self.reader)

    async def view(self, timeout: float = PATIENCE) -> ViewOnScreen:  # noqa: ASYNC109
        """Wait for a modal, and give the one on top.

        :raises TimeoutError: after `timeout` seconds
        """
        return await self.until(lambda _: True, timeout)

    async def until(
        self,
        holds: Callable[[ViewOnScreen], bool],
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> ViewOnScreen:
        """Wait until `holds` is true of the modal on top, and give it.

        :raises TimeoutError: after `timeout` seconds
        """
        async with asyncio.timeout(timeout):
            while True:
                view = self.screen
                if view is not None and holds(view):
                    self._seen_version = self._screen.version
                    return view
                await self._screen.change()

    async def changed(self, timeout: float = PATIENCE) -> ViewOnScreen | None:  # noqa: ASYNC109
        """The modal after the next change since the person's last action or look; None if closed.

        A change between the action and this call counts.

        :raises TimeoutError: after `timeout` seconds
        """
        async with asyncio.timeout(timeout):
            while self._screen.version <= self._seen_version:
                await self._screen.change()
        self._seen_version = self._screen.version
        return self.screen

    @property
    def _screen(self) -> Screen:
        return self._slack.views.screens[self.user.id]

    def _check_no_modal(self) -> None:
        """A modal covers everything else."""
        if self._screen.top is not None:
            raise NotOnScreenError("a modal is open: close it first")

    def _top_view(self) -> OpenView:
        if self._screen.top is None:
            raise NotOnScreenError("no modal is open")
        return self._screen.top

    def _visible_channel(self, channel_id: str) -> Channel:
        """A public conversation, or one this person is in, with no modal in front of it."""
        self._check_no_modal()
        channel = self._slack.workspace.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and self.user.id not in channel.members):
            raise NotOnScreenError(f"{self.user.name} does not see {channel_id}")
        return channel

    def _current(self, message: Message) -> Message:
        """The message as it is now, after updates; NotOnScreenError once it is deleted."""
        current = self._slack.workspace.messages[message.channel].get(message.ts)
        if current is None:
            raise NotOnScreenError("the message was deleted")
        return current

    def _field(
        self, action_id: str, block_id: str | None = None, *, value: str | None = None
    ) -> Field:
        """The field of the top modal. Where several share an action_id, block_id or value decides.

        :raises NotOnScreenError: when not exactly one field fits
        """
        fitting = [
            field
            for field in self._top_view().form.fields
            if field.key[1] == action_id
            and block_id in {None, field.key[0]}
            and value in {None, field.element.get("value")}
        ]
        if len(fitting) != 1:
            names = [field.key for field in self._top_view().form.fields]
            raise NotOnScreenError(f"{len(fitting)} fields are named {action_id}, of {names}")
        return fitting[0]

"""What one person sees of Slack: the modal on top, messages, Slack's own notices."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.slack.errors import NotOnScreen
from sandbox.slack.form import Field
from sandbox.slack.model import Channel, Ephemeral, Message
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_message, render_thread
from sandbox.slack.view_on_screen import ViewOnScreen, on_screen
from sandbox.slack.views import OpenView, Screen

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Shown = Message | Ephemeral


class Sight:
    """`notices` are Slack's own sentences about a bot that did not answer well."""

    def __init__(self, slack: "Slack", user_id: str) -> None:
        self._slack = slack
        self.user = slack.workspace.users[user_id]
        self.notices: list[str] = []
        self._seen = 0

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
        return [one for one in self._slack.workspace.ephemerals if one.user == self.user.id]

    @property
    def direct_messages(self) -> list[Message]:
        """What the bot and this person wrote to each other."""
        members = frozenset({self.user.id, self._slack.workspace.app.bot_user_id})
        space = self._slack.workspace
        places = [one.id for one in space.channels.values() if one.members == members]
        return [message for place in places for message in space.history(place)]

    def read(self, shown: Shown) -> str:
        return render_message(shown, self.reader)

    def read_thread(self, parent: Message) -> str:
        thread = self._slack.workspace.thread(parent.channel, parent.ts)
        return render_thread(thread, self.reader)

    async def view(self, timeout: float = 3.0) -> ViewOnScreen:  # noqa: ASYNC109
        """The modal on top, as soon as there is one. TimeoutError after `timeout` seconds."""
        return await self.until(lambda _: True, timeout)

    async def until(
        self,
        holds: Callable[[ViewOnScreen], bool],
        timeout: float = 3.0,  # noqa: ASYNC109
    ) -> ViewOnScreen:
        """The modal on top, as soon as `holds` says yes to it."""
        async with asyncio.timeout(timeout):
            while True:
                shown = self.screen
                if shown is not None and holds(shown):
                    self._seen = self._screen.version
                    return shown
                await self._screen.change()

    async def changed(self, timeout: float = 3.0) -> ViewOnScreen | None:  # noqa: ASYNC109
        """The screen after its next change since the person last acted or looked; None if closed.

        A change that came between the act and this call counts.
        """
        async with asyncio.timeout(timeout):
            while self._screen.version <= self._seen:
                await self._screen.change()
        self._seen = self._screen.version
        return self.screen

    @property
    def _screen(self) -> Screen:
        return self._slack.views.screens[self.user.id]

    def _no_modal(self) -> None:
        """A modal covers everything else."""
        if self._screen.top is not None:
            raise NotOnScreen("a modal is open: close it first")

    def _top(self) -> OpenView:
        if self._screen.top is None:
            raise NotOnScreen("no modal is open")
        return self._screen.top

    def _place(self, channel_id: str) -> Channel:
        """A conversation this person is in, or a public one, with no modal in front of it."""
        self._no_modal()
        channel = self._slack.workspace.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and self.user.id not in channel.members):
            raise NotOnScreen(f"{self.user.name} does not see {channel_id}")
        return channel

    def _current(self, shown: Message) -> Message:
        """The message as it is now, after updates; NotOnScreen once deleted."""
        now = self._slack.workspace.messages[shown.channel].get(shown.ts)
        if now is None:
            raise NotOnScreen("the message was deleted")
        return now

    def _field(
        self, action_id: str, block_id: str | None = None, *, value: str | None = None
    ) -> Field:
        """The field of the top modal; a name that fits several needs its block_id or value."""
        fitting = [
            field
            for field in self._top().form.fields
            if field.key[1] == action_id
            and block_id in {None, field.key[0]}
            and value in {None, field.element.get("value")}
        ]
        if len(fitting) != 1:
            names = [field.key for field in self._top().form.fields]
            raise NotOnScreen(f"{len(fitting)} fields are named {action_id}, of {names}")
        return fitting[0]

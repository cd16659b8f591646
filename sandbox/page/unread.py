"""The messages that a person has not seen, and the notifications of those that mention them.

Slack notifies of a new message that mentions somebody, and of every new direct message. It notifies
nobody of an edit.
"""

from collections import defaultdict
from dataclasses import dataclass

from sandbox.page.browser_tab import Location
from sandbox.slack import Message, Workspace

EVERYBODY = ("<!channel", "<!here", "<!everyone")


@dataclass
class UnreadMessage:
    """`mentions` says whether the person was notified; `dismissed`, whether they closed that."""

    message: Message
    mentions: bool
    dismissed: bool = False

    @property
    def channel(self) -> str:
        return self.message.channel

    @property
    def thread(self) -> str | None:
        """The ts of the thread of a reply. None for a message of the channel itself."""
        thread_ts = self.message.thread_ts
        return None if thread_ts == self.message.ts else thread_ts


class Unread:
    """Marks each new message as unread for the members of its conversation but its author."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._messages: dict[str, list[UnreadMessage]] = defaultdict(list)
        workspace.on_new_message.append(self._add)

    def of(self, user: str) -> list[UnreadMessage]:
        """Oldest first, without deleted messages."""
        messages = self._workspace.messages
        return [
            unread
            for unread in self._messages[user]
            if unread.message.ts in messages[unread.channel]
        ]

    def mentions(self, user: str, channel: str | None = None) -> list[UnreadMessage]:
        """:param channel: only those of this conversation"""
        return [
            unread
            for unread in self.of(user)
            if unread.mentions and channel in {None, unread.channel}
        ]

    def is_bold(self, user: str, channel: str) -> bool:
        """Whether a conversation has an unread message. Replies without a mention do not count."""
        return any(
            unread.channel == channel and (unread.mentions or unread.thread is None)
            for unread in self.of(user)
        )

    def see(self, location: Location) -> None:
        """The person sees a conversation and perhaps a thread in it. The app's Home hides both."""
        if location.home:
            return
        self._messages[location.user] = [
            unread
            for unread in self.of(location.user)
            if unread.channel != location.channel or unread.thread not in {None, location.thread}
        ]

    def dismiss(self, user: str, ts: str) -> None:
        for unread in self._messages[user]:
            if unread.message.ts == ts:
                unread.dismissed = True

    def _add(self, message: Message) -> None:
        channel = self._workspace.channels[message.channel]
        for user in channel.members - {message.user, self._workspace.app.bot_user_id}:
            mentions = channel.kind == "im" or _mentions(message, user)
            self._messages[user].append(UnreadMessage(message, mentions))


def _mentions(message: Message, user: str) -> bool:
    return any(ping.startswith((f"<@{user}", *EVERYBODY)) for ping in message.pings)

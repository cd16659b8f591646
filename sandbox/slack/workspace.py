"""The state of one Slack workspace on Slack's servers: people, conversations, messages.

The clock is a parameter, so that a test can move it.
"""

import itertools
import random
import string
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.slack.composer import rich_text, typed_text
from sandbox.slack.errors import SlackError
from sandbox.slack.files import Files
from sandbox.slack.mentions import has_link, pings
from sandbox.slack.model import App, Channel, Ephemeral, Message, Team, User

Json = dict[str, Any]


class Workspace:
    """A team with one installed app. `clock` gives UNIX seconds."""

    def __init__(
        self,
        *,
        team: Team | None = None,
        app: App | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.team = team or Team()
        self.app = app or App()
        self.clock = clock
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self.ephemerals: list[Ephemeral] = []
        self.on_new_message: list[Callable[[Message], None]] = []
        """Called with each new message; never with an edit, because Slack notifies of none."""
        self.base_url = ""
        """Where Slack's servers are: the addresses of files begin with it."""
        self.files = Files(lambda: self.base_url, self.new_id, clock)
        self._last_ts = 0
        self._numbers = itertools.count(1)

    def new_ts(self) -> str:
        """A message's timestamp: UNIX seconds with six decimals, unique and increasing."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, kind: str) -> str:
        """An id such as D000000001: `kind` is the letter Slack starts it with."""
        return f"{kind}{next(self._numbers):09d}"

    def new_hash(self) -> str:
        return f"{int(self.clock())}.{random_word(8)}"

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def archive(self, channel_id: str) -> None:
        self.channels[channel_id] = replace(self.channels[channel_id], is_archived=True)

    def invite_bot(self, channel_id: str) -> None:
        channel = self.channels[channel_id]
        members = channel.members | {self.app.bot_user_id}
        self.channels[channel_id] = replace(channel, members=members)

    def remove_bot(self, channel_id: str) -> None:
        channel = self.channels[channel_id]
        members = channel.members - {self.app.bot_user_id}
        self.channels[channel_id] = replace(channel, members=members)

    def bot_is_in(self, channel: Channel) -> bool:
        return self.app.bot_user_id in channel.members

    def seen_by_bot(self, channel_id: Any) -> Channel:
        """A channel that the bot can see: public ones, and private ones it is a member of.

        :raises SlackError: channel_not_found
        """
        channel = self.channels.get(channel_id) if isinstance(channel_id, str) else None
        if channel is None or (channel.kind != "public" and not self.bot_is_in(channel)):
            raise SlackError("channel_not_found")
        return channel

    def visible_channels(self, user_id: str) -> list[Channel]:
        """The conversations that a person can open: public ones, and those they are a member of."""
        return [
            channel
            for channel in self.channels.values()
            if channel.kind == "public" or user_id in channel.members
        ]

    def dm_with_bot(self, user_id: str) -> Channel:
        """The direct messages between the app and a person, opened if they are not yet."""
        members = frozenset({user_id, self.app.bot_user_id})
        for channel in self.channels.values():
            if channel.kind == "im" and channel.members == members:
                return channel
        return self.add_channel(Channel(self.new_id("D"), "", kind="im", members=members))

    def say(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        thread_ts: str | None = None,
        attachments: tuple[Json, ...] = (),
        files: tuple[str, ...] = (),
        wire: bool = False,
    ) -> Message:
        """A person posts `text` as typed: Slack escapes it and wraps the bare links.

        With `wire=True` the text is stored as it is, in Slack's own form.
        """
        stored = text if wire else typed_text(text)
        blocks = (rich_text(text),) if text and not wire else ()
        message = Message(
            channel,
            self.new_ts(),
            user,
            stored,
            blocks=blocks,
            attachments=attachments,
            thread_ts=thread_ts,
            pings=pings(stored, [], parse_names=False),
            files=files,
        )
        return self._add(message)

    def _add(self, message: Message) -> Message:
        self.put(message)
        for listener in self.on_new_message:
            listener(message)
        return message

    def put(self, message: Message) -> Message:
        """Store a message, or the edit of one."""
        self.messages[message.channel][message.ts] = message
        return message

    def post(self, channel: str, args: Json, *, thread_ts: str | None = None) -> Message:
        """Post the bot's message. With a thread_ts that has no parent it goes to the channel."""
        parent = self.messages[channel].get(thread_ts or "")
        in_thread = parent is not None and parent.thread_ts in {None, parent.ts}
        text, blocks = args.get("text") or "", list(args.get("blocks") or [])
        shows_previews = args.get("unfurl_links") is not False or (
            args.get("unfurl_media") is not False
        )
        message = Message(
            channel,
            self.new_ts(),
            self.app.bot_user_id,
            text,
            blocks=tuple(blocks),
            attachments=tuple(args.get("attachments") or ()),
            thread_ts=thread_ts if in_thread else None,
            bot_id=self.app.bot_id,
            pings=pings(text, blocks, parse_names=_parses_names(args)),
            unfurls=shows_previews and has_link(text, blocks),
            metadata=args.get("metadata"),
        )
        return self._add(message)

    def add_ephemeral(self, user: str, channel: str, args: Json) -> Ephemeral:
        text, blocks = args.get("text") or "", list(args.get("blocks") or [])
        ephemeral = Ephemeral(
            user,
            channel,
            self.new_ts(),
            text,
            blocks=tuple(blocks),
            thread_ts=args.get("thread_ts"),
            pings=pings(text, blocks, parse_names=_parses_names(args)),
        )
        self.ephemerals.append(ephemeral)
        return ephemeral

    def delete(self, channel: str, ts: str) -> None:
        del self.messages[channel][ts]

    def history(self, channel: str) -> list[Message]:
        """The messages of a channel without replies, oldest first."""
        return [
            message
            for message in self.messages[channel].values()
            if message.thread_ts in {None, message.ts}
        ]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A parent and its replies, oldest first."""
        return [
            message
            for message in self.messages[channel].values()
            if ts in {message.ts, message.thread_ts}
        ]

    def permalink(self, channel: str, ts: str) -> str:
        domain = self.team.domain
        return f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"


def random_word(length: int) -> str:
    return "".join(random.choices(string.ascii_letters + string.digits, k=length))


def _parses_names(args: Json) -> bool:
    return args.get("parse") == "full" or args.get("link_names") is True

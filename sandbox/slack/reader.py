"""Text as one person reads it: names, dates in their time zone, escapes undone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack.files import File
from sandbox.slack.model import Channel, Ephemeral, Message, User, unescape
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
TOKEN = re.compile(r"<([^<>]+)>")
DATE_FORMATS = {
    "date_num": "%Y-%m-%d",
    "date_slash": "%m/%d/%Y",
    "date_long": "%A, %B %-d, %Y",
    "date_short": "%b %-d, %Y",
    "date": "%B %-d, %Y",
}
FRENCH_FORMATS = {
    "date_num": "%Y-%m-%d",
    "date_slash": "%d/%m/%Y",
    "date_long": "{day} %-d {month} %Y",
    "date_short": "%-d {short} %Y",
    "date": "%-d {month} %Y",
}
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
FRENCH_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
FRENCH_SHORT = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
NEAR = {
    "en": {-1.0: "yesterday", 0.0: "today", 1.0: "tomorrow"},
    "fr": {-1.0: "hier", 0.0: "aujourd’hui", 1.0: "demain"},
}


class Reader:
    """Resolves text for one user. en-US gets a 12-hour clock; fr-* gets French dates."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        self._workspace = workspace
        self._user = user

    @property
    def language(self) -> str:
        return "fr" if self._user.locale.startswith("fr") else "en"

    @property
    def zone(self) -> str:
        return self._user.tz

    @property
    def user_ids(self) -> list[str]:
        """The ids in a menu of people."""
        return list(self._workspace.users)

    @property
    def public_channel_ids(self) -> list[str]:
        channels = self._workspace.channels.values()
        return [channel.id for channel in channels if channel.kind == "public"]

    def name_of(self, user_id: str) -> str:
        if user_id == self._workspace.app.bot_user_id:
            return self._workspace.app.name
        user = self._workspace.users.get(user_id)
        return user.name if user else user_id

    def text(self, text: Json) -> str:
        """A text object: plain_text is shown as it is, escapes included."""
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])

    def mrkdwn(self, text: str) -> str:
        return unescape(TOKEN.sub(lambda match: self.token(match[1]), text))

    def rich(self, block: Json) -> str:
        parts = [self._rich_part(part) for part in block["elements"]]
        return "\n".join(parts)

    def files_of(self, message: Message | Ephemeral) -> list[File]:
        """The files of a message that are still there."""
        ids = message.files if isinstance(message, Message) else ()
        files = [self._workspace.files.all[id_] for id_ in ids]
        return [file for file in files if file.mode == "hosted"]

    def field_value(self, kind: str, value: Any) -> str:
        """The text that a field shows for its value."""
        if isinstance(value, list):
            return ", ".join(self.field_value(kind, item) for item in value)
        if kind == "datetimepicker":
            return self.date(value, "{date_num} {time}")
        if kind == "rich_text_input":
            return self.rich(value)
        if isinstance(value, dict):
            return str(value["text"]["text"] if "text" in value else value.get("name"))
        if kind.endswith("users_select"):
            return f"@{self.name_of(value)}"
        return str(value)

    def _rich_part(self, part: Json) -> str:
        inner = [self._rich_leaf(leaf) for leaf in part["elements"]]
        if part["type"] == "rich_text_list":
            return "\n".join(f"- {item}" for item in inner)
        return "".join(inner)

    def _rich_leaf(self, leaf: Json) -> str:
        """:raises KeyError: for an element of an unknown type"""
        readers: dict[str, Callable[[], str]] = {
            "text": lambda: str(leaf["text"]),
            "link": lambda: str(leaf.get("text") or leaf["url"]),
            "user": lambda: f"@{self.name_of(leaf['user_id'])}",
            "emoji": lambda: f":{leaf['name']}:",
            "broadcast": lambda: f"@{leaf['range']}",
            "channel": lambda: f"#{self.channel(leaf['channel_id'])}",
            "date": lambda: self.date(leaf["timestamp"], leaf["format"]),
            "rich_text_section": lambda: self._rich_part(leaf),
        }
        return readers[leaf["type"]]()

    def token(self, token: str) -> str:
        """The text that is shown for `<...>` in mrkdwn, given the part between the brackets."""
        what, _, label = token.partition("|")
        if what.startswith("@"):
            return f"@{self.name_of(what[1:])}"
        if what.startswith("#"):
            return f"#{label or self.channel(what[1:])}"
        if what.startswith("!date^"):
            _, at, pattern, *_ = what.split("^")
            return self.date(int(at), pattern)
        if what.startswith("!"):
            return label or f"@{what[1:]}"
        return label or what

    def channel(self, channel_id: str) -> str:
        channel = self._workspace.channels.get(channel_id)
        return channel.name if channel else channel_id

    def channel_name(self, channel: Channel) -> str:
        """Direct messages have the name of the other person."""
        if channel.kind != "im":
            return channel.name
        return ", ".join(self.name_of(user) for user in sorted(channel.members - {self._user.id}))

    def date(self, at: int, pattern: str) -> str:
        """A date in the reader's time zone and language.

        :param pattern: with Slack's {date_short_pretty}, {time} and so on
        """
        zone = ZoneInfo(self._user.tz)
        when = datetime.fromtimestamp(at, UTC).astimezone(zone)
        now = datetime.fromtimestamp(self._workspace.clock(), UTC).astimezone(zone)
        clock = "%-I:%M %p" if self._user.locale == "en-US" else "%H:%M"
        pattern = pattern.replace("{time}", when.strftime(clock))
        pattern = pattern.replace("{time_secs}", when.strftime(clock.replace("%M", "%M:%S")))
        french = self.language == "fr"
        for name, written in (FRENCH_FORMATS if french else DATE_FORMATS).items():
            plain = when.strftime(_in_french(written, when) if french else written)
            near = NEAR[self.language].get((when.date() - now.date()) / timedelta(days=1))
            pattern = pattern.replace(f"{{{name}_pretty}}", near or plain)
            pattern = pattern.replace(f"{{{name}}}", plain)
        return pattern


def _in_french(written: str, when: datetime) -> str:
    """The format with French names, whatever the machine's locale."""
    month = when.month - 1
    return written.format(
        day=FRENCH_DAYS[when.weekday()], month=FRENCH_MONTHS[month], short=FRENCH_SHORT[month]
    )

"""One tab of a browser: its address, and the values its fields were drawn with."""

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from sandbox.slack import Workspace
from sandbox.slack.seed import ANNONCES, BOB

Panel = Literal["requests", "rows", "faults"]
PANELS: tuple[Panel, ...] = ("requests", "rows", "faults")
MESSAGE_BOX = "box-"
"""The prefix of a message box's name."""


@dataclass(frozen=True)
class Location:
    """The location that a tab shows. All of it is in the tab's address, so that a reload loses
    nothing.
    """

    user: str
    channel: str
    thread: str | None = None
    panel: Panel | None = None
    home: bool = False
    """Whether the app's Home is shown instead of its messages."""
    menu: bool = False
    """Whether a telephone shows the sidebar instead of the conversation."""

    @property
    def link(self) -> str:
        query = {
            "as": self.user,
            "in": self.channel,
            "thread": self.thread,
            "panel": self.panel,
            "tab": "home" if self.home else None,
            "menu": "yes" if self.menu else None,
        }
        return "/?" + urlencode({name: value for name, value in query.items() if value})

    def but(self, **changes: Any) -> "Location":
        """This location with some changes, and the sidebar closed."""
        return replace(self, **{"menu": False, **changes})


def query_of(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


def location_of(query: Mapping[str, str], workspace: Workspace, first_user: str = BOB) -> Location:
    """The location in an address, with defaults for what does not exist or is not visible."""
    user = query.get("as", first_user)
    user = user if user in workspace.users else first_user
    location = Location(
        user,
        query.get("in", ANNONCES),
        query.get("thread") or None,
        next((name for name in PANELS if name == query.get("panel")), None),
        query.get("tab") == "home",
        query.get("menu") == "yes",
    )
    if location.channel in {channel.id for channel in workspace.visible_channels(user)}:
        return location
    return location.but(channel=ANNONCES, thread=None)


@dataclass
class _DrawnField:
    """`drawn` is the value the field was drawn with; `shown` is the value that the tab shows."""

    edition: int
    drawn: Any
    shown: Any


class BrowserTab:
    """Remembers how each field was drawn in the tab, because drawing it again would undo typing.

    A field keeps its edition and its drawn value for as long as only this tab changes it. A change
    by another tab, or a refused value, starts a new edition.
    """

    _numbers = itertools.count(1)

    def __init__(self, location: Location, opened: float = 0.0) -> None:
        """:param opened: UNIX seconds; the tab shows no notification of an earlier message"""
        self.location = location
        self.opened = opened
        self.id = f"{next(self._numbers)}-{secrets.token_hex(4)}"
        self._fields: dict[str, _DrawnField] = {}

    def edition(self, name: str, value: Any, *, mine: bool) -> tuple[int, Any]:
        """The edition of a field, and the value to draw it with.

        :param value: the value that the field holds now
        :param mine: whether this tab was the last to change the field
        """
        field = self._fields.setdefault(name, _DrawnField(0, value, value))
        if mine:
            field.shown = value
        elif field.shown != value:
            field = self._fields[name] = _DrawnField(field.edition + 1, value, value)
        return field.edition, field.drawn

    def go(self, location: Location) -> None:
        """Show another location, whose message boxes are drawn anew."""
        self.location = location
        self._fields = {
            name: field for name, field in self._fields.items() if not name.startswith(MESSAGE_BOX)
        }

    def redraw(self, name: str, value: Any) -> None:
        """Start a new edition of a field, because the tab shows another value than it holds."""
        if field := self._fields.get(name):
            self._fields[name] = _DrawnField(field.edition + 1, value, value)

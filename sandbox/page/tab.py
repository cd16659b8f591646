"""One browser: its address, and what it was shown of the fields that people type in."""

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

Panel = Literal["wire", "rows", "trouble"]
BOX = "box-"
"""How the name of a message box begins."""
PANELS: tuple[Panel, ...] = ("wire", "rows", "trouble")


@dataclass(frozen=True)
class Place:
    """Where a browser is. All of it stands in its address, so a reload loses nothing."""

    user: str
    channel: str
    thread: str | None = None
    panel: Panel | None = None
    menu: bool = False
    """On a telephone, whether the list of conversations is what shows."""

    @property
    def link(self) -> str:
        asked = {
            "as": self.user,
            "in": self.channel,
            "thread": self.thread,
            "panel": self.panel,
            "menu": "yes" if self.menu else None,
        }
        return "/?" + urlencode({name: one for name, one in asked.items() if one})

    def but(self, **changes: Any) -> "Place":
        return replace(self, **{"menu": False, **changes})


def query_of(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query))


def place_of(query: Mapping[str, str], *, user: str, channel: str) -> Place:
    """The place an address names; what it leaves out, or gets wrong, is the given one."""
    panel = next((one for one in PANELS if one == query.get("panel")), None)
    return Place(
        query.get("as", user),
        query.get("in", channel),
        query.get("thread") or None,
        panel,
        query.get("menu") == "yes",
    )


@dataclass
class _Drawn:
    """`value` is what the field was drawn with, `known` what this browser knows it holds."""

    edition: int
    value: Any
    known: Any


class Tab:
    """Remembers how each field was drawn here, because drawing it again would undo typing.

    A field keeps its edition, and the value it was drawn with, for as long as only this browser
    changes it. Once another browser, or a refusal, changed it, a new edition takes its place.
    """

    _numbers = itertools.count(1)

    def __init__(self, place: Place) -> None:
        self.place = place
        self.id = f"{next(self._numbers)}-{secrets.token_hex(4)}"
        self._drawn: dict[str, _Drawn] = {}

    def edition(self, name: str, held: Any, *, mine: bool) -> tuple[int, Any]:
        """Which edition of a field to draw, and with which value.

        :param mine: whether this browser was the last to change what the field holds
        """
        drawn = self._drawn.setdefault(name, _Drawn(0, held, held))
        if mine:
            drawn.known = held
        elif drawn.known != held:
            drawn = self._drawn[name] = _Drawn(drawn.edition + 1, held, held)
        return drawn.edition, drawn.value

    def go(self, place: Place) -> None:
        """Somewhere else: the message boxes there are drawn with what stands in them now."""
        self.place = place
        self._drawn = {name: one for name, one in self._drawn.items() if not name.startswith(BOX)}

    def refuse(self, name: str, held: Any) -> None:
        """What this browser shows in a field is not what it holds: draw it anew."""
        if drawn := self._drawn.get(name):
            self._drawn[name] = _Drawn(drawn.edition + 1, held, held)

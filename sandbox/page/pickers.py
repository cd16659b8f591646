"""Elements that offer a choice or a date: selects, searches, days and hours."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import htpy as h

from sandbox.page.pen import Pen
from sandbox.page.shown import Shown
from sandbox.slack.input_rules import offered_options
from sandbox.slack.modal_driver import SHORTEST_QUERY

Json = dict[str, Any]
Choice = tuple[str, str]
"""A value, and how it reads."""


def select(pen: Pen, shown: Shown) -> h.Renderable:
    now = value_of(shown.value)
    return h.select(
        shown.described, pen.acts("choose", "change", field=shown.name), name=shown.name
    )[
        _nothing(pen, shown, chosen=now is None),
        (_options(pen, shown, selected=now)),
    ]


def several(pen: Pen, shown: Shown) -> h.Renderable:
    """What is chosen, each with a way out; and a select that adds to it."""
    labels = dict(choices(pen, shown))
    picked = [value_of(one) or "" for one in shown.held or []]
    act = pen.acts("add", "change", field=shown.name)
    described = {**shown.described, "id": f"{shown.id}.{len(picked)}"}
    rest = h.select(act, described, name="value")[
        _nothing(pen, shown, chosen=True), _options(pen, shown, without=picked)
    ]
    return h.div(".several")[
        _chips(pen, shown, [(one, labels.get(one, one)) for one in picked]), rest
    ]


def search(pen: Pen, shown: Shown) -> h.Renderable:
    """A field to search in, what was found last, and what is chosen."""
    element = shown.element
    held = shown.held if isinstance(shown.held, list) else [shown.held] if shown.held else []
    picked = [(one["value"], one["text"]["text"]) for one in held]
    shortest = element.get("min_query_length", SHORTEST_QUERY)
    trigger = "input changed delay:200ms" + (", focus" if shortest == 0 else "")
    hint = (element.get("placeholder") or {}).get("text") or pen.tongue("Search")
    return h.div(".search")[
        _chips(pen, shown, picked),
        h.input(
            shown.described,
            pen.acts("search", trigger, field=shown.name),
            {"hx-sync": "this:queue last"},
            type="search",
            name="query",
            placeholder=hint,
            autocomplete="off",
        ),
        h.div(".found", id=f"{shown.id}.found", role="listbox")[
            (
                h.button(
                    ".item",
                    pen.acts("pick", field=shown.name, value=value),
                    type="button",
                    role="option",
                )[label]
                for value, label in shown.found.items()
            )
        ],
    ]


def day(pen: Pen, shown: Shown) -> h.Renderable:
    return _moment(pen, shown, {"date": shown.value or ""})


def hour(pen: Pen, shown: Shown) -> h.Renderable:
    return _moment(pen, shown, {"time": shown.value or ""})


def day_and_hour(pen: Pen, shown: Shown) -> h.Renderable:
    """In the person's own zone, whatever the browser's is."""
    zone = ZoneInfo(pen.writer.reader.zone)
    when = datetime.fromtimestamp(shown.value, UTC).astimezone(zone) if shown.value else None
    parts = {"date": f"{when:%Y-%m-%d}", "time": f"{when:%H:%M}"} if when else {}
    return h.div(".moment")[
        _moment(pen, shown, {"date": "", "time": ""} | parts), h.small[zone.key]
    ]


def files(_pen: Pen, shown: Shown) -> h.Renderable:
    return h.div(".cannot-draw", id=shown.id, role="alert")["Files cannot be sent in this sandbox."]


def choices(pen: Pen, shown: Shown) -> Iterable[Choice]:
    """What a select lists: its own options, or the workspace's people and channels."""
    reader, kind = pen.writer.reader, shown.field.type
    if kind.endswith("users_select"):
        return [(user, f"@{reader.name_of(user)}") for user in reader.user_ids]
    if kind.endswith(("channels_select", "conversations_select")):
        return [(channel, f"#{reader.channel(channel)}") for channel in reader.public_channel_ids]
    return [(one["value"], one["text"]["text"]) for one in offered_options(shown.field)]


def value_of(held: Any) -> str | None:
    """Of an option, or of an id of the workspace."""
    value: str | None = held["value"] if isinstance(held, dict) else held
    return value


def _options(
    pen: Pen, shown: Shown, *, selected: str | None = None, without: Iterable[str] = ()
) -> h.Node:
    left_out = set(without)

    def option(value: str, label: str) -> h.Node:
        return value not in left_out and h.option(value=value, selected=value == selected)[label]

    groups = shown.element.get("option_groups")
    if groups:
        return [
            h.optgroup(label=group["label"]["text"])[
                (option(one["value"], one["text"]["text"]) for one in group["options"])
            ]
            for group in groups
        ]
    return [option(value, label) for value, label in choices(pen, shown)]


def _nothing(pen: Pen, shown: Shown, *, chosen: bool) -> h.Renderable:
    """A select that must hold something cannot be emptied once it does."""
    hint = (shown.element.get("placeholder") or {}).get("text") or pen.tongue("Choose an option")
    return h.option(value="", selected=chosen, disabled=not shown.field.optional)[hint]


def _chips(pen: Pen, shown: Shown, picked: list[Choice]) -> h.Node:
    return [
        h.span(".chip")[
            label,
            h.button(
                pen.acts("drop", field=shown.name, value=value),
                type="button",
                aria_label=f"{pen.tongue('Remove')} {label}",
            )["×"],
        ]
        for value, label in picked
    ]


def _moment(pen: Pen, shown: Shown, parts: dict[str, str]) -> h.Renderable:
    """One input for each part; the bot hears of a moment once all of it is there."""
    act = pen.acts("when", "change", field=shown.name)
    described = {name: one for name, one in shown.described.items() if name != "id"}
    return h.span(".parts", id=shown.id)[
        (
            h.input(act, described, type=kind, name=shown.name, value=value)
            for kind, value in parts.items()
        )
    ]

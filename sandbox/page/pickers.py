"""The elements of a modal that offer a choice or a date: selects, searches, date pickers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import htpy as h

from sandbox.page.field_view import FieldView
from sandbox.page.render_context import RenderContext
from sandbox.slack.input_rules import offered_options
from sandbox.slack.modal_driver import SHORTEST_QUERY

Json = dict[str, Any]
Choice = tuple[str, str]
"""A value and its label."""


def select(context: RenderContext, view: FieldView) -> h.Renderable:
    selected = _value_of(view.drawn_value)
    choose = context.post("choose", "change", field=view.name)
    return h.select(view.described, choose, name=view.name)[
        _empty_option(context, view, selected=selected is None),
        _options(context, view, selected=selected),
    ]


def multi_select(context: RenderContext, view: FieldView) -> h.Renderable:
    """The chosen values, each with a button that removes it, and a select that adds a value."""
    labels = dict(_choices(context, view))
    values = [_value_of(item) or "" for item in view.value or []]
    add = context.post("add", "change", field=view.name)
    described = {**view.described, "id": f"{view.id}.{len(values)}"}
    return h.div(".several")[
        _chips(context, view, [(value, labels.get(value, value)) for value in values]),
        h.select(add, described, name="value")[
            _empty_option(context, view, selected=True), _options(context, view, without=values)
        ],
    ]


def search_select(context: RenderContext, view: FieldView) -> h.Renderable:
    """The chosen options, a field to search in, and the options that the last search found."""
    element, value = view.element, view.value
    chosen = value if isinstance(value, list) else [value] if value else []
    choices = [(option["value"], option["text"]["text"]) for option in chosen]
    shortest = element.get("min_query_length", SHORTEST_QUERY)
    trigger = "input changed delay:200ms" + (", focus" if shortest == 0 else "")
    placeholder = (element.get("placeholder") or {}).get("text")
    return h.div(".search")[
        _chips(context, view, choices),
        h.input(
            view.described,
            context.post("search", trigger, field=view.name),
            {"hx-sync": "this:queue last"},
            type="search",
            name="query",
            placeholder=placeholder or context.translate("Search"),
            autocomplete="off",
        ),
        h.div(".found", id=f"{view.id}.found", role="listbox")[
            (
                h.button(
                    ".item",
                    context.post("pick", field=view.name, value=found_value),
                    type="button",
                    role="option",
                )[label]
                for found_value, label in view.search_results.items()
            )
        ],
    ]


def date_picker(context: RenderContext, view: FieldView) -> h.Renderable:
    return _date_inputs(context, view, {"date": view.drawn_value or ""})


def time_picker(context: RenderContext, view: FieldView) -> h.Renderable:
    return _date_inputs(context, view, {"time": view.drawn_value or ""})


def date_time_picker(context: RenderContext, view: FieldView) -> h.Renderable:
    """A day and an hour in the person's time zone, whatever the browser's is."""
    zone = ZoneInfo(context.text.reader.zone)
    parts = {"date": "", "time": ""}
    if view.drawn_value:
        when = datetime.fromtimestamp(view.drawn_value, UTC).astimezone(zone)
        parts = {"date": f"{when:%Y-%m-%d}", "time": f"{when:%H:%M}"}
    return h.div(".moment")[_date_inputs(context, view, parts), h.small[zone.key]]


def file_input(_context: RenderContext, view: FieldView) -> h.Renderable:
    return h.div(".cannot-draw", id=view.id, role="alert")["Files cannot be sent in this sandbox."]


def _choices(context: RenderContext, view: FieldView) -> Iterable[Choice]:
    """The choices of a select: its own options, or the workspace's people or channels."""
    reader, kind = context.text.reader, view.field.type
    if kind.endswith("users_select"):
        return [(user, f"@{reader.name_of(user)}") for user in reader.user_ids]
    if kind.endswith(("channels_select", "conversations_select")):
        return [(channel, f"#{reader.channel(channel)}") for channel in reader.public_channel_ids]
    return [(option["value"], option["text"]["text"]) for option in offered_options(view.field)]


def _value_of(chosen: Any) -> str | None:
    """The value of a chosen option, or a chosen id of the workspace."""
    value: str | None = chosen["value"] if isinstance(chosen, dict) else chosen
    return value


def _options(
    context: RenderContext,
    view: FieldView,
    *,
    selected: str | None = None,
    without: Iterable[str] = (),
) -> h.Node:
    left_out = set(without)

    def draw(value: str, label: str) -> h.Node:
        return value not in left_out and h.option(value=value, selected=value == selected)[label]

    groups = view.element.get("option_groups")
    if groups:
        return [
            h.optgroup(label=group["label"]["text"])[
                (draw(option["value"], option["text"]["text"]) for option in group["options"])
            ]
            for group in groups
        ]
    return [draw(value, label) for value, label in _choices(context, view)]


def _empty_option(context: RenderContext, view: FieldView, *, selected: bool) -> h.Renderable:
    """The placeholder. A required select cannot be emptied."""
    placeholder = (view.element.get("placeholder") or {}).get("text")
    return h.option(value="", selected=selected, disabled=not view.field.optional)[
        placeholder or context.translate("Choose an option")
    ]


def _chips(context: RenderContext, view: FieldView, choices: list[Choice]) -> h.Node:
    return [
        h.span(".chip")[
            label,
            h.button(
                context.post("remove", field=view.name, value=value),
                type="button",
                aria_label=f"{context.translate('Remove')} {label}",
            )["×"],
        ]
        for value, label in choices
    ]


def _date_inputs(context: RenderContext, view: FieldView, parts: dict[str, str]) -> h.Renderable:
    """An input for each part. The date is sent to the bot once all parts are filled."""
    pick = context.post("pick_date", "change", field=view.name)
    described = {name: value for name, value in view.described.items() if name != "id"}
    return h.span(".parts", id=view.id)[
        (
            h.input(pick, described, type=kind, name=view.name, value=value)
            for kind, value in parts.items()
        )
    ]

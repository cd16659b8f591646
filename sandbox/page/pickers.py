"""The selects of a modal: a box that shows what was chosen, and the list that opens below it.

The box is also the field to search in. static/pickers.js opens and closes the list, filters options
that are all there, and moves through the list by the arrow keys. The server searches for options
that the bot has.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import htpy as h

from sandbox.page.field_view import FieldView
from sandbox.page.render_context import RenderContext
from sandbox.slack.modal_driver import SHORTEST_QUERY

Json = dict[str, Any]
Choice = tuple[str, str]
"""A value and its label."""
Group = tuple[str | None, Sequence[Choice]]
"""The choices below one heading, or without a heading."""
QUERY = "query/"
"""The prefix of the name of a picker's box. The rest is the name of its field."""
TRIGGER = "input changed delay:150ms, opened"


def draw(context: RenderContext, view: FieldView) -> h.Renderable:
    """A select of any type. Only one list is open at a time, and it floats above the form."""
    chosen = _chosen(context, view)
    list_id = f"{view.id}.list"
    picker = "picker several" if _takes_several(view) else "picker"
    return h.div(class_=picker, id=f"{view.id}.picker")[
        h.div(".picker-head")[
            h.button(".picker-back", type="button", aria_label=context.translate("Close"))["‹"],
            h.b[view.field.label],
        ],
        h.div(".picker-box")[
            _takes_several(view) and _chips(context, view, chosen),
            _search_box(context, view, chosen, list_id),
            _clear_button(context, view, chosen),
            h.span(".chevron", aria_hidden="true"),
        ],
        _list(context, view, {value for value, _ in chosen}, list_id),
    ]


def _search_box(
    context: RenderContext, view: FieldView, chosen: Sequence[Choice], list_id: str
) -> h.Renderable:
    single = chosen[0][1] if chosen and not _takes_several(view) else ""
    placeholder = (view.element.get("placeholder") or {}).get("text")
    attributes: dict[str, Any] = {
        **view.described,
        "type": "text",
        "role": "combobox",
        "name": f"{QUERY}{view.name}",
        "value": single,
        "placeholder": placeholder or context.translate("Choose an option"),
        "autocomplete": "off",
        "aria-controls": list_id,
        "aria-haspopup": "listbox",
    }
    if chosen and _takes_several(view):
        attributes["placeholder"] = ""
    if _is_external(view):
        attributes |= context.post("search", TRIGGER, field=view.name)
        attributes["hx-sync"] = "this:queue last"
    return h.input(attributes)


def _clear_button(
    context: RenderContext, view: FieldView, chosen: Sequence[Choice]
) -> h.Renderable | None:
    """A required select cannot be emptied."""
    if not chosen or _takes_several(view) or not view.field.optional:
        return None
    [(value, label)] = chosen
    return h.button(
        ".clear",
        context.post("remove", field=view.name, value=value),
        type="button",
        aria_label=f"{context.translate('Remove')} {label}",
    )["×"]


def _chips(context: RenderContext, view: FieldView, choices: Sequence[Choice]) -> h.Node:
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


def _list(context: RenderContext, view: FieldView, chosen: set[str], list_id: str) -> h.Renderable:
    """The options. `data-query` is the query that options from the bot answer."""
    several = _takes_several(view)
    groups = [
        (heading, [choice for choice in choices if not (several and choice[0] in chosen)])
        for heading, choices in _groups(context, view)
    ]
    is_empty = not any(choices for _, choices in groups)
    search = view.search if _is_external(view) else None
    return h.div(
        ".picker-list",
        id=list_id,
        role="listbox",
        data_query=search.query if search else None,
        data_searched="yes" if _is_external(view) else None,
    )[
        (_group(context, view, group, chosen, list_id) for group in groups),
        h.p(class_="none shown" if _is_external(view) and is_empty else "none")[
            context.translate(_nothing(view), n=_shortest_query(view))
        ],
    ]


def _group(
    context: RenderContext, view: FieldView, group: Group, chosen: set[str], list_id: str
) -> h.Renderable:
    heading, choices = group
    return h.div(".group", role="group", aria_label=heading)[
        heading and h.div(".heading", aria_hidden="true")[heading],
        (
            h.button(
                ".item",
                context.post("pick", field=view.name, value=value),
                id=f"{list_id}.{value}",
                type="button",
                role="option",
                tabindex="-1",
                aria_selected="true" if value in chosen else "false",
            )[label]
            for value, label in choices
        ),
    ]


def _nothing(view: FieldView) -> str:
    """The sentence of a list without an option."""
    if not _is_external(view) or view.search is not None:
        return "No results"
    return "Type at least {n} characters" if _shortest_query(view) else "Loading…"


def _groups(context: RenderContext, view: FieldView) -> Iterable[Group]:
    """The element's own options, the results of a search, or the workspace's people or channels."""
    reader, kind, element = context.text.reader, view.field.type, view.element
    if _is_external(view):
        return [(None, list((view.search.options if view.search else {}).items()))]
    if kind.endswith("users_select"):
        return [(None, [(user, f"@{reader.name_of(user)}") for user in reader.user_ids])]
    if kind.endswith(("channels_select", "conversations_select")):
        names = [(channel, f"#{reader.channel(channel)}") for channel in reader.public_channel_ids]
        return [(None, names)]
    own: Group = (None, _choices(element.get("options") or []))
    groups = element.get("option_groups") or []
    return [own, *((group["label"]["text"], _choices(group["options"])) for group in groups)]


def _choices(options: Iterable[Json]) -> list[Choice]:
    return [(option["value"], option["text"]["text"]) for option in options]


def _chosen(context: RenderContext, view: FieldView) -> list[Choice]:
    """The value of the field: options, or ids of the workspace."""
    values = view.value if isinstance(view.value, list) else [view.value] if view.value else []
    labels: Mapping[str, str] = {}
    if not all(isinstance(value, dict) for value in values):
        labels = dict(choice for _, choices in _groups(context, view) for choice in choices)
    return [
        (value["value"], value["text"]["text"])
        if isinstance(value, dict)
        else (value, labels.get(value, value))
        for value in values
    ]


def _takes_several(view: FieldView) -> bool:
    return view.field.type.startswith("multi_")


def _is_external(view: FieldView) -> bool:
    return view.field.type.endswith("external_select")


def _shortest_query(view: FieldView) -> int:
    """Characters."""
    shortest: int = view.element.get("min_query_length", SHORTEST_QUERY)
    return shortest

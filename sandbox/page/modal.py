"""The modal on top of a person's screen: its stack, its fields, its errors."""

from typing import Any

import htpy as h

from sandbox.page import blocks, elements
from sandbox.page.desk import Desk
from sandbox.page.pen import Pen, name_of
from sandbox.page.shown import Shown
from sandbox.slack.blockkit import elements_of
from sandbox.slack.form import STATE_KEYS, Field
from sandbox.slack.views import OpenView

Json = dict[str, Any]


def draw(desk: Desk, pen: Pen) -> h.Renderable:
    """Nothing to see while no modal is open."""
    stack = desk.sandbox.slack.views.screens[pen.tab.place.user].stack
    if not stack:
        return h.div("#modal", hidden=True)
    view = stack[-1]
    return h.div("#modal")[
        h.form(
            ".modal",
            pen.acts("submit", view=view.id),
            id=f"form-{view.id}",
            role="dialog",
            aria_modal="true",
            aria_label=view.body["title"]["text"],
            novalidate=True,
            tabindex="-1",
            **{"hx-on:htmx:after:init": "if(event.target===this)this.focus()"},
        )[
            h.input(type="hidden", name="view", value=view.id),
            _head(desk, pen, view, len(stack)),
            _notices(desk, pen),
            h.div(".fields", id=f"fields-{view.id}")[
                (_block(desk, pen, view, one) for one in view.body["blocks"])
            ],
            _foot(pen, view),
        ]
    ]


def _head(desk: Desk, pen: Pen, view: OpenView, depth: int) -> h.Renderable:
    close = pen.acts("close", "click, keyup[key=='Escape'] from:body", view=view.id)
    return h.header[
        depth > 1
        and h.button(".back", pen.acts("close", view=view.id), type="button")[f"‹ {depth - 1}"],
        h.span(".avatar.logo", aria_hidden="true")[desk.sandbox.slack.workspace.app.name[:1]],
        h.h2[view.body["title"]["text"]],
        h.button(".close", close, type="button", aria_label=pen.tongue("Close"))["×"],
    ]


def _notices(desk: Desk, pen: Pen) -> h.Node:
    return [
        h.div(".notice.error", role="alert")[
            h.span(".sign", aria_hidden="true")["⚠"], h.span[pen.tongue(one)]
        ]
        for one in desk.notices(pen.tab.place.user)[-1:]
        if one
    ]


def _foot(pen: Pen, view: OpenView) -> h.Renderable:
    submit, close = view.body.get("submit"), view.body.get("close")
    words = pen.tongue("Sending…") if view.being_submitted else submit and submit["text"]
    return h.footer[
        h.button(".button", pen.acts("close", view=view.id), type="button")[
            close["text"] if close else pen.tongue("Close")
        ],
        submit
        and h.button(".button.primary.submit", type="submit", disabled=view.being_submitted)[words],
    ]


def _block(desk: Desk, pen: Pen, view: OpenView, block: Json) -> h.Renderable:
    def element(within: Json, one: Json) -> h.Renderable:
        return elements.draw(pen, shown_field(desk, pen, view, Field(within, one)))

    drawn = blocks.draw(pen, block, element, error=view.errors.get(block["block_id"]))
    return h.div(id=f"{view.id}.{name_of(('', block['block_id']))}")[drawn]


def shown_field(desk: Desk, pen: Pen, view: OpenView, field: Field) -> Shown:
    """The field in the edition of this browser: typing is never drawn over."""
    name = name_of(field.key)
    whole = f"{view.id}.{name}.{field.type}"
    held = view.form.value(field) if field.type in STATE_KEYS else None
    mine = desk.authors.get((view.id, field.key)) == pen.tab.id
    edition, value = pen.tab.edition(whole, held, mine=mine)
    found = desk.found.get((view.id, field.key), {})
    alike = [one for one in elements_of(field.block) if one.get("action_id") == field.key[1]]
    place = "" if len(alike) < 2 else f".{alike.index(field.element)}"
    return Shown(field, name, f"{whole}.{edition}{place}", value, held, found)

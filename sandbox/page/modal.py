"""The modal on top of a person's screen: its stack, its fields, its errors."""

from typing import Any

import htpy as h

from sandbox.page import blocks, elements
from sandbox.page.app_state import AppState
from sandbox.page.field_view import FieldView, drawn_name
from sandbox.page.render_context import RenderContext, name_of
from sandbox.slack.blockkit import elements_of
from sandbox.slack.form import STATE_KEYS, Field
from sandbox.slack.views import OpenView

Json = dict[str, Any]


def draw(state: AppState, context: RenderContext) -> h.Renderable:
    """The modal; a hidden element while none is open."""
    stack = state.sandbox.slack.views.screens[context.tab.location.user].stack
    if not stack:
        return h.div("#modal", hidden=True)
    view = stack[-1]
    return h.div("#modal")[
        h.form(
            ".modal",
            context.post("submit", view=view.id),
            id=f"form-{view.id}",
            role="dialog",
            aria_modal="true",
            aria_label=view.body["title"]["text"],
            novalidate=True,
            tabindex="-1",
            **{"hx-on:htmx:after:init": "if(event.target===this)this.focus()"},
        )[
            h.input(type="hidden", name="view", value=view.id),
            _header(state, context, view, len(stack)),
            _notice(state, context),
            h.div(".fields", id=f"fields-{view.id}")[
                (_block(state, context, view, block) for block in view.body["blocks"])
            ],
            _footer(context, view),
        ]
    ]


def _header(state: AppState, context: RenderContext, view: OpenView, depth: int) -> h.Renderable:
    back = close = context.post("close", view=view.id)
    return h.header[
        depth > 1 and h.button(".back", back, type="button")[f"‹ {depth - 1}"],
        h.span(".avatar.logo", aria_hidden="true")[state.sandbox.slack.workspace.app.name[:1]],
        h.h2[view.body["title"]["text"]],
        h.button(".close", close, type="button", aria_label=context.translate("Close"))["×"],
    ]


def _notice(state: AppState, context: RenderContext) -> h.Node:
    """Slack's last notice."""
    return [
        h.div(".notice.error", role="alert")[
            h.span(".icon", aria_hidden="true")["⚠"], h.span[context.translate(notice)]
        ]
        for notice in state.notices(context.tab.location.user)[-1:]
        if notice
    ]


def _footer(context: RenderContext, view: OpenView) -> h.Renderable:
    submit, close = view.body.get("submit"), view.body.get("close")
    sending = view.being_submitted
    label = context.translate("Sending…") if sending else submit and submit["text"]
    return h.footer[
        h.button(".button", context.post("close", view=view.id), type="button")[
            close["text"] if close else context.translate("Close")
        ],
        submit and h.button(".button.primary.submit", type="submit", disabled=sending)[label],
    ]


def _block(state: AppState, context: RenderContext, view: OpenView, block: Json) -> h.Renderable:
    def draw_element(parent: Json, element: Json) -> h.Renderable:
        return elements.draw(context, _field_view(state, context, view, Field(parent, element)))

    html = blocks.draw(context, block, draw_element, error=view.errors.get(block["block_id"]))
    return h.div(id=f"{view.id}.{name_of(('', block['block_id']))}")[html]


def _field_view(state: AppState, context: RenderContext, view: OpenView, field: Field) -> FieldView:
    """The field in the edition of this tab, so that typing is never drawn over."""
    name = drawn_name(view, field)
    value = view.form.value(field) if field.type in STATE_KEYS else None
    mine = state.last_editors.get((view.id, field.key)) == context.tab.id
    edition, drawn_value = context.tab.edition(name, value, mine=mine)
    same_name = [
        element for element in elements_of(field.block) if element.get("action_id") == field.key[1]
    ]
    position = "" if len(same_name) < 2 else f".{same_name.index(field.element)}"
    return FieldView(
        field,
        name_of(field.key),
        f"{name}.{edition}{position}",
        drawn_value,
        value,
        state.searches.get((view.id, field.key)),
    )

"""The Home tab of the app, as it was published last for the person, and the app's two tabs."""

from typing import Any

import htpy as h

from sandbox.page import blocks
from sandbox.page.app_state import AppState
from sandbox.page.buttons import button, overflow
from sandbox.page.render_context import Attributes, RenderContext
from sandbox.page.text_renderer import cannot_draw
from sandbox.slack import Channel
from sandbox.slack.views import OpenView

Json = dict[str, Any]


def has_home(state: AppState, channel: Channel) -> bool:
    """Whether a conversation is that with the app, which has a Home beside the messages."""
    app = state.sandbox.slack.workspace.app
    return channel.kind == "im" and app.bot_user_id in channel.members


def tabs(state: AppState, context: RenderContext, channel: Channel) -> h.Node:
    """*Home* and *Messages*, with a mark at unread messages."""
    if not has_home(state, channel):
        return None
    location = context.tab.location
    is_unread = state.unread.is_bold(location.user, channel.id)
    return h.nav(".tabs", aria_label=context.translate("Tabs of the app"))[
        h.a(
            context.link_to(location.but(home=True, thread=None)),
            aria_current="page" if location.home else None,
        )[context.translate("Home")],
        h.a(
            ".unread" if is_unread else "",
            context.link_to(location.but(home=False)),
            aria_current=None if location.home else "page",
        )[context.translate("Messages")],
    ]


def draw(state: AppState, context: RenderContext) -> h.Renderable:
    home = state.sandbox.slack.homes.of(context.tab.location.user)
    if home is None:
        return h.div(".home.spinner", role="status")[context.translate("Loading…")]
    return h.div(".home", id=f"home-{home.id}")[
        (
            h.div(id=f"{home.id}.{block['block_id']}")[_block(context, home, block)]
            for block in home.body["blocks"]
        )
    ]


def _block(context: RenderContext, home: OpenView, block: Json) -> h.Renderable:
    def draw_element(parent: Json, element: Json) -> h.Renderable:
        return _element(context, home, parent, element)

    return blocks.draw(context, block, draw_element)


def _element(context: RenderContext, home: OpenView, block: Json, element: Json) -> h.Renderable:
    kind, element_id = element["type"], f"{home.id}.{block['block_id']}.{element['action_id']}"
    names = {"block": block["block_id"], "action": element["action_id"]}
    if kind == "button":
        value = {"value": element["value"]} if "value" in element else {}
        return button(context, element, context.post("home_press", **names, **value))
    if kind == "overflow":
        return overflow(context, element, element_id, context.post("home_choose", **names))
    if kind == "static_select":
        chosen = context.post("home_choose", "change", **names)
        return _select(element, {**chosen, "id": element_id})
    if kind == "plain_text_input":
        return _input(context, home, block, element, element_id)
    return cannot_draw("element of a Home", kind, element)


def _select(element: Json, attributes: Attributes) -> h.Renderable:
    initial = (element.get("initial_option") or {}).get("value")
    return h.select(attributes, name="value", class_="home-select")[
        (
            h.option(value=option["value"], selected=option["value"] == initial)[
                option["text"]["text"]
            ]
            for option in element["options"]
        )
    ]


def _input(
    context: RenderContext, home: OpenView, block: Json, element: Json, element_id: str
) -> h.Renderable:
    """A text that Enter sends. Its id has the hash of the Home, so that a new one is drawn anew."""
    names = {"block": block["block_id"], "action": element["action_id"]}
    placeholder = (element.get("placeholder") or {}).get("text", "")
    return h.form(".home-input", context.post("home_enter", **names))[
        h.input(
            type="text",
            id=f"{element_id}.{home.hash}",
            name="text",
            value=element.get("initial_value", ""),
            placeholder=placeholder,
            aria_label=block["label"]["text"],
            autocomplete="off",
        )
    ]

"""The document of the page, and its regions. Each region is sent again when it changes."""

import json

import htpy as h
from markupsafe import Markup

from sandbox.page import modal, notifications, panel, sidebar
from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import BrowserTab
from sandbox.page.conversation import Conversation
from sandbox.page.render_context import RenderContext, create_context

# Not deferred: htmx would start before its extension is loaded.
SCRIPTS = ("htmx-4.0.1.min.js", "hx-sse-4.0.1.min.js", "pickers.js", "page.js")
# A redrawing leaves these attributes as they are: "open" is what a person opened, such as a line of
# the panel; the others belong to our scripts.
KEPT_ATTRIBUTES = (
    "data-htmx-powered", "open", "data-js-", "aria-expanded", "aria-activedescendant",
)  # fmt: skip
SETTINGS = json.dumps({"morphIgnore": KEPT_ATTRIBUTES, "history": "reload"})
WORKSPACE = ("sidebar", "conversation", "thread", "panel")
ON_ERROR = "this.className='lost'"
ON_RECONNECTING = "if(this.dataset.met)this.className='lost'"
ON_CONNECTED = "if(this.className=='lost')this.className='found';this.dataset.met=1"

# Filled by page.js with the words of a confirm object.
CONFIRM_DIALOG = h.dialog("#confirm", aria_labelledby="confirm-title")[
    h.h2("#confirm-title"),
    h.div(".text"),
    h.footer[h.button(".button", value="", type="button"), h.button(value="yes", type="button")],
]


def regions(state: AppState, tab: BrowserTab) -> dict[str, str]:
    """The HTML of each region by the id of the element that it replaces."""
    workspace = state.sandbox.slack.workspace
    context = create_context(workspace, tab)
    conversation = Conversation(state, context, workspace.channels[tab.location.channel])
    drawn = {
        "where": _where(tab),
        "sidebar": sidebar.draw(state, context),
        "conversation": conversation.channel_pane(),
        "thread": conversation.thread_pane(),
        "panel": panel.draw(state, context),
        "bot": _bot(state, context),
        "notices": _notices(state, context),
        "notifications": notifications.draw(state, context),
        "modal": modal.draw(state, context),
    }
    return {name: str(html) for name, html in drawn.items()}


def partial(name: str, html: str) -> str:
    """A region for the live stream. htmx leaves its unchanged elements as they are."""
    return f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{html}</hx-partial>'


def document(state: AppState, tab: BrowserTab, drawn: dict[str, str]) -> str:
    workspace = state.sandbox.slack.workspace
    translate = create_context(workspace, tab).translate
    page = h.html(lang=workspace.users[tab.location.user].locale)[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="htmx-config", content=SETTINGS),
            h.link(rel="icon", href="data:,"),
            h.link(rel="stylesheet", href="/page/style.css"),
            h.title[f"{workspace.team.name} – constat in a box"],
            (h.script(src=f"/page/{name}") for name in SCRIPTS),
        ],
        h.body[
            h.div(
                {
                    "hx-sse:connect": f"/live?tab={tab.id}",
                    "hx-swap": "none",
                    "hx-config": "sse.reconnectDelay:300ms sse.reconnectMaxDelay:2s",
                    "hx-on:htmx:sse:error": ON_ERROR,
                    "hx-on:htmx:sse:before:connection": ON_RECONNECTING,
                    "hx-on:htmx:sse:after:connection": ON_CONNECTED,
                },
                id="live",
                role="status",
            )[
                h.span(".when-lost")[translate("The sandbox does not answer. Trying again…")],
                h.span(".when-found")[translate("Connected again.")],
            ],
            h.div(".workspace")[(Markup(drawn[name]) for name in WORKSPACE)],  # noqa: S704 - ours
            (Markup(html) for name, html in drawn.items() if name not in WORKSPACE),  # noqa: S704
            CONFIRM_DIALOG,
        ],
    ]
    return f"<!doctype html>{page}"


def _where(tab: BrowserTab) -> h.Renderable:
    """For the style sheet, which shows one column at a time on a telephone."""
    columns = [name for name in ("thread", "panel", "menu") if getattr(tab.location, name)]
    return h.div("#where", hidden=True, class_=[f"with-{name}" for name in columns])


def _bot(state: AppState, context: RenderContext) -> h.Renderable:
    """A line when the bot does not run. Slack itself shows nothing until the bot is called."""
    sentences = {
        "stopped": "constat is stopped.",
        "starting": "constat is starting…",
        "running": "",
    }
    bot_state = state.supervisor.state
    return h.div("#bot", role="status", class_=bot_state)[context.translate(sentences[bot_state])]


def _notices(state: AppState, context: RenderContext) -> h.Renderable:
    """Slack's notices. While a modal is open, the modal shows them."""
    user = context.tab.location.user
    if state.has_modal(user):
        return h.div("#notices", role="status")
    close = context.translate("Close")
    return h.div("#notices", role="status")[
        (
            h.div(".toast")[
                context.translate(notice),
                h.button(context.post("dismiss"), type="button", aria_label=close)["×"],
            ]
            for notice in state.notices(user)[-3:]
        )
    ]

"""The page: its regions, each drawn anew when it changed, and the document around them."""

import htpy as h
from markupsafe import Markup

from sandbox.page import modal, panel, rail
from sandbox.page.desk import Desk
from sandbox.page.pen import Pen
from sandbox.page.tab import Tab
from sandbox.page.talk import Talk

# Not deferred: htmx would begin before its extension is there.
SCRIPTS = ("htmx-4.0.1.min.js", "hx-sse-4.0.1.min.js")
# What a person opened or closed, such as a line of the panel, stays so when it is drawn again.
SETTINGS = '{"morphIgnore": ["data-htmx-powered", "open"], "history": "reload"}'
WORKSPACE = ("rail", "talk", "side", "panel")
LOST = "this.className='lost'"
LOST_AGAIN = "if(this.dataset.met)this.className='lost'"
FOUND = "if(this.className=='lost')this.className='found';this.dataset.met=1"


def regions(desk: Desk, tab: Tab) -> dict[str, str]:
    """HTML by the id of what it replaces."""
    pen = desk.pen(tab)
    talk = Talk(desk, pen, desk.sandbox.slack.workspace.channels[tab.place.channel])
    drawn = {
        "where": _where(tab),
        "rail": rail.draw(desk, pen),
        "talk": talk.conversation(),
        "side": talk.side(),
        "panel": panel.draw(desk, pen),
        "bot": _bot(desk),
        "notices": _notices(desk, pen),
        "modal": modal.draw(desk, pen),
    }
    return {name: str(one) for name, one in drawn.items()}


def partial(name: str, html: str) -> str:
    """A region on its way to the browser: what is the same in it stays as it is."""
    return f'<hx-partial hx-target="#{name}" hx-swap="outerMorph">{html}</hx-partial>'


def document(desk: Desk, tab: Tab, drawn: dict[str, str]) -> str:
    language = desk.pen(tab).tongue.language
    page = h.html(lang=language)[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="htmx-config", content=SETTINGS),
            h.link(rel="icon", href="data:,"),
            h.link(rel="stylesheet", href="/page/style.css"),
            h.title[f"{desk.sandbox.slack.workspace.team.name} – constat in a box"],
            (h.script(src=f"/page/{one}") for one in SCRIPTS),
        ],
        h.body[
            h.div(
                {
                    "hx-sse:connect": f"/live?tab={tab.id}",
                    "hx-swap": "none",
                    "hx-config": "sse.reconnectDelay:300ms sse.reconnectMaxDelay:2s",
                    "hx-on:htmx:sse:error": LOST,
                    "hx-on:htmx:sse:before:connection": LOST_AGAIN,
                    "hx-on:htmx:sse:after:connection": FOUND,
                },
                id="live",
                role="status",
            )[
                h.span(".when-lost")["The sandbox does not answer. Trying again…"],
                h.span(".when-found")["Connected again."],
            ],
            h.div(".workspace")[(Markup(drawn[name]) for name in WORKSPACE)],  # noqa: S704 - ours
            (Markup(one) for name, one in drawn.items() if name not in WORKSPACE),  # noqa: S704
        ],
    ]
    return f"<!doctype html>{page}"


def _where(tab: Tab) -> h.Renderable:
    """For the style sheet: what a telephone shows, and what is beside what."""
    shows = [name for name in ("thread", "panel", "menu") if getattr(tab.place, name)]
    return h.div("#where", hidden=True, class_=[f"with-{name}" for name in shows])


def _bot(desk: Desk) -> h.Renderable:
    """Says when the bot is not there: Slack itself would say nothing before someone asks it."""
    state = desk.keeper.state if desk.keeper else "running"
    words = {"stopped": "constat is stopped.", "starting": "constat is starting…", "running": ""}
    return h.div("#bot", role="status", class_=state)[words[state]]


def _notices(desk: Desk, pen: Pen) -> h.Renderable:
    """Slack's own sentences; those about an open modal stand in it."""
    user = pen.tab.place.user
    if desk.in_modal(user):
        return h.div("#notices", role="status")
    return h.div("#notices", role="status")[
        (
            h.div(".toast")[
                pen.tongue(one),
                h.button(pen.acts("hush"), type="button", aria_label=pen.tongue("Close"))["×"],
            ]
            for one in desk.notices(user)[-3:]
        )
    ]

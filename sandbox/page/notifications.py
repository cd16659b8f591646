"""Slack's notifications of new messages that mention the person."""

import htpy as h

from sandbox.page.app_state import AppState
from sandbox.page.render_context import RenderContext
from sandbox.page.unread import UnreadMessage
from sandbox.slack.model import unescape

SHOWN = 3
"""The number of notifications on the screen."""
LONGEST = 150
"""Characters of a message in a notification."""


def draw(state: AppState, context: RenderContext) -> h.Renderable:
    """The newest, of messages that came since the tab was opened. The style sheet fades them."""
    tab = context.tab
    shown = [
        unread
        for unread in state.unread.mentions(tab.location.user)
        if not unread.dismissed and float(unread.message.ts) > tab.opened
    ]
    return h.div("#notifications", role="status")[
        (_notification(state, context, unread) for unread in shown[-SHOWN:])
    ]


def _notification(state: AppState, context: RenderContext, unread: UnreadMessage) -> h.Renderable:
    reader, message = context.text.reader, unread.message
    channel = state.sandbox.slack.workspace.channels[unread.channel]
    author = reader.name_of(message.user)
    title = author
    if channel.kind != "im":
        title = context.translate("{author} in #{channel}", author=author, channel=channel.name)
    text = unescape(reader.mrkdwn(message.text)).replace("*", "")
    there = context.tab.location.but(channel=unread.channel, thread=unread.thread)
    dismiss = context.post("dismiss_notification", ts=message.ts)
    return h.div(".notification", id=f"notification-{message.ts}")[
        h.a(context.link_to(there))[h.b[title], h.span[text[:LONGEST]]],
        h.button(dismiss, type="button", aria_label=context.translate("Close"))["×"],
    ]

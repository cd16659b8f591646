"""The list of conversations, and of the people that the user can be."""

import htpy as h

from sandbox.page.app_state import AppState
from sandbox.page.icons import LOCK
from sandbox.page.render_context import RenderContext
from sandbox.slack import Channel

LANGUAGES = {"fr": "français", "en": "English"}


def draw(state: AppState, context: RenderContext) -> h.Renderable:
    location, workspace = context.tab.location, state.sandbox.slack.workspace
    channels = workspace.visible_channels(location.user)
    close = context.translate("Close")
    return h.nav("#sidebar", inert=state.has_modal(location.user))[
        h.header[
            h.h2[workspace.team.name],
            h.a(".narrow.close", context.link_to(location.but()), aria_label=close)["×"],
        ],
        h.h3[context.translate("Channels")],
        [_line(state, context, channel) for channel in channels if channel.kind != "im"],
        h.h3[context.translate("Direct messages")],
        [_line(state, context, channel) for channel in channels if channel.kind == "im"],
        h.h3[context.translate("You are")],
        h.div(".people", role="group", aria_label=context.translate("You are"))[
            (_person(state, context, user) for user in workspace.users)
        ],
    ]


def _line(state: AppState, context: RenderContext, channel: Channel) -> h.Renderable:
    location = context.tab.location
    app = state.sandbox.slack.workspace.app
    icon = {"public": "#", "private": LOCK, "im": "●"}[channel.kind]
    with_app = channel.kind == "im" and app.bot_user_id in channel.members
    is_bold = state.unread.is_bold(location.user, channel.id)
    return h.a(
        ".line.unread" if is_bold else ".line",
        context.link_to(location.but(channel=channel.id, thread=None, home=False)),
        aria_current="page" if channel.id == location.channel else None,
    )[
        h.span(".icon", aria_hidden="true")[icon],
        h.span[context.text.reader.channel_name(channel)],
        with_app and h.span(".app")[context.translate("APP")],
        _badge(context, len(state.unread.mentions(location.user, channel.id))),
    ]


def _badge(context: RenderContext, count: int) -> h.Node:
    """The number of unread messages that mention the person."""
    return count > 0 and h.span(".badge", title=context.translate("Unread mentions"))[count]


def _person(state: AppState, context: RenderContext, user_id: str) -> h.Renderable:
    location, workspace = context.tab.location, state.sandbox.slack.workspace
    user = workspace.users[user_id]
    visible = {channel.id for channel in workspace.visible_channels(user_id)}
    channel = location.channel if location.channel in visible else next(iter(workspace.channels))
    if location.home:
        channel = workspace.dm_with_bot(user_id).id
    thread = location.thread if channel == location.channel else None
    city = user.tz.rpartition("/")[2].replace("_", " ")
    return h.a(
        ".line",
        href=location.but(user=user_id, channel=channel, thread=thread).link,
        aria_current="true" if user_id == location.user else None,
    )[
        h.span[user.name],
        h.small[f"{LANGUAGES[user.locale[:2]]}, {city}"],
        _badge(context, len(state.unread.mentions(user_id))),
    ]

"""The list of conversations, and the people one can be."""

import htpy as h

from sandbox.page.desk import Desk
from sandbox.page.pen import Pen
from sandbox.page.signs import LOCK
from sandbox.slack import Channel

LANGUAGES = {"fr": "français", "en": "English"}


def draw(desk: Desk, pen: Pen) -> h.Renderable:
    here, space = pen.tab.place, desk.sandbox.slack.workspace
    channels = desk.channels_of(here.user)
    return h.nav("#rail", inert=desk.in_modal(here.user))[
        h.header[
            h.h2[space.team.name],
            h.a(".narrow.close", pen.goes(here.but()), aria_label=pen.tongue("Close"))["×"],
        ],
        h.h3[pen.tongue("Channels")],
        [_line(desk, pen, one) for one in channels if one.kind != "im"],
        h.h3[pen.tongue("Direct messages")],
        [_line(desk, pen, one) for one in channels if one.kind == "im"],
        h.h3["You are"],
        h.div(".people", role="group", aria_label="You are")[
            (_person(desk, pen, user) for user in space.users)
        ],
    ]


def _line(desk: Desk, pen: Pen, channel: Channel) -> h.Renderable:
    here = pen.tab.place
    app = desk.sandbox.slack.workspace.app
    sign = {"public": "#", "private": LOCK, "im": "●"}[channel.kind]
    by_app = channel.kind == "im" and app.bot_user_id in channel.members
    return h.a(
        ".line",
        pen.goes(here.but(channel=channel.id, thread=None)),
        aria_current="page" if channel.id == here.channel else None,
    )[
        h.span(".sign", aria_hidden="true")[sign],
        h.span[desk.name_of(channel, here.user)],
        by_app and h.span(".app")[pen.tongue("APP")],
    ]


def _person(desk: Desk, pen: Pen, user_id: str) -> h.Renderable:
    here, space = pen.tab.place, desk.sandbox.slack.workspace
    user = space.users[user_id]
    sees = {one.id for one in desk.channels_of(user_id)}
    channel = here.channel if here.channel in sees else next(iter(space.channels))
    thread = here.thread if channel == here.channel else None
    city = user.tz.rpartition("/")[2].replace("_", " ")
    about = f"{LANGUAGES[user.locale[:2]]}, {city}"
    return h.a(
        ".line",
        href=here.but(user=user_id, channel=channel, thread=thread).link,
        aria_current="true" if user_id == here.user else None,
    )[h.span[user.name], h.small[about]]

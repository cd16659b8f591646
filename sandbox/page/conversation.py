"""A conversation and a thread of it: messages, their menus, and the message boxes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import htpy as h

from sandbox.page import home_tab, message_content
from sandbox.page.app_state import AppState
from sandbox.page.buttons import menu
from sandbox.page.icons import LOCK
from sandbox.page.message_box import MessageBox
from sandbox.page.render_context import RenderContext
from sandbox.slack import Channel, Ephemeral, Message, Workspace

ShownMessage = Message | Ephemeral
GROUPED = 300
"""Seconds within which messages of one author are drawn together."""
COLOURS = ("#2b7a78", "#8a4f9e", "#b5622d", "#2f5d9b", "#7a7a2b")


@dataclass(frozen=True)
class Conversation:
    """Draws one conversation for one tab."""

    state: AppState
    context: RenderContext
    channel: Channel

    def channel_pane(self) -> h.Renderable:
        location, context = self.context.tab.location, self.context
        name = context.text.reader.channel_name(self.channel)
        prefix = "#" if self.channel.kind == "public" else ""
        messages = self._with_ephemerals(self._workspace.history(self.channel.id), thread=None)
        open_menu = context.link_to(location.but(menu=True))
        switch_panel = context.link_to(location.but(panel=None if location.panel else "requests"))
        behind = context.translate("Behind the scenes")
        shows_home = location.home and home_tab.has_home(self.state, self.channel)
        tip = context.translate("Requests, rows of the database, and trouble to switch on")
        return h.main("#conversation", inert=self.state.has_modal(location.user))[
            h.header[
                h.a(".narrow.to-menu", open_menu, aria_label="Menu")["☰"],
                h.h1[LOCK if self.channel.kind == "private" else prefix, name],
                not self._has_bot()
                and h.small(".aside")[context.translate("constat is not a member")],
                h.a(".to-panel", switch_panel, title=tip, aria_label=behind)[
                    h.span(".braces", aria_hidden="true")["{ }"], h.span[behind]
                ],
            ],
            home_tab.tabs(self.state, context, self.channel),
            home_tab.draw(self.state, context)
            if shows_home
            else [
                _message_list(self._with_days(messages)),
                self._message_box.draw(
                    None, context.translate("Message {place}", place=f"{prefix}{name}")
                ),
            ],
        ]

    def thread_pane(self) -> h.Renderable:
        """The thread, beside the conversation."""
        location, context = self.context.tab.location, self.context
        if location.thread is None:
            return h.aside("#thread", hidden=True)
        thread = self._workspace.thread(self.channel.id, location.thread)
        messages = self._with_ephemerals(thread, thread=location.thread)
        close = context.link_to(location.but(thread=None))
        label, inert = context.translate("Thread"), self.state.has_modal(location.user)
        return h.aside("#thread", aria_label=label, inert=inert)[
            h.header[
                h.h2[label],
                h.small[context.text.reader.channel_name(self.channel)],
                h.a(".close", close, aria_label=context.translate("Close"))["×"],
            ],
            _message_list(self._thread_messages(messages), thread=location.thread),
            self._message_box.draw(location.thread, context.translate("Reply…")),
        ]

    @property
    def _message_box(self) -> MessageBox:
        return MessageBox(self.state, self.context, self.channel)

    @property
    def _workspace(self) -> Workspace:
        return self.state.sandbox.slack.workspace

    def _has_bot(self) -> bool:
        return self.channel.kind == "im" or self._workspace.bot_is_in(self.channel)

    def _with_ephemerals(
        self, messages: Iterable[Message], *, thread: str | None
    ) -> list[ShownMessage]:
        """The messages and those that only this person sees, in the order of time."""
        ephemerals = [
            message
            for message in self.state.person(self.context.tab.location.user).ephemerals
            if message.channel == self.channel.id and message.thread_ts == thread
        ]
        return sorted([*messages, *ephemerals], key=lambda message: message.ts)

    def _with_days(self, messages: list[ShownMessage]) -> Iterator[h.Node]:
        """The messages with a divider for each day, and those of one author together."""
        before: ShownMessage | None = None
        for message in messages:
            day = self._date(message, "{date_num}")
            if before is None or self._date(before, "{date_num}") != day:
                yield h.div(".day")[h.span[_capitalized(self._date(message, "{date_long_pretty}"))]]
                before = None
            yield self._message(message, follows=before is not None and _follows(before, message))
            before = message

    def _date(self, message: ShownMessage, pattern: str) -> str:
        return self.context.text.reader.date(int(float(message.ts)), pattern)

    def _author(self, message: ShownMessage) -> str:
        return message.user if isinstance(message, Message) else self._workspace.app.bot_user_id

    def _message(
        self, message: ShownMessage, *, in_thread: bool = False, follows: bool = False
    ) -> h.Renderable:
        """:param follows: whether it is drawn below an earlier message of its author"""
        context, ephemeral = self.context, isinstance(message, Ephemeral)
        bot_user_id = self._workspace.app.bot_user_id
        author = self._author(message)
        day = _capitalized(self._date(message, "{date_short_pretty}"))
        at = self._date(message, "{time}")
        classes = {
            "message": True,
            "ephemeral": ephemeral,
            "by-app": author == bot_user_id,
            "follows": follows,
        }
        edited = isinstance(message, Message) and message.edited
        is_reply_count_shown = not in_thread and isinstance(message, Message)
        return h.article(
            class_=classes,
            id=f"{'thread' if in_thread else 'message'}-{message.ts}",
        )[
            self._avatar(author),
            h.div(".body")[
                ephemeral and h.div(".only-you")[context.translate("Only visible to you")],
                h.div(".who")[
                    h.b[context.text.reader.name_of(author)],
                    author == bot_user_id and h.span(".app")[context.translate("APP")],
                    h.time[context.translate("{day} at {at}", day=day, at=at) if in_thread else at],
                ],
                h.div(".content")[
                    message_content.draw(context, message),
                    edited and h.small[f" ({context.translate('edited')})"],
                    author == bot_user_id and self._see_more(),
                ],
                is_reply_count_shown and self._reply_count(message),
            ],
            isinstance(message, Message) and self._message_menu(message, in_thread=in_thread),
        ]

    def _see_more(self) -> h.Renderable:
        """For a long message of the app, which static/page.js folds."""
        translate = self.context.translate
        return h.button(".see-more", type="button")[
            h.span(".more")[translate("See more")], h.span(".less")[translate("See less")]
        ]

    def _avatar(self, author: str) -> h.Renderable:
        by_bot = author == self._workspace.app.bot_user_id
        colour = COLOURS[sum(map(ord, author)) % len(COLOURS)]
        return h.span(
            class_="avatar logo" if by_bot else "avatar",
            style=None if by_bot else f"background:{colour}",
            aria_hidden="true",
        )[self.context.text.reader.name_of(author)[:1].upper()]

    def _thread_messages(self, messages: list[ShownMessage]) -> Iterator[h.Node]:
        """The parent, the number of replies, and the replies."""
        for number, message in enumerate(messages):
            yield self._message(message, in_thread=True)
            if number == 0 and len(messages) > 1:
                yield h.div(".count")[self._replies(len(messages) - 1)]

    def _replies(self, count: int) -> str:
        return self.context.translate("{n} reply" if count == 1 else "{n} replies", n=count)

    def _reply_count(self, message: ShownMessage) -> h.Node:
        count = len(self._workspace.thread(message.channel, message.ts)) - 1
        if count < 1:
            return None
        thread = self.context.tab.location.but(thread=message.ts)
        user = self.context.tab.location.user
        is_unread = any(unread.thread == message.ts for unread in self.state.unread.mentions(user))
        classes = ".replies.unread" if is_unread else ".replies"
        return h.a(classes, self.context.link_to(thread))[self._replies(count)]

    def _message_menu(self, message: Message, *, in_thread: bool) -> h.Node:
        """Reply, the app's message shortcuts, delete."""
        context, names = self.context, {"ts": message.ts, "channel": message.channel}
        menu_id = f"menu-{'thread' if in_thread else 'message'}-{message.ts}"
        closing = {"popovertarget": menu_id, "popovertargetaction": "hide"}
        shortcuts = [
            h.button(
                ".item",
                context.post("shortcut", callback=shortcut.callback_id, **names),
                closing,
                type="button",
                role="menuitem",
            )[shortcut.name, h.small["constat"]]
            for shortcut in self.state.manifest.shortcuts
        ]
        delete = h.button(
            ".item.danger", context.post("delete", **names), closing, type="button", role="menuitem"
        )[context.translate("Delete message")]
        thread = context.tab.location.but(thread=message.thread_ts or message.ts)
        reply = h.a(".item", context.link_to(thread), closing)[context.translate("Reply in thread")]
        return h.div(".tools")[menu(context, menu_id, [reply, *shortcuts, delete])]


def _message_list(messages: Iterable[h.Node], *, thread: str | None = None) -> h.Renderable:
    """The style sheet keeps the end of a conversation in view; a thread begins at its start."""
    return h.div(".messages", data_thread=thread)[h.div(".list", role="log")[messages]]


def _follows(before: ShownMessage, message: ShownMessage) -> bool:
    """Whether a message is of the same author, and within five minutes."""
    if not isinstance(before, Message) or not isinstance(message, Message):
        return False
    return before.user == message.user and float(message.ts) - float(before.ts) < GROUPED


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]

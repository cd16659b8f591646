"""A conversation and a thread of it: messages, their menus, and the message boxes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import htpy as h

from sandbox.page import message_content
from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import MESSAGE_BOX
from sandbox.page.buttons import menu
from sandbox.page.icons import LOCK
from sandbox.page.render_context import RenderContext
from sandbox.slack import Channel, Ephemeral, Message, Workspace

ShownMessage = Message | Ephemeral
TIME_FORMAT = "{date_short_pretty} {time}"
COLOURS = ("#2b7a78", "#8a4f9e", "#b5622d", "#2f5d9b", "#7a7a2b")
FOCUS_AT_END = "this.focus();this.setSelectionRange(this.value.length,this.value.length)"
SEND_ON_ENTER = (
    "if(event.key==='Enter'&&!event.shiftKey&&!event.isComposing)"
    "{event.preventDefault();this.form.requestSubmit()}"
)


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
        return h.main("#conversation", inert=self.state.has_modal(location.user))[
            h.header[
                h.a(".narrow.to-menu", open_menu, aria_label="Menu")["☰"],
                h.h1[LOCK if self.channel.kind == "private" else prefix, name],
                not self._has_bot() and h.small(".aside")["constat is not a member"],
                h.a(".to-panel", switch_panel)["{ }"],
            ],
            _message_list(self._message(message) for message in messages),
            self._message_box(None, context.translate("Message {place}", place=f"{prefix}{name}")),
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
            _message_list([*self._thread_messages(messages)]),
            self._message_box(location.thread, context.translate("Reply…")),
        ]

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

    def _message(self, message: ShownMessage, *, in_thread: bool = False) -> h.Renderable:
        context, ephemeral = self.context, isinstance(message, Ephemeral)
        bot_user_id = self._workspace.app.bot_user_id
        author = message.user if isinstance(message, Message) else bot_user_id
        edited = isinstance(message, Message) and message.edited
        is_reply_count_shown = not in_thread and isinstance(message, Message)
        return h.article(
            class_="message ephemeral" if ephemeral else "message",
            id=f"{'thread' if in_thread else 'message'}-{message.ts}",
        )[
            self._avatar(author),
            h.div(".body")[
                ephemeral and h.div(".only-you")[context.translate("Only visible to you")],
                h.div(".who")[
                    h.b[context.text.reader.name_of(author)],
                    author == bot_user_id and h.span(".app")[context.translate("APP")],
                    h.time[context.text.reader.date(int(float(message.ts)), TIME_FORMAT)],
                ],
                h.div(".content")[
                    message_content.draw(context, message),
                    edited and h.small[f" ({context.translate('edited')})"],
                ],
                is_reply_count_shown and self._reply_count(message),
            ],
            isinstance(message, Message) and self._message_menu(message, in_thread=in_thread),
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
        return h.a(".replies", self.context.link_to(thread))[self._replies(count)]

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

    def _message_box(self, thread: str | None, hint: str) -> h.Node:
        """Enter sends, Shift+Enter breaks the line, and a leading slash completes commands."""
        context, location = self.context, self.context.tab.location
        if location.user not in self.channel.members:
            name = context.text.reader.name_of(location.user)
            return h.p(".aside")[f"{name} has not joined."]
        draft = self.state.drafts.get((location.user, self.channel.id, thread), "")
        name = f"{MESSAGE_BOX}{thread or self.channel.id}"
        edition, text = context.tab.edition(name, draft, mine=True)
        box = {"channel": self.channel.id, "thread": thread or ""}
        textarea = h.textarea(
            context.post("draft", "input changed delay:100ms", **box),
            {"hx-on:keydown": SEND_ON_ENTER, "hx-sync": "closest form:queue all"},
            {"hx-on:htmx:after:init": FOCUS_AT_END} if edition else {},
            id=f"{name}.{edition}",
            name="text",
            rows="1",
            placeholder=hint,
            aria_label=hint,
        )[text]
        return h.form(".box", context.post("send", **box), {"hx-sync": "this:queue all"})[
            not thread and self._completion(draft),
            textarea,
            h.button(".send", type="submit", aria_label=context.translate("Send"))["➤"],
        ]

    def _completion(self, draft: str) -> h.Node:
        """The commands that begin with what is typed."""
        context, label = self.context, self.context.translate("Commands")
        if not draft.startswith("/") or " " in draft or "\n" in draft:
            return h.div("#commands", hidden=True)
        commands = self.state.manifest.commands
        return h.div("#commands", role="listbox", aria_label=label)[
            (
                h.button(
                    ".item",
                    context.post("complete", channel=self.channel.id, command=command.name),
                    type="button",
                    role="option",
                )[h.b[command.name], " ", h.span[command.hint], h.small[command.description]]
                for command in commands
                if command.name.startswith(draft)
            ),
        ]


def _message_list(messages: Iterable[h.Node]) -> h.Renderable:
    """The style sheet keeps the end of the list in view."""
    return h.div(".messages")[h.div(".list", role="log")[messages]]

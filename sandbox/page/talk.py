"""A conversation and a thread: messages, what can be done with them, and the box to write in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import htpy as h

from sandbox.page import blocks
from sandbox.page.buttons import button, menu, overflow
from sandbox.page.desk import Desk
from sandbox.page.pen import Pen
from sandbox.page.signs import LOCK
from sandbox.page.tab import BOX
from sandbox.page.words import cannot_draw
from sandbox.slack import Channel, Ephemeral, Message
from sandbox.slack.form import TEXT_INPUTS

Json = dict[str, Any]
Said = Message | Ephemeral
WHEN = "{date_short_pretty} {time}"
COLOURS = ("#2b7a78", "#8a4f9e", "#b5622d", "#2f5d9b", "#7a7a2b")


@dataclass(frozen=True)
class Talk:
    """Draws for one browser."""

    desk: Desk
    pen: Pen
    channel: Channel

    def conversation(self) -> h.Renderable:
        here, pen = self.pen.tab.place, self.pen
        name = self.desk.name_of(self.channel, here.user)
        sign = "#" if self.channel.kind == "public" else ""
        said = self._sorted(self._space.history(self.channel.id), thread=None)
        return h.main("#talk", inert=self.desk.in_modal(here.user))[
            h.header[
                h.a(".narrow.to-menu", pen.goes(here.but(menu=True)), aria_label="Menu")["☰"],
                h.h1[LOCK if self.channel.kind == "private" else sign, name],
                not self._bot_is_here() and h.small(".aside")["constat is not a member"],
                h.a(".to-panel", pen.goes(here.but(panel=None if here.panel else "wire")))["{ }"],
            ],
            _list(self._row(one) for one in said),
            self._box(None, pen.tongue("Message {place}", place=f"{sign}{name}")),
        ]

    def side(self) -> h.Renderable:
        """The thread, in its pane beside the conversation."""
        here, pen = self.pen.tab.place, self.pen
        if here.thread is None:
            return h.aside("#side", hidden=True)
        said = self._sorted(self._space.thread(self.channel.id, here.thread), thread=here.thread)
        close = pen.goes(here.but(thread=None))
        return h.aside(
            "#side", aria_label=pen.tongue("Thread"), inert=self.desk.in_modal(here.user)
        )[
            h.header[
                h.h2[pen.tongue("Thread")],
                h.small[self.desk.name_of(self.channel, here.user)],
                h.a(".close", close, aria_label=pen.tongue("Close"))["×"],
            ],
            _list([*self._rows_inside(said)]),
            self._box(here.thread, pen.tongue("Reply…")),
        ]

    @property
    def _space(self) -> Any:
        return self.desk.sandbox.slack.workspace

    def _bot_is_here(self) -> bool:
        return self.channel.kind == "im" or self._space.bot_is_in(self.channel)

    def _sorted(self, messages: Iterable[Message], *, thread: str | None) -> list[Said]:
        """With what only this person sees, in the order of time."""
        own = [
            one
            for one in self.desk.person(self.pen.tab.place.user).ephemerals
            if one.channel == self.channel.id and one.thread_ts == thread
        ]
        return sorted([*messages, *own], key=lambda one: one.ts)

    def _row(self, said: Said, *, inside: bool = False) -> h.Renderable:
        pen, whispered = self.pen, isinstance(said, Ephemeral)
        author = said.user if isinstance(said, Message) else self._space.app.bot_user_id
        name = pen.writer.reader.name_of(author)
        colour = COLOURS[sum(map(ord, author)) % len(COLOURS)]
        by_bot = author == self._space.app.bot_user_id
        edited = isinstance(said, Message) and said.edited and h.small[f" ({pen.tongue('edited')})"]
        return h.article(
            class_="message whispered" if whispered else "message",
            id=f"{'thread' if inside else 'said'}-{said.ts}",
        )[
            h.span(
                class_="avatar logo" if by_bot else "avatar",
                style=None if by_bot else f"background:{colour}",
                aria_hidden="true",
            )[name[:1].upper()],
            h.div(".said")[
                whispered and h.div(".only-you")[pen.tongue("Only visible to you")],
                h.div(".who")[
                    h.b[name],
                    by_bot and h.span(".app")[pen.tongue("APP")],
                    h.time[
                        pen.writer.reader.date(int(float(said.ts)), "{date_short_pretty} {time}")
                    ],
                ],
                h.div(".content")[self._content(said), edited],
                not inside and isinstance(said, Message) and self._replies(said),
            ],
            isinstance(said, Message) and self._menu(said, inside=inside),
        ]

    def _content(self, said: Said) -> h.Node:
        """Blocks hide the text, which is then only for notifications."""
        if not said.blocks:
            shown: h.Node = self.pen.writer.mrkdwn(said.text)
        else:
            shown = [
                blocks.draw(self.pen, one, lambda _, element: self._element(said, element))
                for one in said.blocks
            ]
        attached = said.attachments if isinstance(said, Message) else ()
        return [shown, (self._attachment(said, one) for one in attached)]

    def _element(self, said: Said, element: Json) -> h.Renderable:
        kind, action = element["type"], element.get("action_id", "")
        act = self.pen.acts("press", ts=said.ts, action=action, channel=said.channel)
        if kind == "button":
            return button(self.pen, element, act)
        if kind == "overflow":
            return overflow(self.pen, element, f"{said.ts}-{action}", act)
        if kind in TEXT_INPUTS:
            return h.input(type="text", disabled=True)
        return cannot_draw("element in a message", kind, element)

    def _attachment(self, said: Said, one: Json) -> h.Node:
        title = one.get("title") or one.get("from_url")
        url = one.get("title_link") or one.get("from_url") or one.get("original_url")
        inner = one.get("blocks") or []
        return h.div(".attachment")[
            title and h.div[self.pen.writer.link(url, title) if url else title],
            one.get("text") and h.div[self.pen.writer.mrkdwn(one["text"])],
            (
                blocks.draw(self.pen, block, lambda _, element: self._element(said, element))
                for block in inner
            ),
        ]

    def _rows_inside(self, said: list[Said]) -> Iterator[h.Node]:
        """The parent, how many replies, and those."""
        for number, one in enumerate(said):
            yield self._row(one, inside=True)
            if number == 0 and len(said) > 1:
                yield h.div(".count")[self._count(len(said) - 1)]

    def _count(self, count: int) -> str:
        return self.pen.tongue("{n} reply" if count == 1 else "{n} replies", n=count)

    def _replies(self, said: Message) -> h.Node:
        count = len(self._space.thread(said.channel, said.ts)) - 1
        if count < 1:
            return None
        thread = self.pen.tab.place.but(thread=said.ts)
        return h.a(".replies", self.pen.goes(thread))[self._count(count)]

    def _menu(self, said: Message, *, inside: bool) -> h.Node:
        """The shortcuts of the app, as they stand in a message's menu."""
        pen, facts = self.pen, {"ts": said.ts, "channel": said.channel}
        menu_id = f"menu-{'thread' if inside else 'said'}-{said.ts}"
        closing = {"popovertarget": menu_id, "popovertargetaction": "hide"}
        items = [
            h.button(
                ".item",
                pen.acts("shortcut", callback=one.callback_id, **facts),
                closing,
                type="button",
                role="menuitem",
            )[one.name, h.small["constat"]]
            for one in self.desk.manifest.shortcuts
        ]
        delete = h.button(
            ".item.danger", pen.acts("delete", **facts), closing, type="button", role="menuitem"
        )[pen.tongue("Delete message")]
        reply = h.a(
            ".item", pen.goes(pen.tab.place.but(thread=said.thread_ts or said.ts)), closing
        )[pen.tongue("Reply in thread")]
        return h.div(".tools")[menu(pen, menu_id, [reply, *items, delete])]

    def _box(self, thread: str | None, hint: str) -> h.Node:
        """Enter sends, Shift+Enter breaks the line; a slash at its start completes commands."""
        pen, here = self.pen, self.pen.tab.place
        if here.user not in self.channel.members:
            return h.p(".aside")[f"{pen.writer.reader.name_of(here.user)} has not joined."]
        draft = self.desk.drafts.get((here.user, self.channel.id, thread), "")
        name = f"{BOX}{thread or self.channel.id}"
        edition, drawn = pen.tab.edition(name, draft, mine=True)
        facts = {"channel": self.channel.id, "thread": thread or ""}
        box = h.textarea(
            pen.acts("draft", "input changed delay:100ms", **facts),
            {"hx-on:keydown": SEND_ON_ENTER, "hx-sync": "closest form:queue all"},
            {"hx-on:htmx:after:init": AT_ITS_END} if edition else {},
            id=f"{name}.{edition}",
            name="text",
            rows="1",
            placeholder=hint,
            aria_label=hint,
        )[drawn]
        return h.form(".box", pen.acts("say", **facts), {"hx-sync": "this:queue all"})[
            not thread and self._completion(draft),
            box,
            h.button(".send", type="submit", aria_label=pen.tongue("Send"))["➤"],
        ]

    def _completion(self, draft: str) -> h.Node:
        if not draft.startswith("/") or " " in draft or "\n" in draft:
            return h.div("#commands", hidden=True)
        fitting = [one for one in self.desk.manifest.commands if one.name.startswith(draft)]
        return h.div("#commands", role="listbox", aria_label=self.pen.tongue("Commands"))[
            (
                h.button(
                    ".item",
                    self.pen.acts("complete", channel=self.channel.id, command=one.name),
                    type="button",
                    role="option",
                )[h.b[one.name], " ", h.span[one.hint], h.small[one.description]]
                for one in fitting
            ),
        ]


AT_ITS_END = "this.focus();this.setSelectionRange(this.value.length,this.value.length)"
SEND_ON_ENTER = (
    "if(event.key==='Enter'&&!event.shiftKey&&!event.isComposing)"
    "{event.preventDefault();this.form.requestSubmit()}"
)


def _list(rows: Iterable[h.Node]) -> h.Renderable:
    """The style sheet keeps the end of it in sight."""
    return h.div(".messages")[h.div(".list", role="log")[rows]]

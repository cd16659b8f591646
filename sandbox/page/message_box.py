"""The message box of a conversation or a thread, with the completion of commands."""

from dataclasses import dataclass

import htpy as h

from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import MESSAGE_BOX
from sandbox.page.render_context import RenderContext
from sandbox.slack import Channel

FOCUS_AT_END = "this.focus();this.setSelectionRange(this.value.length,this.value.length)"
SEND_ON_ENTER = (
    "if(event.key==='Enter'&&!event.shiftKey&&!event.isComposing)"
    "{event.preventDefault();this.form.requestSubmit()}"
)


@dataclass(frozen=True)
class MessageBox:
    """Draws the box of one conversation for one tab."""

    state: AppState
    context: RenderContext
    channel: Channel

    def draw(self, thread: str | None, hint: str) -> h.Node:
        """Enter sends, Shift+Enter breaks the line, and a leading slash completes commands."""
        context, location = self.context, self.context.tab.location
        if location.user not in self.channel.members:
            name = context.text.reader.name_of(location.user)
            return h.p(".aside")[context.translate("{name} has not joined.", name=name)]
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
        """The commands that begin with the typed text."""
        context, label = self.context, self.context.translate("Commands")
        if not draft.startswith("/") or " " in draft or "\n" in draft:
            return h.div("#commands", hidden=True)
        commands = [c for c in self.state.manifest.commands if c.name.startswith(draft)]
        if not commands:
            return h.div("#commands", hidden=True)
        return h.div("#commands", role="listbox", aria_label=label)[
            (
                h.button(
                    ".item",
                    context.post("complete", channel=self.channel.id, command=command.name),
                    type="button",
                    role="option",
                )[h.b[command.name], " ", h.span[command.hint], h.small[command.description]]
                for command in commands
            ),
        ]

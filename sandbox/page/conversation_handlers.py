"""The handlers of a person's actions in a conversation: its message box and its messages."""

import re

from sandbox.page.action import Action, Handlers, text_of
from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import MESSAGE_BOX
from sandbox.slack import Message, NotOnScreenError

MENTION = re.compile(r"(?<![\w@<])@(\w+)")


async def _send(action: Action) -> None:
    state, channel = action.state, action.posted["channel"]
    thread = action.posted["thread"] or None
    text = action.posted.get("text", "").strip()
    if not text:
        return
    command, _, arguments = text.partition(" ")
    commands = {entry.name for entry in state.manifest.commands}
    if command.startswith("/") and command not in commands:
        raise NotOnScreenError(f"{command} is not a valid command.")
    _fill_box(action, thread, "")
    state.sent_texts[action.user, channel, thread] = text
    if command in commands:
        await action.person.command(command, arguments, channel=channel, thread_ts=thread)
    else:
        text = _with_mentions(state, text)
        await action.person.post(text, channel=channel, thread_ts=thread)


def _with_mentions(state: AppState, text: str) -> str:
    """The text with mentions in the place of `@bob`, as Slack's message box sends it."""
    ids = {user.name: user.id for user in state.sandbox.slack.workspace.users.values()}
    return MENTION.sub(lambda match: f"<@{ids[match[1]]}>" if match[1] in ids else match[0], text)


async def _save_draft(action: Action) -> None:
    """A draft that arrives after its text was sent is dropped."""
    box = (action.user, action.posted["channel"], action.posted["thread"] or None)
    text = text_of(action.posted.get("text", ""))
    if text.strip() != action.state.sent_texts.get(box):
        action.state.drafts[box] = text


async def _complete(action: Action) -> None:
    _fill_box(action, None, action.posted["command"] + " ")


def _fill_box(action: Action, thread: str | None, text: str) -> None:
    """Put text in the message box, in every tab of the person."""
    channel = action.posted["channel"]
    action.state.drafts[action.user, channel, thread] = text
    action.tab.redraw(f"{MESSAGE_BOX}{thread or channel}", text)


async def _use_shortcut(action: Action) -> None:
    message = action.message
    if isinstance(message, Message):
        await action.person.shortcut(action.posted["callback"], message)


async def _press(action: Action) -> None:
    message, unfurl = action.message, action.posted.get("unfurl")
    if unfurl and isinstance(message, Message):
        await action.person.press_unfurl(message, action.posted["action"], of=unfurl)
    else:
        await action.person.press(message, action.posted["action"])


async def _delete(action: Action) -> None:
    message = action.message
    action.state.sandbox.slack.workspace.delete(message.channel, message.ts)


CONVERSATION_HANDLERS: Handlers = {
    "send": _send,
    "draft": _save_draft,
    "complete": _complete,
    "shortcut": _use_shortcut,
    "press": _press,
    "delete": _delete,
}

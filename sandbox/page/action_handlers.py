"""The handlers of a person's actions in the page, one for each verb."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.page.action import PLAIN_CHOICES, Action, StaleActionError, text_of
from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import MESSAGE_BOX, location_of, query_of
from sandbox.page.field_view import Search
from sandbox.page.files import POSTED
from sandbox.page.pickers import QUERY
from sandbox.slack import Message, NotOnScreenError
from sandbox.slack.form import TEXT_INPUTS
from sandbox.slack.modal_driver import SHORTEST_QUERY

MENTION = re.compile(r"(?<![\w@<])@(\w+)")


async def handle(action: Action) -> None:
    """:raises NotOnScreenError: for an action that Slack's client would not allow"""
    await HANDLERS[action.posted["verb"]](action)


async def _type(action: Action) -> None:
    field = action.field
    if action.view.being_submitted:
        raise StaleActionError
    action.mark_edited(field)
    text = text_of(action.posted.get(action.posted["field"], ""))
    if field.type in TEXT_INPUTS and text == (action.view.form.value(field) or ""):
        return  # a press took it along already: the bot is not sent the same words twice
    await action.person.type(field.key[1], text, block_id=field.key[0])


async def _choose(action: Action) -> None:
    await action.take_typing()
    field = action.field
    if field.type in PLAIN_CHOICES:
        action.mark_edited(field)
    values = action.posted.getall(action.posted["field"], [])
    choice: Any = action.posted.get("value") or next(iter(values), None) or None
    if field.type == "checkboxes":
        choice = values
    await action.person.choose(field.key[1], choice, block_id=field.key[0])


async def _upload(action: Action) -> None:
    """Files that were chosen in the browser take the place of those in the field."""
    await action.take_typing()
    posted: list[Any] = action.posted.getall(POSTED, [])
    files = [
        (file.filename, file.file.read()) for file in posted if isinstance(file, web.FileField)
    ]
    action.person.upload(action.field.key[1], *files)


async def _remove(action: Action) -> None:
    removed = action.posted["value"]
    await _set(action, [value for value in _current_values(action) if value != removed])


async def _pick(action: Action) -> None:
    field, value = action.field, action.posted["value"]
    several = field.type.startswith("multi_")
    await _set(action, [*_current_values(action), value] if several else [value])


async def _set(action: Action, values: list[str]) -> None:
    await action.take_typing()
    field = action.field
    several = field.type.startswith("multi_")
    unique = list(dict.fromkeys(values))
    choice = unique if several else (unique[-1] if unique else None)
    searched = field.type.endswith("external_select")
    choose = action.person.pick if searched else action.person.choose
    await choose(field.key[1], choice, block_id=field.key[0])


def _current_values(action: Action) -> list[str]:
    value = action.view.form.value(action.field)
    values = value if isinstance(value, list) else [value] if value else []
    return [item["value"] if isinstance(item, dict) else item for item in values]


async def _search(action: Action) -> None:
    """Search for what is typed in the field's own box. A chosen label in the box is not typed."""
    field = action.field
    query = action.posted.get(QUERY + action.posted["field"], "").strip()
    value = action.view.form.value(field)
    if isinstance(value, dict) and query == value["text"]["text"]:
        query = ""
    view_field = (action.view.id, field.key)
    if len(query) < field.element.get("min_query_length", SHORTEST_QUERY):
        action.state.searches.pop(view_field, None)
        return
    options = await action.person.search(field.key[1], query, block_id=field.key[0])
    action.state.searches[view_field] = Search(query, options)


async def _pick_date(action: Action) -> None:
    """The field holds nothing until both the day and the hour are filled."""
    field, parts = action.field, action.posted.getall(action.posted["field"], [])
    if any(parts) and not all(parts):
        await action.take_typing()
        return
    action.mark_edited(field)
    await action.person.pick_date(field.key[1], action.date(field), block_id=field.key[0])
    await action.take_typing()


async def _click(action: Action) -> None:
    await action.take_typing()
    block_id, action_id = action.field.key
    await action.person.click(action_id, block_id, action.posted.get("value"))


async def _submit(action: Action) -> None:
    if action.view.being_submitted:
        raise StaleActionError
    await action.take_typing(is_last=True)
    await action.person.submit()


async def _close(action: Action) -> None:
    _ = action.view
    await action.person.close()


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
    """The text with `@bob` as a mention, which Slack's message box makes of it."""
    ids = {user.name: user.id for user in state.sandbox.slack.workspace.users.values()}
    return MENTION.sub(lambda found: f"<@{ids[found[1]]}>" if found[1] in ids else found[0], text)


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


async def _switch_fault(action: Action) -> None:
    await action.state.switches.switch(action.posted["party"], action.posted["kind"])


async def _go(action: Action) -> None:
    workspace, before = action.state.sandbox.slack.workspace, action.tab.location
    action.tab.go(location_of(query_of(action.posted["to"]), workspace))
    if action.tab.location.home and not before.home:
        await action.person.open_home()


async def _press_on_home(action: Action) -> None:
    posted = action.posted
    await action.person.press_on_home(posted["action"], posted.get("value"), posted["block"])


async def _choose_on_home(action: Action) -> None:
    posted = action.posted
    await action.person.choose_on_home(posted["action"], posted["value"], posted["block"])


async def _enter_on_home(action: Action) -> None:
    text = text_of(action.posted.get("text", ""))
    await action.person.enter_on_home(action.posted["action"], text)


async def _dismiss_notification(action: Action) -> None:
    action.state.unread.dismiss(action.user, action.posted["ts"])


async def _dismiss(_action: Action) -> None:
    """The server forgets the notices at every verb that is not in KEEPS_NOTICES."""


HANDLERS: Mapping[str, Callable[[Action], Awaitable[None]]] = {
    "type": _type,
    "choose": _choose,
    "remove": _remove,
    "upload": _upload,
    "pick": _pick,
    "search": _search,
    "pick_date": _pick_date,
    "click": _click,
    "submit": _submit,
    "close": _close,
    "send": _send,
    "draft": _save_draft,
    "complete": _complete,
    "shortcut": _use_shortcut,
    "press": _press,
    "delete": _delete,
    "home_press": _press_on_home,
    "home_choose": _choose_on_home,
    "home_enter": _enter_on_home,
    "fault": _switch_fault,
    "go": _go,
    "dismiss": _dismiss,
    "dismiss_notification": _dismiss_notification,
}
KEEPS_NOTICES = frozenset({"type", "draft", "search", "complete"})
"""Verbs that leave Slack's notices on the screen."""

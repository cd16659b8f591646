"""The handlers of a person's actions in a modal."""

from typing import Any

from aiohttp import web

from sandbox.page.action import PLAIN_CHOICES, Action, Handlers, StaleActionError, text_of
from sandbox.page.field_view import Search
from sandbox.page.files import POSTED
from sandbox.page.pickers import QUERY
from sandbox.slack.form import TEXT_INPUTS
from sandbox.slack.modal_driver import SHORTEST_QUERY


async def _type(action: Action) -> None:
    field = action.field
    if action.view.being_submitted:
        raise StaleActionError
    action.mark_edited(field)
    text = text_of(action.posted.get(action.posted["field"], ""))
    if field.type in TEXT_INPUTS and text == (action.view.form.value(field) or ""):
        return  # a press sent this text already, and the bot must not get it twice
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
    """The files that were chosen in the browser replace those in the field."""
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
    """Search for the text in the field's search box. The label of a chosen option is no query."""
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


MODAL_HANDLERS: Handlers = {
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
}

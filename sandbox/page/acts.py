"""What a click or a key in a browser asks of the person: one function for each verb."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sandbox.page.act import PLAIN, Act, LateError, text_of
from sandbox.page.tab import BOX, query_of
from sandbox.slack import Message, NotOnScreenError


async def carry_out(act: Act) -> None:
    """:raises NotOnScreenError: for what Slack's client would not let the person do"""
    await VERBS[act.sent["verb"]](act)


async def _type(act: Act) -> None:
    field = act.field
    if act.view.being_submitted:
        raise LateError
    act.wrote(field)
    text = text_of(act.sent.get(act.sent["field"], ""))
    await act.person.type(field.key[1], text, block_id=field.key[0])


async def _choose(act: Act) -> None:
    await act.take_typing()
    field = act.field
    if field.type in PLAIN:
        act.wrote(field)
    chosen = act.sent.getall(act.sent["field"], [])
    wanted: Any = (
        chosen
        if field.type == "checkboxes"
        else (act.sent.get("value") or next(iter(chosen), None)) or None
    )
    await act.person.choose(field.key[1], wanted, block_id=field.key[0])


async def _add(act: Act) -> None:
    await _set(act, [*_picked(act), act.sent["value"]])


async def _drop(act: Act) -> None:
    await _set(act, [one for one in _picked(act) if one != act.sent["value"]])


async def _pick(act: Act) -> None:
    field, value = act.field, act.sent["value"]
    await _set(act, [*_picked(act), value] if field.type.startswith("multi_") else [value])
    act.desk.found.pop((act.view.id, field.key), None)


async def _set(act: Act, wanted: list[str]) -> None:
    await act.take_typing()
    field = act.field
    several = field.type.startswith("multi_")
    unique = list(dict.fromkeys(wanted))
    choice = unique if several else (unique[-1] if unique else None)
    use = act.person.pick if field.type.endswith("external_select") else act.person.choose
    await use(field.key[1], choice, block_id=field.key[0])


def _picked(act: Act) -> list[str]:
    held = act.view.form.value(act.field)
    several = held if isinstance(held, list) else [held] if held else []
    return [one["value"] if isinstance(one, dict) else one for one in several]


async def _search(act: Act) -> None:
    field, query = act.field, act.sent.get("query", "").strip()
    where = (act.view.id, field.key)
    if len(query) < field.element.get("min_query_length", 3):
        act.desk.found.pop(where, None)
        return
    act.desk.found[where] = await act.person.search(field.key[1], query, block_id=field.key[0])


async def _when(act: Act) -> None:
    """Nothing is held until a day and an hour are both there."""
    field, parts = act.field, act.sent.getall(act.sent["field"], [])
    if any(parts) and not all(parts):
        await act.take_typing()
        return
    act.wrote(field)
    await act.person.pick_date(field.key[1], act.moment(field), block_id=field.key[0])
    await act.take_typing()


async def _click(act: Act) -> None:
    await act.take_typing()
    key = act.field.key
    await act.person.click(key[1], key[0], act.sent.get("value"))


async def _submit(act: Act) -> None:
    if act.view.being_submitted:
        raise LateError
    await act.take_typing()
    await act.person.submit()


async def _close(act: Act) -> None:
    _ = act.view
    await act.person.close()


async def _say(act: Act) -> None:
    desk, channel, thread = act.desk, act.sent["channel"], act.sent["thread"] or None
    text = act.sent.get("text", "").strip()
    if not text:
        return
    command, _, words = text.partition(" ")
    known = {one.name for one in desk.manifest.commands}
    if command.startswith("/") and command not in known:
        raise NotOnScreenError(f"{command} is not a valid command.")
    _write(act, thread, "")
    desk.said[act.tab.place.user, channel, thread] = text
    if command in known:
        await act.person.command(command, words, channel=channel, thread_ts=thread)
    else:
        act.person.say(text, channel=channel, thread_ts=thread)


async def _draft(act: Act) -> None:
    """One that comes after its text was sent is no draft any more."""
    here = (act.tab.place.user, act.sent["channel"], act.sent["thread"] or None)
    text = text_of(act.sent.get("text", ""))
    if text.strip() != act.desk.said.get(here):
        act.desk.drafts[here] = text


async def _complete(act: Act) -> None:
    _write(act, None, act.sent["command"] + " ")


def _write(act: Act, thread: str | None, text: str) -> None:
    """Puts text in the message box: in every browser, its own included."""
    channel = act.sent["channel"]
    act.desk.drafts[act.tab.place.user, channel, thread] = text
    act.tab.refuse(f"{BOX}{thread or channel}", text)


async def _shortcut(act: Act) -> None:
    message = act.message
    if isinstance(message, Message):
        await act.person.shortcut(act.sent["callback"], message)


async def _press(act: Act) -> None:
    await act.person.press(act.message, act.sent["action"])


async def _delete(act: Act) -> None:
    message = act.message
    act.desk.sandbox.slack.workspace.delete(message.channel, message.ts)


async def _trouble(act: Act) -> None:
    await act.desk.switches.turn(act.sent["party"], act.sent["kind"])


async def _go(act: Act) -> None:
    act.tab.go(act.desk.place(query_of(act.sent["to"])))


async def _hush(_act: Act) -> None:
    """Any act forgets the notices."""


VERBS: Mapping[str, Callable[[Act], Awaitable[None]]] = {
    "type": _type,
    "choose": _choose,
    "add": _add,
    "drop": _drop,
    "pick": _pick,
    "search": _search,
    "when": _when,
    "click": _click,
    "submit": _submit,
    "close": _close,
    "say": _say,
    "draft": _draft,
    "complete": _complete,
    "shortcut": _shortcut,
    "press": _press,
    "delete": _delete,
    "trouble": _trouble,
    "go": _go,
    "hush": _hush,
}
QUIET = frozenset({"type", "draft", "search", "complete"})
"""Verbs that leave Slack's notices where they are."""

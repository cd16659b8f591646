"""What a click or a key in a browser asks of the person: one function for each verb."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from sandbox.page.desk import Desk
from sandbox.page.pen import key_of, name_of
from sandbox.page.tab import Tab
from sandbox.slack import Ephemeral, Message, NotOnScreen, Person
from sandbox.slack.form import STATE_KEYS, TEXT_INPUTS, Field
from sandbox.slack.views import OpenView

Sent = MultiMapping[str]
LISTS = frozenset({"checkboxes"})
PLAIN = frozenset({"radio_buttons", "static_select", *LISTS})
"""Kinds whose choice stands in the form, and is read from there."""


@dataclass(frozen=True)
class Act:
    """One act of the person of one browser."""

    desk: Desk
    tab: Tab
    sent: Sent

    async def do(self) -> None:
        """:raises NotOnScreen: for what Slack's client would not let them do"""
        await VERBS[self.sent["verb"]](self)

    @property
    def person(self) -> Person:
        return self.desk.person(self.tab.place.user)

    @property
    def view(self) -> OpenView:
        top = self.desk.sandbox.slack.views.screens[self.tab.place.user].top
        if top is None or self.sent.get("view") != top.id:
            raise Late
        return top

    @property
    def field(self) -> Field:
        """The one that was used."""
        return self._field(self.sent["field"])

    def _field(self, name: str) -> Field:
        key, value = key_of(name), self.sent.get("value")
        alike = [one for one in self.view.form.fields if one.key == key]
        exact = [one for one in alike if one.element.get("value") == value]
        if not alike:
            raise Late
        return (exact or alike)[0]

    @property
    def message(self) -> Message | Ephemeral:
        channel, ts = self.sent["channel"], self.sent["ts"]
        own = {one.ts: one for one in self.person.ephemerals}
        shown = self.desk.sandbox.slack.workspace.messages[channel].get(ts) or own.get(ts)
        if shown is None:
            raise NotOnScreen("the message was deleted")
        return shown

    def wrote(self, field: Field) -> None:
        """This browser shows already what the field is about to hold."""
        self.desk.authors[self.view.id, field.key] = self.tab.id

    async def take_typing(self) -> None:
        """What was typed or ticked a moment ago may not have been told yet."""
        for field in self.view.form.fields:
            name = name_of(field.key)
            if field.dispatches or name not in self.sent:
                continue
            held = self.view.form.value(field) if field.type in STATE_KEYS else None
            if field.type in TEXT_INPUTS and _text(self.sent[name]) != (held or ""):
                self.wrote(field)
                await self.person.type(field.key[1], _text(self.sent[name]), block_id=field.key[0])


class Late(NotOnScreen):
    """It was meant for something that has gone since: nothing to say."""


async def _type(act: Act) -> None:
    field = act.field
    if act.view.being_submitted:
        raise Late
    act.wrote(field)
    text = _text(act.sent.get(act.sent["field"], ""))
    await act.person.type(field.key[1], text, block_id=field.key[0])


async def _choose(act: Act) -> None:
    await act.take_typing()
    field = act.field
    if field.type in PLAIN:
        act.wrote(field)
    chosen = act.sent.getall(act.sent["field"], [])
    several = field.type in LISTS
    wanted: Any = chosen if several else (act.sent.get("value") or next(iter(chosen), None)) or None
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
    await act.take_typing()
    field, parts = act.field, act.sent.getall(act.sent["field"], [])
    if any(parts) and not all(parts):
        return
    act.wrote(field)
    when: int | str | None = parts[0] or None
    if when and field.type == "datetimepicker":
        zone = ZoneInfo(act.person.user.tz)
        when = int(datetime.fromisoformat("T".join(parts)).replace(tzinfo=zone).timestamp())
    await act.person.pick_date(field.key[1], when, block_id=field.key[0])


async def _click(act: Act) -> None:
    await act.take_typing()
    key = act.field.key
    await act.person.click(key[1], key[0], act.sent.get("value"))


async def _submit(act: Act) -> None:
    if act.view.being_submitted:
        raise Late
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
        raise NotOnScreen(f"{command} is not a valid command.")
    _write(act, thread, "")
    desk.said[act.tab.place.user, channel, thread] = text
    if command in known:
        await act.person.command(command, words, channel=channel, thread_ts=thread)
    else:
        act.person.say(text, channel=channel, thread_ts=thread)


async def _draft(act: Act) -> None:
    """One that comes after its text was sent is no draft any more."""
    here = (act.tab.place.user, act.sent["channel"], act.sent["thread"] or None)
    text = _text(act.sent.get("text", ""))
    if text.strip() != act.desk.said.get(here):
        act.desk.drafts[here] = text


async def _complete(act: Act) -> None:
    _write(act, None, act.sent["command"] + " ")


def _write(act: Act, thread: str | None, text: str) -> None:
    """Puts text in the message box: in every browser, its own included."""
    channel = act.sent["channel"]
    act.desk.drafts[act.tab.place.user, channel, thread] = text
    act.tab.refuse(f"box-{thread or channel}", text)


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


async def _hush(_act: Act) -> None:
    """Any act forgets the notices."""


def _text(sent: str) -> str:
    """Forms send line breaks as CR LF; what was typed has LF."""
    return sent.replace("\r\n", "\n")


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
    "hush": _hush,
}
QUIET = frozenset({"type", "draft", "search", "complete"})
"""Verbs that leave Slack's notices where they are."""

"""One act of a person in a browser: what was sent, and what on the screen it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from sandbox.page.desk import Desk
from sandbox.page.pen import key_of, name_of
from sandbox.page.tab import Tab
from sandbox.slack import Ephemeral, Message, NotOnScreenError, Person
from sandbox.slack.form import TEXT_INPUTS, Field
from sandbox.slack.views import OpenView

PLAIN = frozenset({"radio_buttons", "static_select", "checkboxes"})
"""Kinds whose choice stands in the form, and is read from there."""
MOMENTS = frozenset({"datepicker", "timepicker", "datetimepicker"})


class LateError(NotOnScreenError):
    """It was meant for something that has gone since: nothing to say."""


@dataclass(frozen=True)
class Act:
    """One act of the person of one browser."""

    desk: Desk
    tab: Tab
    sent: MultiMapping[str]

    @property
    def person(self) -> Person:
        return self.desk.person(self.tab.place.user)

    @property
    def view(self) -> OpenView:
        top = self.desk.sandbox.slack.views.screens[self.tab.place.user].top
        if top is None or self.sent.get("view") != top.id:
            raise LateError
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
            raise LateError
        return (exact or alike)[0]

    @property
    def message(self) -> Message | Ephemeral:
        channel, ts = self.sent["channel"], self.sent["ts"]
        own = {one.ts: one for one in self.person.ephemerals}
        shown = self.desk.sandbox.slack.workspace.messages[channel].get(ts) or own.get(ts)
        if shown is None:
            raise NotOnScreenError("the message was deleted")
        return shown

    def wrote(self, field: Field) -> None:
        """This browser shows already what the field is about to hold."""
        self.desk.authors[self.view.id, field.key] = self.tab.id

    async def take_typing(self) -> None:
        """What the form shows and a moment ago was not told yet: each field has its own way here.

        A choice that is told at once is left alone: its own act tells it.
        """
        for field in self.view.form.fields:
            name, (block_id, action_id) = name_of(field.key), field.key
            if field.dispatches or name not in self.sent:
                continue
            held = self.view.form.value(field)
            if field.type in TEXT_INPUTS:
                if (text := text_of(self.sent[name])) != (held or ""):
                    self.wrote(field)
                    await self.person.type(action_id, text, block_id=block_id)
            elif field.type in PLAIN:
                if (chosen := self.chosen(field)) != _values(held):
                    self.wrote(field)
                    await self.person.choose(action_id, chosen, block_id=block_id)
            elif field.type in MOMENTS and (when := self.moment(field)) not in {held, None}:
                self.wrote(field)
                await self.person.pick_date(action_id, when, block_id=block_id)

    def chosen(self, field: Field) -> list[str] | str | None:
        """What is ticked or selected in the form."""
        ticked = self.sent.getall(name_of(field.key), [])
        return ticked if field.type == "checkboxes" else (ticked[0] or None)

    def moment(self, field: Field) -> int | str | None:
        """A day, an hour, or both as UNIX seconds; None unless all of it is there."""
        parts = self.sent.getall(name_of(field.key), [])
        if not parts or not all(parts):
            return None
        if field.type != "datetimepicker":
            return parts[0]
        zone = ZoneInfo(self.person.user.tz)
        return int(datetime.fromisoformat("T".join(parts)).replace(tzinfo=zone).timestamp())


def _values(held: Any) -> list[str] | str | None:
    """Of an option, or of several."""
    if isinstance(held, list):
        return [one["value"] for one in held]
    value: str | None = held["value"] if held else None
    return value


def text_of(sent: str) -> str:
    """Forms send line breaks as CR LF; what was typed has LF."""
    return sent.replace("\r\n", "\n")

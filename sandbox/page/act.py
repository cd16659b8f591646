"""One act of a person in a browser: what was sent, and what on the screen it is about."""

from dataclasses import dataclass

from multidict import MultiMapping

from sandbox.page.desk import Desk
from sandbox.page.pen import key_of, name_of
from sandbox.page.tab import Tab
from sandbox.slack import Ephemeral, Message, NotOnScreen, Person
from sandbox.slack.form import STATE_KEYS, TEXT_INPUTS, Field
from sandbox.slack.views import OpenView


class Late(NotOnScreen):
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
            if field.type in TEXT_INPUTS and text_of(self.sent[name]) != (held or ""):
                self.wrote(field)
                await self.person.type(
                    field.key[1], text_of(self.sent[name]), block_id=field.key[0]
                )


def text_of(sent: str) -> str:
    """Forms send line breaks as CR LF; what was typed has LF."""
    return sent.replace("\r\n", "\n")

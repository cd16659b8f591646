"""An action of a person in a tab: the posted form, and the part of the screen that it names."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from multidict import MultiMapping

from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import BrowserTab
from sandbox.page.field_view import drawn_name
from sandbox.page.render_context import key_of, name_of
from sandbox.slack import Ephemeral, Message, NotOnScreenError, Person
from sandbox.slack.form import STATE_KEYS, TEXT_INPUTS, Field
from sandbox.slack.views import OpenView

PLAIN_CHOICES = frozenset({"radio_buttons", "checkboxes"})
"""Kinds of element whose choice is posted with every action of the form."""
DATES = frozenset({"datepicker", "timepicker", "datetimepicker"})


class StaleActionError(NotOnScreenError):
    """The action was for a part of the screen that is gone. The person need not be told."""


@dataclass(frozen=True)
class Action:
    """`posted` is the form as the browser sent it."""

    state: AppState
    tab: BrowserTab
    posted: MultiMapping[str]

    @property
    def user(self) -> str:
        return self.tab.location.user

    @property
    def person(self) -> Person:
        return self.state.person(self.user)

    @property
    def view(self) -> OpenView:
        """:raises StaleActionError: when it is no longer the view on top"""
        top = self.state.sandbox.slack.views.screens[self.user].top
        if top is None or self.posted.get("view") != top.id:
            raise StaleActionError
        return top

    @property
    def field(self) -> Field:
        """The field that was used.

        :raises StaleActionError: when the view has no such field
        """
        key, value = key_of(self.posted["field"]), self.posted.get("value")
        fields = [field for field in self.view.form.fields if field.key == key]
        exact = [field for field in fields if field.element.get("value") == value]
        if not fields:
            raise StaleActionError
        return (exact or fields)[0]

    @property
    def message(self) -> Message | Ephemeral:
        """:raises NotOnScreenError: when it was deleted"""
        channel, ts = self.posted["channel"], self.posted["ts"]
        ephemerals = {message.ts: message for message in self.person.ephemerals}
        messages = self.state.sandbox.slack.workspace.messages[channel]
        message = messages.get(ts) or ephemerals.get(ts)
        if message is None:
            raise NotOnScreenError("the message was deleted")
        return message

    def mark_edited(self, field: Field) -> None:
        """Record that this tab shows the value that the field is about to hold."""
        self.state.last_editors[self.view.id, field.key] = self.tab.id

    def redraw_field(self) -> None:
        """Draw the field that was used with its value again, after the value was refused."""
        top = self.state.sandbox.slack.views.screens[self.user].top
        name = self.posted.get("field")
        if top is None or name is None:
            return
        for field in top.form.fields:
            if field.key == key_of(name) and field.type in STATE_KEYS:
                self.tab.redraw(drawn_name(top, field), top.form.value(field))

    async def take_typing(self, *, is_last: bool = False) -> None:
        """Put the values that the posted form shows into its fields.

        A choice with dispatch_action is left out: an action of its own puts its value. A text is
        not: Slack sends the typed text with every press.

        :param is_last: whether the form is being sent, so that an action on its way comes too late
        """
        for field in self.view.form.fields:
            name, (block_id, action_id) = name_of(field.key), field.key
            acts_later = field.dispatches and not is_last and field.type not in TEXT_INPUTS
            if acts_later or name not in self.posted:
                continue
            value = self.view.form.value(field)
            if field.type in TEXT_INPUTS:
                if (text := text_of(self.posted[name])) != (value or ""):
                    self.mark_edited(field)
                    await self.person.type(action_id, text, block_id=block_id)
            elif field.type in PLAIN_CHOICES:
                if (choice := self.choice(field)) != _option_values(value):
                    self.mark_edited(field)
                    await self.person.choose(action_id, choice, block_id=block_id)
            elif field.type in DATES and (when := self.date(field)) not in {value, None}:
                self.mark_edited(field)
                await self.person.pick_date(action_id, when, block_id=block_id)

    def choice(self, field: Field) -> list[str] | str | None:
        """The values that are ticked or selected in the posted form."""
        values = self.posted.getall(name_of(field.key), [])
        return values if field.type == "checkboxes" else (values[0] or None)

    def date(self, field: Field) -> int | str | None:
        """A day, an hour, or both as UNIX seconds; None unless all parts are filled."""
        parts = self.posted.getall(name_of(field.key), [])
        if not parts or not all(parts):
            return None
        if field.type != "datetimepicker":
            return parts[0]
        zone = ZoneInfo(self.person.user.tz)
        return int(datetime.fromisoformat("T".join(parts)).replace(tzinfo=zone).timestamp())


Handlers = Mapping[str, Callable[[Action], Awaitable[None]]]
"""The handler of each verb. It raises NotOnScreenError for what Slack's client would not allow."""


def _option_values(chosen: Any) -> list[str] | str | None:
    """The value of an option, or the values of several."""
    if isinstance(chosen, list):
        return [option["value"] for option in chosen]
    value: str | None = chosen["value"] if chosen else None
    return value


def text_of(posted: str) -> str:
    """A typed text. A form posts its line breaks as CR LF."""
    return posted.replace("\r\n", "\n")

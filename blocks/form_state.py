"""The private_metadata of a form, which travels from Slack to the bot and back."""

import secrets
import time
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

METADATA_LIMIT = 3_000
"""Characters that Slack takes."""


class FormState(BaseModel):
    """The state of one kind's form between two drawings. Each kind has its own class.

    Every field has a default: a form that was opened by another release may not have it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


State = TypeVar("State", bound=FormState)


class _Carried(BaseModel):
    """A part of private_metadata. Unknown keys are ignored.

    After a rollback the forms on people's screens were drawn by the newer release. They must still
    be readable, or people lose what they typed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


class Origin(_Carried):
    """Where a form was opened. It is stored with the report, and its receipt is posted there."""

    team: str
    channel: str
    thread_ts: str | None = None
    """The thread to post in; None for a command, which has no thread."""
    link: str | None = None
    """The permalink of the message that a shortcut was used on."""
    message: str | None = None
    """The fingerprint of its words; see `blocks.repeated`."""
    place: str | None = None
    """`direct` or `group` for a conversation that has no name; None for a channel."""

    @property
    def is_channel(self) -> bool:
        """Whether it is a channel with a name, which others read."""
        return self.place is None and not self.channel.startswith("D")


class Earlier(_Carried):
    """An earlier report of the same thing. The form shows it and asks whether to file another."""

    number: int
    who: str
    at: int
    """UNIX seconds."""
    state: str
    remote_id: str | None = None
    about: str = ""
    """Its request in the person's words: 100 characters at most."""
    link: str | None = None
    """The address of its thread; None where the person cannot open it."""


class Edited(_Carried):
    """The stored report that a form edits."""

    number: int
    doubtful: bool = False
    """The report was sent and may have arrived: the form shows a warning."""
    revision: int | None = None
    """The report's revision that the form shows, or warned of. None in a form of an earlier
    release."""
    changed: bool = False
    """The report has changed since the form was opened: the form shows a warning."""


class FormMetadata(_Carried, Generic[State]):
    """A form's private_metadata, 3,000 characters at most."""

    key: str
    """Made when the form opened: the same form submitted twice is one report."""
    origin: Origin
    state: State
    redraws: int = 1
    """How often the form was drawn. It numbers the blocks that must be replaced."""
    edits: Edited | None = None
    earlier: tuple[Earlier, ...] = ()
    """Earlier reports of the same, once the form has asked about them."""
    set_aside: Mapping[str, int | str | tuple[str, ...]] = {}
    """The answers of fields that a choice took off the screen, until a choice brings them back.
    Slack sends no values of fields that are not on screen.
    """

    @model_validator(mode="before")
    @classmethod
    def _of_an_earlier_release(cls, data: Any) -> Any:
        """Read a form that was opened before `state` existed: its fields stood beside the others.

        A form that is created without a state gets its kind's defaults.
        """
        if not isinstance(data, dict) or "state" in data:
            return data
        return {**data, "state": {k: v for k, v in data.items() if k not in cls.model_fields}}

    def setting_aside(self, values: Mapping[str, Any]) -> "FormMetadata[State]":
        """The same with these answers of fields that are not drawn, as far as there is room."""
        full = self.model_copy(update={"set_aside": values})
        if len(full.model_dump_json(exclude_defaults=True)) <= METADATA_LIMIT:
            return full
        return self.model_copy(update={"set_aside": {}})

    def redrawn(self) -> "FormMetadata[State]":
        return self.model_copy(update={"redraws": self.redraws + 1})

    def with_state(self, **changes: Any) -> "FormMetadata[State]":
        """The same with some fields of its state changed."""
        return self.model_copy(update={"state": self.state.model_copy(update=changes)})


def new_key() -> str:
    """32 characters that no other form has.

    Keys begin with the time, so that they stand side by side in the database's index. A million
    random keys would each be written to another page of it.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"

"""A draft as it is stored: anomalies that a person gathers until they are filed together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.transitions import Json


class Outcome(StrEnum):
    """The result of storing an anomaly in a draft."""

    STORED = "stored"
    SENT = "sent"
    """The form was sent meanwhile, and has no draft any more. Nothing was stored."""
    FULL = "full"
    """The draft holds as many anomalies as it may. Nothing was stored."""
    GONE = "gone"
    """The draft does not hold the anomaly that was edited any more. Nothing was stored."""


@dataclass(frozen=True)
class DraftAnomaly:
    body: Json
    photos: tuple[str, ...] = ()
    """The files that were added with it, in a shape of the form's."""
    fields_version: int | None = None
    """The version of the form's fields that it was added from. None for an anomaly that came with
    its draft from another form or from a stored report."""


@dataclass(frozen=True)
class Draft:
    key: str
    """The form's, and later the report's."""
    who: str
    channel: str
    edits: int | None
    """The number of the stored report that the form edits, if it edits one."""
    head: Json
    """The values that all anomalies have in common."""
    changed_at: float
    """UNIX seconds."""
    anomalies: Mapping[int, DraftAnomaly] = field(default_factory=dict)
    """By number, from 1 on. A number that was removed is not given again."""
    unfinished: Json | None = None
    """The fields that were typed and not added, as `storage.unfinished` keeps them."""

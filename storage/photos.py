"""Photos: the files in Slack that belong to a report, and the state of each in the API.

Only facts about a file are stored, never its bytes. A photo is stored in the transaction of its
report, and is sent after the report was filed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from storage.canonical_json import read_object
from storage.engine import Database, Row
from storage.transitions import Json


class PhotoState(StrEnum):
    WAITING = "waiting"
    """It will be sent once its report is filed. Nobody needs to do anything."""
    SENDING = "sending"
    """One process, the owner, works on it."""
    SENT = "sent"
    """The API confirmed that it has the bytes."""
    REFUSED = "refused"
    """It cannot be sent. The API does not have it."""
    UNCLEAR = "unclear"
    """The API may have it. It is not sent again."""


@dataclass(frozen=True)
class NewPhoto:
    """A file that was submitted with a report, as far as the payload describes it."""

    file: str
    """Slack's id of the file."""
    name: str = ""
    mimetype: str = ""
    size: int = 0
    """Bytes; 0 when it is not known."""
    thing: int = 0
    """The place, among the things of the report, of the thing that the photo shows."""


@dataclass(frozen=True)
class Photo:
    """A stored photo."""

    id: int
    number: int
    """Of its report."""
    thing: int
    file: str
    name: str
    mimetype: str
    size: int
    state: PhotoState
    cause: Json = field(default_factory=dict)
    """Why it is in this state: a `why` and its facts."""
    failures: int = 0
    """Failed tries since it was stored."""
    target: str | None = None
    """The API's id of the thing that it shows; None before it was found."""
    remote_id: str | None = None
    """The API's id of the photo."""


UNTAKEN = (
    "not exists (select 1 from photos as others where others.number = :number"
    " and others.thing <> :thing and others.target = :target)"
)
"""SQL that asks whether no other thing of the report has the target."""


def add(db: Database, number: int, new: Sequence[NewPhoto], *, now: float) -> None:
    """Store photos of a report. A file that the report has already is left as it is.

    :param now: UNIX seconds
    """
    for photo in new:
        db.execute(
            "insert into photos (number, thing, file, name, mimetype, size, state, changed_at,"
            " next_try) values (?, ?, ?, ?, ?, ?, 'waiting', ?, ?)"
            " on conflict (number, thing, file) do nothing",
            [
                number,
                photo.thing,
                photo.file,
                photo.name,
                photo.mimetype,
                photo.size,
                now,
                now,
            ],
        )


def move(db: Database, number: int, places: Mapping[int, int]) -> None:
    """An edit has given the things of a report other places. Photos of things that it took out are
    given up.

    :param places: the new place by the old one
    """
    for photo in of_report(db, number):
        if photo.thing not in places:
            db.execute("delete from photos where id = ?", [photo.id])
    for old, new in sorted(places.items()):
        if old != new:  # a place only ever becomes smaller, so none is taken
            db.execute(
                "update photos set thing = ? where number = ? and thing = ?", [new, number, old]
            )


def of_report(db: Database, number: int) -> tuple[Photo, ...]:
    """The photos of a report, in the order in which they were stored."""
    rows = db.execute("select * from photos where number = ? order by id", [number]).fetchall()
    return tuple(photo_of(row) for row in rows)


def learn(db: Database, photo: Photo, *, name: str, mimetype: str, size: int) -> None:
    """Store Slack's facts about the file."""
    db.execute(
        "update photos set name = ?, mimetype = ?, size = ? where id = ? and number = ?",
        [name, mimetype, size, photo.id, photo.number],
    )


def photo_of(row: Row) -> Photo:
    return Photo(
        id=row["id"],
        number=row["number"],
        thing=row["thing"],
        file=row["file"],
        name=row["name"],
        mimetype=row["mimetype"],
        size=row["size"],
        state=PhotoState(row["state"]),
        cause=read_object(row["cause"]) or {},
        failures=row["failures"],
        target=row["target"],
        remote_id=row["remote_id"],
    )

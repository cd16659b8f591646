"""The uses of things: what the newest reports of a kind were about, and who reported it where."""

from dataclasses import dataclass

from storage.canonical_json import read_object
from storage.engine import Database
from storage.transitions import Json


@dataclass(frozen=True)
class Use:
    """The targets, the reporter and the place of a report."""

    number: int
    who: str
    origin: Json
    payload: Json


def list_uses(db: Database, kind: str, *, after: int, limit: int) -> list[Use]:
    """The newest reports of a kind whose number is above `after`, oldest first.

    A row that cannot be read is left out.
    """
    rows = db.execute(
        "select number, who, origin, payload from reports where number > ? and kind = ?"
        " and erased_at is null order by number desc limit ?",
        [after, kind, limit],
    )
    uses = []
    for row in reversed(rows.fetchall()):
        origin, payload = read_object(row["origin"]), read_object(row["payload"])
        if origin is not None and payload is not None:
            uses.append(Use(row["number"], row["who"], origin, payload))
    return uses

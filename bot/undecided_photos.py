"""The findings of a report whose photos wait for their anomaly: until it is found, or until a
person chooses it.
"""

from collections.abc import Iterator, Sequence

from blocks.photo_choice import ROWS, Row, Undecided
from bot.kind import AnyKind
from storage import photos
from storage.photos import Photo, PhotoState
from storage.reports import Report
from storage.states import State
from storage.store import Store

_WAITING = frozenset({PhotoState.WAITING, PhotoState.SENDING})


async def undecided(store: Store, kind: AnyKind, report: Report) -> list[Undecided]:
    """In the order of the findings. Their rows were stored when they were looked for, so the API
    is not asked.
    """
    if report.state != State.FILED:
        return []
    stored = await store.read(photos.of_report, report.number)
    waiting = [photo for photo in stored if photo.state in _WAITING and photo.target is None]
    return list(_findings(kind, report, waiting))


def _findings(kind: AnyKind, report: Report, waiting: Sequence[Photo]) -> Iterator[Undecided]:
    for place in sorted({photo.thing for photo in waiting if photo.cause.get("why") == "choose"}):
        of_thing = [photo for photo in waiting if photo.thing == place]
        rows = {
            row["id"]: Row(row["id"], row["title"], row["at"])
            for photo in of_thing
            for row in photo.cause.get("rows", ())
        }
        title = kind.receipt.thing(report.payload, place)
        yield Undecided(place, title, [photo.name for photo in of_thing], [*rows.values()][:ROWS])

"""The queue of photos of filed reports: the next photo to send, and the process that sends it.

A claim has an owner and a lease. `begin` is called right before the API is asked to take a photo: a
photo that may have been taken is not sent again.
"""

from collections.abc import Sequence

from storage import audit
from storage.canonical_json import to_json
from storage.engine import Database
from storage.leases import renew_leases
from storage.photos import UNTAKEN, Photo, PhotoState, photo_of
from storage.transitions import Json, fetch_one, outdate_receipt

__all__ = ["Photo", "PhotoState"]

LOOKED_FOR = frozenset({"not_found", "choose"})
"""The `why` of photos whose target is not known. A person may choose it for `choose`."""
_FILED = "exists (select 1 from reports where reports.number = photos.number and state = 'filed')"
_SENDING = "state = 'sending'"
# SQLite gives the id of an erased photo to a new one, but never the number of a report.
_CLAIMED = "id = ? and number = ? and state = 'sending' and owner = ?"
CLAIM = f"""
update photos set state = 'sending', owner = :owner, lease = :now + :lease where id = (
    select id from photos where photos.state = 'waiting' and next_try <= :now and {_FILED}
    order by next_try, id limit 1
) returning *
"""  # noqa: S608 - ours


def claim(db: Database, owner: str, *, now: float, lease: float) -> Photo | None:
    """Take the photo of a filed report that is due longest. No other process can take it.

    :param lease: seconds after which a photo counts as given up by its owner
    """
    _end_leases(db, "lease < ? or lease > ?", [now, now + 2 * lease], now=now)
    row = fetch_one(db, CLAIM, {"owner": owner, "now": now, "lease": lease})
    return photo_of(row) if row else None


NEXT_DUE = f"""
select min(due) from (
    select min(next_try) as due from photos where photos.state = 'waiting' and {_FILED}
    union all select min(lease) from photos where state = 'sending'
) as moments
"""  # noqa: S608 - ours


def next_due(db: Database) -> float | None:
    """When the next photo of a filed report is due, or the next lease ends, UNIX seconds; None when
    there is nothing to do.
    """
    due = db.execute(NEXT_DUE).fetchone()[0]
    return None if due is None else float(due)


def free_claims(db: Database, owner: str, *, now: float, lease: float) -> None:
    """Waiting photos are due now, and those of other processes are no longer claimed. Those that
    the owner works on stay claimed.

    Only the back office calls it. A process that was it before, and still works on a photo, asks
    with `begin` whether the photo is its own.

    :param lease: seconds, as of `claim`
    """
    db.execute(
        "update photos set next_try = ? where state = 'waiting' and next_try > ?", [now, now]
    )
    renew_leases(db, "photos", _SENDING, owner, until=now + lease)
    _end_leases(db, "owner <> ?", [owner], now=now)


def begin(db: Database, photo: Photo, owner: str, *, now: float) -> bool:
    """Store that the API is going to be asked to take a photo.

    :returns: False when the photo is no longer the owner's, or the owner has begun to send it in a
        later claim; then the API must not be asked
    """
    cursor = db.execute(
        f"update photos set begun_at = ? where {_CLAIMED} and begun_at is null",  # noqa: S608 - ours
        [now, photo.id, photo.number, owner],
    )
    return cursor.rowcount == 1


def set_target(db: Database, photo: Photo, target: str) -> bool:
    """Store, once, the API's id of the thing that these photos show.

    :returns: False when a person has chosen another one for them, or this one for other photos
    """
    values = {"number": photo.number, "thing": photo.thing, "target": target}
    db.execute(
        "update photos set target = :target where number = :number and thing = :thing"  # noqa: S608
        f" and target is null and {UNTAKEN}",
        values,
    )
    of_photo = "select target from photos where id = ? and number = ?"
    row = fetch_one(db, of_photo, [photo.id, photo.number])
    return row is not None and row["target"] == target


def finish(
    db: Database,
    photo: Photo,
    owner: str,
    state: PhotoState,
    cause: Json,
    *,
    now: float,
    remote_id: str | None = None,
) -> None:
    """Store the final state of a photo, and mark the receipt as outdated. Nothing happens when the
    photo is no longer the owner's.
    """
    cursor = db.execute(
        "update photos set state = ?, cause = ?, changed_at = ?, lease = null, remote_id = ?"  # noqa: S608
        f" where {_CLAIMED}",
        [state.value, to_json(cause), now, remote_id, photo.id, photo.number, owner],
    )
    if cursor.rowcount and state is PhotoState.UNCLEAR:
        _note_doubt(db, photo.number, now)
    elif cursor.rowcount:
        outdate_receipt(db, photo.number, now)


def _note_doubt(db: Database, number: int, now: float) -> None:
    """Photos of a report may have arrived: its history has a row, so that a decision about earlier
    photos does not count for these.
    """
    report = db.execute("select * from reports where number = ?", [number]).fetchone()
    audit.append(db, report, {"why": "photos_unclear"}, now)
    outdate_receipt(db, number, now)


def postpone(
    db: Database, photo: Photo, owner: str, cause: Json, *, until: float, now: float
) -> None:
    """The API does not have the photo; it is tried again. If a person has chosen its target while
    the bot looked for it, it is tried again at once. If not, the other photos of the same thing
    wait as long for the next look: one look serves them all.

    :param until: UNIX seconds
    """
    chosen = "select 1 from photos where id = ? and number = ? and target is not null"
    is_looked_for = cause.get("why") in LOOKED_FOR
    if is_looked_for and fetch_one(db, chosen, [photo.id, photo.number]):
        until, cause, is_looked_for = now, {}, False
    cursor = db.execute(
        "update photos set state = 'waiting', cause = ?, next_try = ?, lease = null,"  # noqa: S608
        f" begun_at = null, failures = failures + 1 where {_CLAIMED}",
        [to_json(cause), until, photo.id, photo.number, owner],
    )
    is_news = cause.get("why") != photo.cause.get("why")
    if cursor.rowcount and is_looked_for:
        is_news |= _postpone_others(db, photo, to_json(cause), until)
    if cursor.rowcount and is_news:
        outdate_receipt(db, photo.number, now)


def _postpone_others(db: Database, photo: Photo, cause: str, until: float) -> bool:
    """:returns: whether one of them had another cause"""
    others = "number = ? and thing = ? and id <> ? and state = 'waiting' and target is null"
    values = [photo.number, photo.thing, photo.id]
    other_cause = f"select 1 from photos where {others} and cause <> ?"  # noqa: S608 - ours
    is_news = fetch_one(db, other_cause, [*values, cause]) is not None
    db.execute(
        f"update photos set cause = ?, next_try = ? where {others}",  # noqa: S608 - ours
        [cause, until, *values],
    )
    return is_news


def fail(db: Database, photo: Photo, owner: str, *, until: float, now: float) -> None:
    """Work on a photo met a fault that nobody foresaw. It is tried again, unless the API may have
    been asked already: then it is unclear.

    :param until: UNIX seconds
    """
    begun = "select 1 from photos where id = ? and number = ? and begun_at is not null"
    if fetch_one(db, begun, [photo.id, photo.number]):
        finish(db, photo, owner, PhotoState.UNCLEAR, {"why": "cut"}, now=now)
    else:
        postpone(db, photo, owner, {"why": "error"}, until=until, now=now)


def _end_leases(db: Database, where: str, values: Sequence[object], *, now: float) -> None:
    """End leases of another process. This one sends those photos that the API was not
    asked to take.
    """
    begun = f"state = 'sending' and begun_at is not null and ({where})"
    rows = db.execute(f"select distinct number from photos where {begun}", values).fetchall()  # noqa: S608 - ours
    db.execute(
        "update photos set state = 'unclear', cause = ?, changed_at = ?, lease = null"  # noqa: S608 - ours
        f" where {begun}",
        [to_json({"why": "died"}), now, *values],
    )
    db.execute(
        "update photos set state = 'waiting', lease = null, next_try = ?"  # noqa: S608 - ours
        f" where state = 'sending' and begun_at is null and ({where})",
        [now, *values],
    )
    for row in rows:
        _note_doubt(db, row["number"], now)

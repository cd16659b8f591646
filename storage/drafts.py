"""Drafts: anomalies that a person gathers until they are filed together. Each function is one
transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from storage.canonical_json import read_json, to_json
from storage.draft_model import Draft, DraftAnomaly, Outcome
from storage.engine import Database, Row
from storage.transitions import Json, fetch_one
from storage.workspaces import INSTALLED

__all__ = ["Draft", "DraftAnomaly", "Outcome"]


class DraftChangedError(Exception):
    """A form was read with a draft that has changed since. Nothing was stored."""


def add(
    db: Database,
    draft: Draft,
    body: Json,
    *,
    fields_version: int,
    limit: int,
    photos: Sequence[str] = (),
) -> Outcome:
    """Add an anomaly under the next free number, and make the draft if there is none.

    The same anomaly from the same version of the fields is added once, however often the press
    arrives.

    :param draft: without anomalies
    :param limit: anomalies in a draft at most
    """
    if was_sent(db, draft.key):
        return Outcome.SENT
    anomaly = to_json(body)
    again = "select 1 from draft_anomalies where key = ? and fields_version = ? and body = ?"
    if fetch_one(db, again, [draft.key, fields_version, anomaly]):
        return Outcome.STORED
    count = db.execute(
        "select count(*) from draft_anomalies where key = ?", [draft.key]
    ).fetchone()[0]
    if count >= limit:
        return Outcome.FULL
    save(db, draft)
    _insert(db, draft.key, _next_number(db, draft.key), anomaly, fields_version, photos)
    return Outcome.STORED


def replace(
    db: Database,
    draft: Draft,
    number: int,
    body: Json,
    *,
    fields_version: int,
    limit: int,
    photos: Sequence[str] = (),
) -> Outcome:
    """Put another version in the place of an anomaly.

    The same version of the fields replaces it once. A later anomaly from the same version was typed
    in a form that was not drawn again. It is another anomaly, and is added.

    :param draft: without anomalies
    :param limit: anomalies in a draft at most
    :param photos: are added to those that it has
    """
    if was_sent(db, draft.key):
        return Outcome.SENT
    stored = "select fields_version, photos from draft_anomalies where key = ? and number = ?"
    row = fetch_one(db, stored, [draft.key, number])
    if row is None:
        return Outcome.GONE
    if row["fields_version"] == fields_version:
        return add(db, draft, body, fields_version=fields_version, limit=limit, photos=photos)
    db.execute(
        "update draft_anomalies set body = ?, fields_version = ?, photos = ?"
        " where key = ? and number = ?",
        [to_json(body), fields_version, _joined(row["photos"], photos), draft.key, number],
    )
    save(db, draft)
    return Outcome.STORED


def fill(db: Database, draft: Draft) -> None:
    """Make a draft with its anomalies, unless the form has a draft or was sent."""
    there = "select 1 from drafts where key = ?"
    if was_sent(db, draft.key) or fetch_one(db, there, [draft.key]):
        return
    save(db, draft)
    for number, anomaly in draft.anomalies.items():
        body = to_json(anomaly.body)
        _insert(db, draft.key, number, body, anomaly.fields_version, anomaly.photos)


def was_sent(db: Database, key: str) -> bool:
    """Whether a form became a report. It has no draft then, and gets none."""
    sent = "select 1 from reports where key = ? or edit_key = ?"
    return fetch_one(db, sent, [key, key]) is not None


def save(db: Database, draft: Draft) -> None:
    """Insert or update the draft itself, with its unfinished fields and without its anomalies."""
    db.execute(
        "insert into drafts (key, who, channel, edits, head, changed_at, unfinished, team)"  # noqa: S608 - ours
        f" values (?, ?, ?, ?, ?, ?, ?, {INSTALLED}) on conflict (key) do update set"
        " head = excluded.head, changed_at = excluded.changed_at, unfinished = excluded.unfinished",
        [
            draft.key,
            draft.who,
            draft.channel,
            draft.edits,
            to_json(draft.head),
            draft.changed_at,
            None if draft.unfinished is None else to_json(draft.unfinished),
        ],
    )


def _next_number(db: Database, key: str) -> int:
    """The number after the highest that the draft ever gave."""
    row = db.execute(
        "select max(last_number, (select coalesce(max(number), 0) from draft_anomalies"
        " where key = drafts.key)) + 1 from drafts where key = ?",
        [key],
    ).fetchone()
    return int(row[0])


def _joined(stored: str | None, photos: Sequence[str]) -> str:
    return json.dumps(list(dict.fromkeys([*json.loads(stored or "[]"), *photos])))


def _insert(
    db: Database,
    key: str,
    number: int,
    body: str,
    fields_version: int | None,
    photos: Sequence[str],
) -> None:
    db.execute("update drafts set last_number = max(last_number, ?) where key = ?", [number, key])
    db.execute(
        "insert into draft_anomalies (key, number, body, fields_version, photos)"
        " values (?, ?, ?, ?, ?)",
        [key, number, body, fields_version, _joined(None, photos)],
    )


def take_out(db: Database, key: str, number: int, *, who: str, now: float) -> None:
    """Remove an anomaly, and the draft once it holds nothing."""
    db.execute("update drafts set changed_at = ? where key = ? and who = ?", [now, key, who])
    db.execute(
        "delete from draft_anomalies where number = ?"
        " and key in (select key from drafts where key = ? and who = ?)",
        [number, key, who],
    )
    delete_if_empty(db, key)


def delete_if_empty(db: Database, key: str) -> None:
    db.execute(
        "delete from drafts where key = ? and unfinished is null"
        " and key not in (select key from draft_anomalies)",
        [key],
    )


def hand_over(db: Database, key: str, to: str, *, who: str, channel: str, now: float) -> bool:
    """Give a draft to another form of the same person. The form that had it has none then.

    :returns: False when the draft was filed, discarded or handed over meanwhile, or the other form
        has a draft with anomalies of its own
    """
    if fetch_one(db, "select 1 from drafts where key = ? and who = ?", [key, who]) is None:
        return False
    if fetch_one(db, "select 1 from draft_anomalies where key = ?", [to]):
        return False
    typed = fetch_one(db, "select unfinished from drafts where key = ?", [to])
    db.execute("delete from drafts where key = ?", [to])
    # What was typed in the other form is on the screen: it stays unless the draft brings its own.
    db.execute(
        "update drafts set key = ?, channel = ?, changed_at = ?,"
        " unfinished = coalesce(unfinished, ?) where key = ?",
        [to, channel, now, typed["unfinished"] if typed else None, key],
    )
    # The versions of another form's fields say nothing about this form's.
    db.execute("update draft_anomalies set fields_version = null where key = ?", [to])
    return True


def discard(db: Database, key: str, *, who: str) -> None:
    db.execute("delete from drafts where key = ? and who = ?", [key, who])


def delete(db: Database, key: str) -> None:
    """Delete the draft of a form that was stored as a report, in the same transaction."""
    db.execute("delete from drafts where key = ?", [key])


def check(db: Database, key: str, read: Mapping[int, DraftAnomaly] | None) -> None:
    """:raises DraftChangedError: when a form's draft has other anomalies than these"""
    if read is not None and _anomalies(db, key) != read:
        raise DraftChangedError(key)


def forget_edits(db: Database, *, before: float) -> None:
    """Delete old drafts of edits that were not sent: the stored reports stay as they were."""
    db.execute("delete from drafts where edits is not null and changed_at < ?", [before])


def everyone(db: Database) -> list[Draft]:
    return _read(db, db.execute("select * from drafts"))


def of_person(db: Database, who: str) -> list[Draft]:
    return _read(db, db.execute("select * from drafts where who = ?", [who]))


def _read(db: Database, rows: Iterable[Row]) -> list[Draft]:
    return [
        Draft(
            key=row["key"],
            who=row["who"],
            channel=row["channel"],
            edits=row["edits"],
            head=json.loads(row["head"]),
            changed_at=row["changed_at"],
            unfinished=read_json(row["unfinished"]) if row["unfinished"] else None,
            anomalies=_anomalies(db, row["key"]),
        )
        for row in list(rows)
    ]


def _anomalies(db: Database, key: str) -> dict[int, DraftAnomaly]:
    rows = db.execute(
        "select number, body, photos, fields_version from draft_anomalies where key = ?"
        " order by number",
        [key],
    )
    return {
        number: DraftAnomaly(json.loads(body), tuple(json.loads(photos or "[]")), version)
        for number, body, photos, version in rows
    }

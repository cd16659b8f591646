"""Drafts: findings that a person gathers until they are filed together. Each function is one
transaction.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from sqlite3 import Row

from sqlite_utils import Database

from storage.canonical_json import to_json
from storage.transitions import Json


@dataclass(frozen=True)
class Draft:
    key: str
    """Of the form that fills it, and of the report that it becomes."""
    who: str
    channel: str
    edits: int | None
    """The stored report that its form edits, if it edits one."""
    head: Json
    """What all findings have in common."""
    changed_at: float
    findings: Mapping[int, Json]


def put(db: Database, draft: Draft) -> bool:
    """Make the draft, or add its findings to it; a finding takes the place of its number's.

    :returns: False when the form was sent meanwhile: there is no draft any more then
    """
    sent = "select 1 from reports where key = ? or edit_key = ?"
    if db.execute(sent, [draft.key, draft.key]).fetchone():
        return False
    db.execute(
        "insert into drafts (key, who, channel, edits, head, changed_at)"
        " values (?, ?, ?, ?, ?, ?) on conflict (key) do update"
        " set head = excluded.head, changed_at = excluded.changed_at",
        [
            draft.key,
            draft.who,
            draft.channel,
            draft.edits,
            to_json(draft.head),
            draft.changed_at,
        ],
    )
    for number, body in draft.findings.items():
        values = [draft.key, number, to_json(body)]
        db.execute("insert or replace into draft_anomalies values (?, ?, ?)", values)
    return True


def take_out(db: Database, key: str, number: int, *, who: str, now: float) -> None:
    """Remove a finding, and the draft with its last."""
    db.execute("update drafts set changed_at = ? where key = ? and who = ?", [now, key, who])
    db.execute(
        "delete from draft_anomalies where number = ?"
        " and key in (select key from drafts where key = ? and who = ?)",
        [number, key, who],
    )
    db.execute(
        "delete from drafts where key = ? and key not in (select key from draft_anomalies)", [key]
    )


def hand_over(db: Database, key: str, to: str, *, who: str, channel: str, now: float) -> bool:
    """Give a draft to another form of the same person. The form that had it has none then.

    :returns: False when it was filed, discarded or taken over meanwhile
    """
    row = db.execute(
        "update drafts set key = ?, channel = ?, changed_at = ? where key = ? and who = ?"
        " and not exists (select 1 from drafts where key = ?) returning key",
        [to, channel, now, key, who, to],
    ).fetchone()
    return row is not None


def discard(db: Database, key: str, *, who: str) -> None:
    db.execute("delete from drafts where key = ? and who = ?", [key, who])


def delete(db: Database, key: str) -> None:
    """Its form was stored as a report: in the same transaction its draft goes."""
    db.execute("delete from drafts where key = ?", [key])


def forget_edits(db: Database, *, before: float) -> None:
    """An edit that was not sent leaves the stored report as it was: its draft may go."""
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
            findings={
                number: json.loads(body)
                for number, body in db.execute(
                    "select number, body from draft_anomalies where key = ? order by number",
                    [row["key"]],
                )
            },
        )
        for row in list(rows)
    ]

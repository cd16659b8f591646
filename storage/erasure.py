"""Erasing what people wrote, and who wrote it. The reports' numbers, kinds, states, times and
references stay, and the audit trail stays whole.

A report that is still to be sent is not erased. A refused or unknown one is discarded with it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from storage import audit
from storage.canonical_json import read_object, to_json
from storage.engine import Database, Row
from storage.states import State

FINISHED = (State.FILED, State.DISCARDED, State.REFUSED, State.UNKNOWN)
"""The states of reports that can be erased."""


@dataclass(frozen=True)
class Rule:
    """Which reports are erased. Both conditions apply."""

    name: str
    """The note in the history. It contains no name or id of a person."""
    person: str | None = None
    """A Slack user id."""
    before: float | None = None
    """UNIX seconds. Reports that were stored before this time."""


def erase_reports(
    db: Database,
    rule: Rule,
    *,
    now: float,
    limit: int,
    after: int = 0,
    who: str | None = None,
) -> list[int]:
    """Erase the oldest reports of a rule that can be erased.

    :param after: only reports with a higher number, to go on behind an earlier portion
    :param limit: so many reports at most: each takes about a millisecond of the write lock
    :param who: the operator; None when the bot does it
    :returns: their numbers
    :raises audit.AuditTrailError: when a report or its history was changed by hand
    """
    rows = db.execute(
        f"select * from reports where {_OF_RULE} and {_FREE}"  # noqa: S608 - conditions of this file
        " and state in (select value from json_each(:finished)) and number > :after"
        " order by number limit :limit",
        _values(rule, now) | {"finished": json.dumps(FINISHED), "limit": limit, "after": after},
    ).fetchall()
    for row in rows:
        _erase_report(db, row, rule, now, who)
    return [row["number"] for row in rows]


def not_erasable(db: Database, rule: Rule) -> list[tuple[int, str]]:
    """The reports of a rule that are left, with their states."""
    rows = db.execute(
        f"select number, state from reports where {_OF_RULE} order by number",  # noqa: S608 - ours
        _values(rule, 0.0),
    )
    return [(row["number"], row["state"]) for row in rows]


def count_reports(db: Database, rule: Rule) -> int:
    """How many reports of a rule are not erased yet."""
    sql = f"select count(*) from reports where {_OF_RULE}"  # noqa: S608 - conditions of this file
    return int(db.execute(sql, _values(rule, 0.0)).fetchone()[0])


def decided_by(db: Database, person: str) -> list[int]:
    """The numbers of other people's reports whose history has the person's name. It reads the whole
    history: about a second for a million rows.
    """
    rows = db.execute(
        f"select distinct number from history where {_BY_PERSON} order by number",  # noqa: S608 - ours
        {"person": person},
    )
    return [row[0] for row in rows]


def erase_decisions(
    db: Database, person: str, numbers: Sequence[int], rule: Rule, *, now: float, who: str
) -> None:
    """Erase a person's name from the history of these reports, which others wrote.

    :raises audit.AuditTrailError: when the history was changed by hand
    """
    for number in numbers:
        rows = db.execute(
            f"select * from history where number = :number and {_BY_PERSON} order by id",  # noqa: S608
            {"number": number, "person": person},
        ).fetchall()
        db.execute(
            "update reports set cause = json_remove(cause, '$.by')"
            " where number = ? and json_valid(cause) and json_extract(cause, '$.by') = ?",
            [number, person],
        )
        report = db.execute("select * from reports where number = ?", [number]).fetchone()
        audit.erase_rows(db, rows, report, rule.name, now, who=who)


def erase_person(db: Database, person: str) -> None:
    """Erase what is stored about a person beside reports, such as name, habits and drafts."""
    # The id of an event stays, so that the event is recognized if Slack sends it again.
    db.execute(
        "update events set facts = '{}', next_try = null, lease = null"
        " where json_valid(facts) and json_extract(facts, '$.user') = ?",
        [person],
    )
    db.execute("delete from homes where user = ?", [person])
    db.execute("delete from drafts where who = ?", [person])
    db.execute("delete from habits where who = ?", [person])
    db.execute("delete from people where id = ?", [person])
    db.execute("delete from notices where who = ? or (place = ? and ts is not null)", [person] * 2)
    db.execute("update alerts set seen_by = '' where seen_by = ?", [person])


def delete_calls(db: Database, *, before: float, limit: int) -> int:
    """Delete the oldest calls of the APIs, at most `limit`.

    :param before: UNIX seconds
    :returns: how many were deleted
    """
    return _delete_oldest(db, "calls", before, limit)


def delete_messages(db: Database, *, before: float, limit: int) -> int:
    """Delete the oldest records of posted messages, at most `limit` of receipts and as many of
    notices. Slack keeps the messages. The notices of an outage stay until it is over, so that they
    say so then, and nobody is told of it again.
    """
    notices = db.execute(
        "delete from notices where id in (select id from notices where posted_at < ?"
        " and posted = version and not exists"
        " (select 1 from outages where outages.id = outage and ended_at is null)"
        " order by id limit ?)",
        [before, limit],
    ).rowcount
    return max(int(notices), _delete_oldest(db, "messages", before, limit))


def _delete_oldest(db: Database, table: str, before: float, limit: int) -> int:
    cursor = db.execute(
        f"delete from {table} where id in"  # noqa: S608 - a name of this file
        f" (select id from {table} where at < ? order by id limit ?)",
        [before, limit],
    )
    return int(cursor.rowcount)


_OF_RULE = (
    "erased_at is null and (cast(:person as text) is null or who = :person)"
    " and (cast(:before as double precision) is null or created_at < :before)"
)
_FREE = (
    "not exists (select 1 from receipts where receipts.number = reports.number and lease > :now)"
)
"""No process is posting the receipt of the report."""
_BY_PERSON = (
    "erased_by is null and number not in (select number from reports where reports.who = :person)"
    " and (who = :person or"
    " (json_valid(cause) and json_extract(cause, '$.by') = :person))"
)


def _values(rule: Rule, now: float) -> dict[str, object]:
    return {"person": rule.person, "before": rule.before, "now": now}


def _erase_report(db: Database, row: Row, rule: Rule, now: float, who: str | None) -> None:
    audit.check_report(db, row)
    number = row["number"]
    history = db.execute(
        "select * from history where number = ? and erased_by is null"
        " and not (json_valid(cause) and json_extract(cause, '$.why') = ?) order by id",
        [number, audit.ERASED],
    ).fetchall()
    cause = to_json({"why": (read_object(row["cause"]) or {}).get("why")})
    _erase_beside(db, number)  # first: the Home that shows it is found by the person
    db.execute(
        "update reports set who = '', origin = '{}', payload = '{}', answer = '{}', cause = ?,"
        " labels = null, salt = null, edit_key = null, erased_at = ?,"
        " state = iif(state = 'filed', state, 'discarded') where number = ?",
        [cause, now, number],
    )
    report = db.execute("select * from reports where number = ?", [number]).fetchone()
    audit.erase_rows(db, history, report, rule.name, now, who=who)


def _erase_beside(db: Database, number: int) -> None:
    """Everything about a report that is in other tables. Its receipt counts as posted, and the
    Homes that show it are outdated.
    """
    db.execute(
        "delete from lookups where substr(token, instr(token, ':') + 1) in"
        " (select target from targets where number = ?)",
        [number],
    )
    tables = "targets calls messages receipt_parts notices alerts photos report_texts"
    for table in tables.split():
        db.execute(f"delete from {table} where number = ?", [number])  # noqa: S608 - ours
    db.execute(
        "update receipts set version = version + 1, posted = version + 1, thread_channel = '',"
        " thread_ts = null, channel = null, ts = null, direct = false, opener_ts = null,"
        " opener_shown = null"
        " where number = ?",
        [number],
    )

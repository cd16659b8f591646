"""The history of every report's state and content, as a hash chain: a changed row is noticed.

A row is written when a report is submitted, claimed or edited, when its state changes, and when a
photo of it may have arrived. None is written when a waiting report is postponed or is due again,
nor when a lease is renewed.
Each row's hash covers the row, what the report held at that time, and the hash of the row before.
Rows and reports that were deleted from the end are noticed by the table `heads`.

A person's words can be erased without breaking the chain. The erased rows keep their hashes, and a
row behind them says so: `erased`, by which rule, and a hash of what is left of them. That row also
has the hash of what is left of the report. Rows and reports have random salts under their hashes.
A salt is erased with the words, so that nobody can find the words by trying. Rows from before the
salts have none.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from storage.canonical_json import read_object, to_json
from storage.engine import Database, Row

GENESIS = "0" * 64


class AuditTrailError(Exception):
    """The audit trail or a report was changed by hand."""

    def __init__(self, number: int, sentence: str) -> None:
        """:param number: of the report"""
        super().__init__(sentence)
        self.number = number


_HELD = ("kind", "api", "who", "created_at", "origin", "payload", "state", "remote_id", "answer")


def append(
    db: Database,
    report: Mapping[str, Any] | Row,
    cause: Mapping[str, Any],
    at: float,
    *,
    who: str | None = None,
) -> None:
    """Append a row. The caller's transaction must hold the write lock.

    :param report: its row after the change
    """
    row = {
        "number": report["number"],
        "at": at,
        "who": who,
        "state": report["state"],
        "cause": to_json(cause),
        "report_hash": _report_hash(report),
        "salt": new_salt(),
    }
    db.execute(_APPEND, row | {"row": to_json(row), "genesis": GENESIS})


# The hash is that of `_hash`. It is made where the row before is: nobody has to ask for that row
# first, which would cost a way to the server and back.
_APPEND = """
insert into history (number, at, who, state, cause, report_hash, salt, hash)
values (:number, :at, :who, :state, :cause, :report_hash, :salt, sha256_hex(
    '["' || coalesce((select hash from history order by id desc limit 1), :genesis) || '",'
    || :row || ']'
))
"""


def new_salt() -> str:
    """128 random bits, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


ERASED = "erased"
"""The `why` of a row that covers erased ones."""


def erase_rows(
    db: Database,
    rows: Sequence[Row],
    report: Mapping[str, Any] | Row,
    rule: str,
    at: float,
    *,
    who: str | None,
) -> None:
    """Erase the person, and the cause except for its `why`, from rows of one report. Then append a
    row that covers them.

    The caller's transaction must hold the write lock.

    :param rows: rows that are not erased yet, and cover none
    :param report: its row after the erasure
    :param rule: the rule by which it was erased, without the name or id of a person
    :param who: the operator who did it; None when the bot did
    :raises AuditTrailError: when a row was changed by hand; an erasure would hide that
    """
    for row in rows:
        _check(db, row)
    cover = _count(db, "history") + 1
    left = []
    for row in rows:
        cause = to_json({"why": (read_object(row["cause"]) or {}).get("why")})
        left.append({**_left_of(row), "cause": cause})
        db.execute(
            "update history set who = null, salt = null, cause = ?, erased_by = ? where id = ?",
            [cause, cover, row["id"]],
        )
    append(db, report, {"why": ERASED, "rule": rule, "rows": _hash(left)}, at, who=who)


def check_report(db: Database, report: Mapping[str, Any] | Row) -> None:
    """:raises AuditTrailError: when a report is not what its history ends with"""
    last = db.execute(
        "select state, report_hash from history where number = ? order by id desc limit 1",
        [report["number"]],
    ).fetchone()
    if last is None or tuple(last) != (report["state"], _report_hash(report)):
        number = report["number"]
        raise AuditTrailError(number, f"report {number} does not hold what its history says")


def _check(db: Database, row: Row) -> None:
    sql = "select hash from history where id = ?"
    before = db.execute(sql, [row["id"] - 1]).fetchone()
    if row["hash"] != _hash([before[0] if before else GENESIS, _hashed(row)]):
        sentence = f"history row {row['id']} does not fit the row before"
        raise AuditTrailError(row["number"], sentence)


def _left_of(row: Mapping[str, Any] | Row) -> dict[str, Any]:
    """What stays of a row when it is erased."""
    names = ("id", "number", "at", "state", "cause", "report_hash", "hash")
    return {name: row[name] for name in names} | {"at": float(row["at"])}


def has_press(db: Database, number: int, press: str) -> bool:
    """Whether this press of a button, or this form, has changed the report before."""
    found = db.execute(
        "select 1 from history where number = ? and json_extract(cause, '$.press') = ?",
        [number, press],
    ).fetchone()
    return found is not None


def faults(db: Database) -> Iterator[str]:
    """One sentence for each fault, in the order of the chain."""
    before = GENESIS
    last: dict[int, Mapping[str, Any]] = {}
    erased: dict[int, list[dict[str, Any]]] = {}
    expected = 1
    for row in db.execute("select * from history order by id"):
        identity, number = row["id"], row["number"]
        if identity != expected:
            yield f"history row {expected} is missing"
        if row["erased_by"] is not None:
            erased.setdefault(row["erased_by"], []).append(_left_of(row))
            if row["who"] is not None or row["salt"] is not None:
                yield f"history row {identity} (report {number}) is marked as erased, and is not"
        elif row["hash"] != _hash([before, _hashed(row)]):
            yield f"history row {identity} (report {number}) does not fit the row before"
        elif not _covers(row, erased.pop(identity, [])):
            yield f"history row {identity} (report {number}) does not fit the rows that it covers"
        before, expected = row["hash"], identity + 1
        last[number] = row
    if expected <= _count(db, "history"):
        yield f"history row {expected} is missing"
    for rows in erased.values():
        for row in rows:
            yield f"history row {row['id']} (report {row['number']}) was erased, and no row says so"
    yield from _report_faults(db, last)


def _hashed(row: Row) -> dict[str, Any]:
    """The values of a row under its hash. A row from before the salts has none."""
    names = ("number", "at", "who", "state", "cause", "report_hash")
    salt = {} if row["salt"] is None else {"salt": row["salt"]}
    return {name: row[name] for name in names} | salt


def _covers(row: Row, erased: list[dict[str, Any]]) -> bool:
    """Whether the rows that name this one as theirs are those that it covers."""
    cause = read_object(row["cause"]) or {}
    if cause.get("why") != ERASED:
        return not erased
    return bool(cause.get("rows") == _hash(erased))


def _report_faults(db: Database, last: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    """One sentence for each report that differs from the last row of its history."""
    expected = 1
    for row in db.execute("select * from reports order by number"):
        number = row["number"]
        if number != expected:
            yield f"report {expected} is missing"
        expected = number + 1
        newest = last.get(number)
        if newest is None or newest["state"] != row["state"]:
            yield f"report {number} is not in the state that its history ends with"
        elif newest["report_hash"] != _report_hash(row):
            yield f"report {number} does not hold what its history says"
    if expected <= _count(db, "reports"):
        yield f"report {expected} is missing"


def _count(db: Database, table: str) -> int:
    """The highest id that was ever given in a table."""
    row = db.execute("select last from heads where name = ?", [table]).fetchone()
    return int(row[0]) if row else 0


def _report_hash(report: Mapping[str, Any] | Row) -> str:
    # For whole seconds `returning` gives an int, and a select gives a float.
    values = dict(report) | {"created_at": float(report["created_at"])}
    salt = [] if values["salt"] is None else [values["salt"]]
    return _hash([*(values[name] for name in _HELD), *salt])


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(to_json(values).encode()).hexdigest()

"""Every change of every report, in a chain that cannot be changed unnoticed.

Each row's hash covers the row, the report's payload at that time, and the hash of the row before.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlite_utils import Database

from storage.states import State

GENESIS = "0" * 64


def append(
    db: Database,
    number: int,
    state: State,
    cause: Mapping[str, Any],
    at: float,
    *,
    who: str | None = None,
) -> None:
    """Add a row behind the last. The caller's transaction must hold the write lock."""
    before = db.execute("select hash from history order by id desc limit 1").fetchone()
    payload = db.execute("select payload from reports where number = ?", [number]).fetchone()[0]
    row = {
        "number": number,
        "at": at,
        "who": who,
        "state": str(state),
        "cause": json.dumps(cause, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
        "payload_hash": hashlib.sha256(payload.encode()).hexdigest(),
    }
    digest = _hash(before[0] if before else GENESIS, row)
    db.execute(
        "insert into history (number, at, who, state, cause, payload_hash, hash)"
        " values (:number, :at, :who, :state, :cause, :payload_hash, :hash)",
        row | {"hash": digest},
    )


def faults(db: Database) -> Iterator[str]:
    """What does not fit, in the order of the chain: a sentence for each."""
    before = GENESIS
    last: dict[int, Mapping[str, Any]] = {}
    expected = 1
    for row in db.execute("select * from history order by id"):
        values = dict(row)
        identity, digest = values.pop("id"), values.pop("hash")
        if identity != expected:
            yield f"history row {expected} is missing"
        if digest != _hash(before, values):
            yield f"history row {identity} (report {values['number']}) does not fit the row before"
        before, expected = digest, identity + 1
        last[values["number"]] = values
    for row in db.execute("select number, state, payload from reports order by number"):
        known = last.get(row["number"])
        if known is None or known["state"] != row["state"]:
            yield f"report {row['number']} is not in the state that its history ends with"
        elif known["payload_hash"] != hashlib.sha256(row["payload"].encode()).hexdigest():
            yield f"report {row['number']} does not hold what its history says was sent"


def _hash(before: str, row: Mapping[str, Any]) -> str:
    text = json.dumps([before, row], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

"""History rows as they were written before rows and reports had salts."""

import hashlib
import json
from collections.abc import Mapping
from sqlite3 import Row
from typing import Any

from sqlite_utils import Database

HELD = ("kind", "api", "who", "created_at", "origin", "payload", "state", "remote_id", "answer")


def append(db: Database, report: Row, cause: Mapping[str, Any], at: float) -> None:
    """Append a row to a file of any version."""
    before = db.execute("select hash from history order by id desc limit 1").fetchone()
    values = dict(report) | {"created_at": float(report["created_at"])}
    row = {
        "number": report["number"],
        "at": at,
        "who": report["who"],
        "state": report["state"],
        "cause": text_of(cause),
        "report_hash": digest([values[name] for name in HELD]),
    }
    db.execute(
        "insert into history (number, at, who, state, cause, report_hash, hash)"
        " values (:number, :at, :who, :state, :cause, :report_hash, :hash)",
        row | {"hash": digest([before[0] if before else "0" * 64, row])},
    )


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(values: list[Any]) -> str:
    return hashlib.sha256(text_of(values).encode()).hexdigest()

"""Files of a stopped bot, made by the storage's own functions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils

from storage import delivery_queue, receipts, reports, users
from storage.api_calls import Call
from storage.database import open_database
from storage.engine import Database
from storage.receipts import Posted
from storage.reports import Change, NewReport
from storage.states import State

T0 = 1_795_514_400.0
"""Tuesday 24 November 2026, 10:00 in UTC."""
BOB, ALICE = "U0BOB", "U0ALICE"
ISSUE: Mapping[str, Any] = {
    "propertyIds": ["0f8fad5b-d9cb-469f-a165-70867728950e"],
    "issueKind": "data",
    "issueFacets": ["price", "media"],
    "comment": "Le prix est faux\net la photo aussi",
}
ANOMALY: Mapping[str, Any] = {
    "reportId": 88001,
    "anomalies": [
        {"title": "Bloc éteint", "description": "Au 2e étage", "risk": 1,
         "technicalInstallationId": 301, "siteId": 20001},
        {"title": "Issue de secours bloquée", "description": "Des cartons", "risk": 3,
         "technicalInstallationId": 301, "siteId": 20001},
    ],
}  # fmt: skip


@contextmanager
def writing(folder: Path) -> Iterator[sqlite_utils.Database]:
    """The file of the folder, which is committed and closed at the end."""
    db = open_database(folder / "constat.db")
    try:
        with db.atomic():
            yield db
    finally:
        db.close()


def add(
    db: Database,
    *,
    at: float = T0,
    who: str = BOB,
    payload: Mapping[str, Any] = ISSUE,
    targets: tuple[str, ...] = ("a target",),
) -> int:
    """Store a report."""
    kind, api = ("anomaly", "kare") if "anomalies" in payload else ("report_issue", "immoteur")
    count = db.execute("select count(*) from reports").fetchone()[0]
    origin = {"team": "T1", "channel": "C1", "link": "https://agency.slack.com/archives/C1/p1"}
    new = NewReport(f"key {count}", kind, api, who, origin, payload, targets, "C1")
    number, _ = reports.add(db, new, now=at)
    return number


def end(db: Database, number: int, change: Change, *, at: float) -> None:
    """Send a stored report with one call. The change is what became of it."""
    report = reports.get(db, number)
    assert report is not None
    claim = delivery_queue.claim(db, report.api, "a bot", now=at, lease=30, past_hold=True)
    claimed = claim.report
    assert claimed is not None
    assert claimed.number == number
    call = Call(at, report.api, "POST", "/issues", 201, 52.3)
    delivery_queue.finish(db, number, "a bot", claimed.attempts, change, [call], now=at)
    receipts.mark_posted(db, number, 3, Posted("receipt", "C1", "1795514400.000100"), now=at)


def file_report(db: Database, *, at: float = T0, after: float = 2.0, **facts: Any) -> int:
    """Store a report that is filed so many seconds later."""
    number = add(db, at=at, **facts)
    filed = Change(State.FILED, {"why": "answered"}, remote_id="R-1", answer={"createdAt": "x"})
    end(db, number, filed, at=at + after)
    return number


def refuse(db: Database, **facts: Any) -> int:
    number = add(db, **facts)
    cause = {"why": "refused", "status": 422, "message": "No such property"}
    end(db, number, Change(State.REFUSED, cause), at=facts.get("at", T0) + 2)
    return number


def lose_answer(db: Database, **facts: Any) -> int:
    """Store a report that was sent, and whose answer never came."""
    number = add(db, **facts)
    end(db, number, Change(State.UNKNOWN, {"why": "cut"}), at=facts.get("at", T0) + 2)
    return number


def name(db: Database, user: str, shown: str) -> None:
    users.remember(db, user, "fr-FR", now=T0, name=shown)

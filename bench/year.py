"""How large the file is after a year with retention: `python -m bench.year --reports 100`.

Each day has so many reports, which are filed, and each night the retention of `DAYS` days runs. The
report of a day, the night's work and the functions are those of the bot; only the disk is not
waited for.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from sqlite_utils import Database

from storage import delivery_queue, erasure, receipts, reports, users
from storage.api_calls import Call
from storage.database import open_database
from storage.erasure import Rule
from storage.receipts import Posted
from storage.reports import Change, NewReport
from storage.states import State

DAYS, YEAR = 90, 365
DAY = 86_400.0
BEGIN = 1_767_225_600.0
"""1 January 2026, UNIX seconds."""
PEOPLE = 200
WORDS = [
    "le",
    "prix",
    "affiché",
    "ne",
    "correspond",
    "pas",
    "à",
    "celui",
    "du",
    "mandat",
    "signé",
    "par",
    "le",
    "vendeur",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1000, help="reports a day")
    parser.add_argument("--retention", type=int, default=DAYS, help="days; 0 keeps everything")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "constat.db"
        db = open_database(path)
        db.execute("pragma synchronous = off")
        for user in range(PEOPLE):
            with db.conn:
                users.remember(db, f"U{user:09}", "fr-FR", now=BEGIN, name=f"Person {user}")
        for day in range(YEAR):
            live_one_day(db, day, options.reports, options.retention)
        db.execute("pragma wal_checkpoint(truncate)")
        db.close()
        print(
            f"{YEAR} days of {options.reports:,} reports, retention of {options.retention} days:"
            f" {path.stat().st_size / 1e6:,.1f} MB after {time.monotonic() - began:,.0f} s"
        )


def live_one_day(db: Database, day: int, number: int, retention: int) -> None:
    now = BEGIN + day * DAY
    with db.conn:
        for place in range(number):
            file_report(db, now + place * DAY / number / 2, f"{day}-{place}")
    if retention:
        night = now + DAY
        rule = Rule(f"kept for {retention} days", before=night - retention * DAY)
        with db.conn:
            erasure.erase_reports(db, rule, now=night, limit=number * 2)
            erasure.delete_calls(db, before=night - retention * DAY, limit=number * 10)
            erasure.delete_messages(db, before=night - retention * DAY, limit=number * 10)


def file_report(db: Database, at: float, key: str) -> None:
    """A report with a text of about 200 characters, one call, an opener and a receipt."""
    chance = random.Random(key)  # noqa: S311 - the same file each time
    user = f"U{chance.randrange(PEOPLE):09}"
    home = f"{chance.getrandbits(128):032x}"
    payload = {
        "propertyIds": [home],
        "issueKind": "data",
        "issueFacets": ["price", "media"],
        "comment": " ".join(chance.choices(WORDS, k=40)),
    }
    origin = {"team": "T1", "channel": "C1", "link": f"https://agency.slack.com/archives/C1/p{key}"}
    new = NewReport(
        f"key-{key}", "report_issue", "immoteur", user, origin, payload, (f"property {home}",), "C1"
    )
    number, _ = reports.add(db, new, now=at)
    claimed = delivery_queue.claim(db, "immoteur", "host-1-aaaaaaaa", now=at, lease=30).report
    assert claimed is not None  # noqa: S101 - nothing else is waiting
    call = Call(at, "immoteur", "POST", "/issues", 201, 52.3)
    filed = Change(
        State.FILED, {"why": "answered"}, remote_id=home, answer={"reportId": home, "createdAt": at}
    )
    delivery_queue.finish(
        db, number, "host-1-aaaaaaaa", claimed.attempts, filed, [call], now=at + 2
    )
    receipts.mark_posted(db, number, 3, Posted("receipt", "C1", f"{at:.6f}"), now=at + 2)


if __name__ == "__main__":
    main()

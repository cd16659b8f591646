"""Steps of the tests about notices: reports are stored and sent, and their news is posted."""

from collections.abc import Collection
from dataclasses import replace

from storage import delivery_queue, notice_queue, receipts, reports
from storage.engine import Database
from storage.notice_queue import Reminding
from storage.notice_view import News, Notice
from storage.notices import LATE_AFTER, TOLD_AFTER
from storage.receipts import Posted
from storage.reports import Change, NewReport, Report
from storage.states import State

T0 = 1_800_000_000.0
LATE = T0 + LATE_AFTER
TOLD = LATE + TOLD_AFTER[News.LATE]
DAY = 86_400.0
LEASE = 30.0
NEW = NewReport("", "kind", "api", "U1", {}, {}, thread_channel="C1")
FILED = Change(State.FILED)
REFUSED = Change(State.REFUSED, {"why": "refused"})
BUSY = Change(State.WAITING, {"why": "busy"}, next_try=T0)
HOLD = Change(State.HELD, {"why": "token"})


def add(db: Database, *people: str, alerts: Collection[str] = ()) -> None:
    """Store a report of each person. Its receipt is posted in a thread of its own."""
    for who in people:
        unposted(db, who, alerts=alerts)
    while receipt := receipts.claim(db, "one", now=T0, lease=LEASE, busy=[]).receipt:
        number = receipt.number
        posted = Posted("receipt", "C1", f"{number}.1", f"{number}.0")
        receipts.mark_posted(db, number, receipt.version, posted, now=T0, owner="one")


def unposted(db: Database, who: str, *, alerts: Collection[str] = (), now: float = T0) -> None:
    """Store a report. Its receipt is not posted yet."""
    [count] = db.execute("select count(*) from reports").fetchone()
    new = replace(NEW, key=f"{count}", who=who, alerts=list(alerts))
    reports.add(db, new, now=now)


def send(db: Database, now: float, *, past_hold: bool = False) -> Report:
    """Begin to send the next report."""
    report = delivery_queue.claim(
        db, "api", "one", now=now, lease=LEASE, past_hold=past_hold
    ).report
    assert report is not None
    return report


def finish(db: Database, sent: Report, change: Change, now: float) -> None:
    assert delivery_queue.finish(db, sent.number, "one", sent.attempts, change, [], now=now)


def claim(
    db: Database,
    now: float,
    *,
    owner: str = "one",
    busy: Collection[str] = (),
    admins: Collection[str] = (),
) -> Notice | None:
    return notice_queue.claim(db, owner, now=now, lease=LEASE, busy=busy, admins=admins)


def begin(db: Database, now: float, *, owner: str = "one", admins: Collection[str] = ()) -> Notice:
    """Claim a notice, and store that it is going to be posted."""
    claimed = claim(db, now, owner=owner, admins=admins)
    assert claimed is not None
    begun = notice_queue.begin(db, claimed, now=now)
    assert begun is not None
    return begun


def mark(db: Database, shown: Notice, now: float, *, reminding: Reminding | None = None) -> None:
    """Store that Slack shows a notice."""
    channel, ts = shown.channel or "C1", shown.ts or f"9.{shown.ids[0]}"
    notice_queue.mark_posted(db, shown, channel, ts, now=now, reminding=reminding)


def post_all(db: Database, now: float, *, admins: Collection[str] = ()) -> list[Notice]:
    """Post and update whatever is due."""
    done = []
    while (notice := claim(db, now, admins=admins)) is not None:
        shown = notice if notice.ts else notice_queue.begin(db, notice, now=now)
        assert shown is not None
        mark(db, shown, now)
        done.append(shown)
    return done

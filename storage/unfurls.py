"""Unfurled links, as hashes, and earlier reports about the listing behind a link.

Of a link that was only posted, only a hash of the message and the link is stored.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage.engine import Database
from storage.transitions import Report, fetch_one, report_of


@dataclass(frozen=True)
class Reported:
    """The newest report about the same thing that nobody discarded."""

    report: Report
    thread: tuple[str, str] | None
    """The channel and the `thread_ts` of its receipt; None while it has no thread."""


def claim(db: Database, channel: str, ts: str, links: Collection[str], *, now: float) -> list[str]:
    """Take the links of a message that nobody has taken yet. No other process can take them.

    :returns: the links that were taken now, in order
    """
    taken = []
    for link in links:
        cursor = db.execute(
            "insert into unfurls (hash, at) values (?, ?) on conflict do nothing",
            [_hash(channel, ts, link), now],
        )
        if cursor.rowcount == 1:
            taken.append(link)
    return taken


def prune(db: Database, *, before: float) -> None:
    """Forget hashes from before then, UNIX seconds."""
    db.execute("delete from unfurls where at < ?", [before])


def latest_report(db: Database, kind: str, targets: Sequence[str]) -> Reported | None:
    """The newest report about one of these targets that nobody discarded."""
    row = fetch_one(
        db,
        "select reports.* from reports where number = (select max(reports.number) from targets"
        " join reports using (number) where targets.kind = ?"
        " and target in (select value from json_each(?)) and state <> 'discarded')",
        [kind, json.dumps(list(targets))],
    )
    if row is None:
        return None
    receipt = fetch_one(
        db,
        "select thread_channel, thread_ts from receipts"
        " where number = ? and thread_ts is not null and direct = false",
        [row["number"]],
    )
    thread = (receipt["thread_channel"], receipt["thread_ts"]) if receipt else None
    return Reported(report_of(row), thread)


def _hash(channel: str, ts: str, link: str) -> str:
    return hashlib.sha256("\n".join((channel, ts, link)).encode()).hexdigest()

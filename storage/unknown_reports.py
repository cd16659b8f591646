"""Reports that may have arrived: the API is asked whether it has them."""

from storage.engine import Database
from storage.transitions import Change, Report, apply_change, report_of


def unknown_since(db: Database, api: str, *, since: float) -> list[Report]:
    """The reports of an API that became unknown since that time, UNIX seconds."""
    rows = db.execute(
        "select * from reports where state = 'unknown' and api = ? and changed_at >= ?",
        [api, since],
    )
    return [report_of(row) for row in rows]


def sent_since(db: Database, api: str, since: float, *, but: int) -> list[Report]:
    """Every other report of an API that was sent, and may have arrived, since that time."""
    rows = db.execute(SENT_SINCE, {"api": api, "since": since, "but": but})
    return [report_of(row) for row in rows]


SENT_SINCE = (
    "select * from reports where api = :api and attempts > 0 and changed_at >= :since"
    " and number <> :but and erased_at is null"
    " union select * from reports where state = 'sending' and api = :api and number <> :but"
)


def sent_at(db: Database, number: int) -> float:
    """When the last send of a report began, UNIX seconds; 0 when it was never sent."""
    sql = (
        "select max(at) from history where number = ? and state = 'sending'"
        " and json_extract(cause, '$.why') = 'claimed'"
    )
    return float(db.execute(sql, [number]).fetchone()[0] or 0)


def settle(db: Database, number: int, attempt: int, change: Change, *, now: float) -> bool:
    """Store what the API has said about one attempt to send a report.

    :param attempt: the `attempts` of the report that was looked for
    :returns: False when the report is not unknown any more, or was sent again since
    """
    where = "number = ? and state = 'unknown' and attempts = ?"
    return apply_change(db, change, now, where, [number, attempt])

"""While an API is busy or cannot be reached, its waiting reports say so and have a later time."""

import json
from collections.abc import Collection

from storage.canonical_json import to_json
from storage.delivery_queue import CAUSE_IS_READABLE, KEPT_BACK, PIECE, WHY
from storage.engine import Database
from storage.transitions import Json, fetch_one

_ASKED_FOR = "'asked', 'again', 'edited', 'restored'"
"""The causes of a waiting report that a person has decided about."""


def postpone(
    db: Database,
    api: str,
    cause: Json,
    *,
    until: float,
    now: float,
    only_new: bool = False,
    asked_since: float = 0.0,
) -> bool:
    """No report of an API is sent before that time. A receipt is outdated when its cause changes. A
    report that can still be undone is left as it is.

    It writes no audit row: the state stays `waiting`.

    :param only_new: leave out the reports that were tried already, or that a person asked for
    :param asked_since: leave out the reports that a person asked for at this time or later, UNIX
        seconds
    :returns: whether there are more to postpone, because a job changes at most `PIECE`
    """
    text = to_json(cause)
    rows = db.execute(
        "select number from reports where state = 'waiting' and api = :api and next_try < :until"  # noqa: S608
        f" and (not :only_new or cause = '{{}}') and not {KEPT_BACK}"
        f" and not (next_try >= :asked_since and coalesce({WHY}, '') in ({_ASKED_FOR}))"
        f" order by next_try limit {PIECE}",
        {
            "api": api,
            "until": until,
            "now": now,
            "only_new": only_new,
            "asked_since": asked_since,
        },
    )
    numbers = [row["number"] for row in rows]
    chosen = json.dumps(numbers)
    db.execute(
        "update receipts set version = version + 1, next_try = min(next_try, ?) where number in"
        " (select number from reports where cause <> ?"
        " and number in (select cast(value as integer) from json_each(?)))",
        [now, text, chosen],
    )
    db.execute(
        "update reports set next_try = ?, cause = ?, changed_at = ?"
        " where number in (select cast(value as integer) from json_each(?))",
        [until, text, now, chosen],
    )
    return len(numbers) == PIECE


def current_outage(
    db: Database, api: str, whys: Collection[str], *, now: float
) -> tuple[Json, float] | None:
    """Why an API's reports are postponed beyond now, and until when, UNIX seconds.

    :param whys: the causes that count
    """
    row = fetch_one(
        db,
        "select cause, next_try from reports where state = 'waiting' and api = ? and next_try > ?"  # noqa: S608
        f" and {CAUSE_IS_READABLE} and {WHY} in (select value from json_each(?))"
        " order by next_try desc limit 1",
        [api, now, json.dumps(list(whys))],
    )
    return (json.loads(row["cause"]), float(row["next_try"])) if row else None


def keep_wait(db: Database, api: str, *, now: float) -> bool:
    """Reports that were stored at a date of the future wait as long as they had to then, and not
    until that date, because the date was set back since. It writes no audit row.

    :returns: whether there are more of them, because a job changes at most `PIECE`
    """
    changed = db.execute(
        "update reports set next_try = ? + max(0, next_try - changed_at) where number in"  # noqa: S608
        " (select number from reports where state = 'waiting' and api = ? and changed_at > ?"
        f" and next_try > ? + max(0, next_try - changed_at) order by next_try limit {PIECE})",
        [now, api, now, now],
    ).rowcount
    return changed == PIECE


def resume(db: Database, api: str, *, now: float) -> bool:
    """An API answers again: its postponed reports are due now. It writes no audit row.

    A report that can still be undone is left as it is.

    :returns: whether there are more to resume, because a job changes at most `PIECE`
    """
    changed = db.execute(
        "update reports set next_try = :now where number in (select number from reports"  # noqa: S608
        f" where state = 'waiting' and api = :api and next_try > :now and not {KEPT_BACK}"
        f" order by next_try limit {PIECE})",
        {"api": api, "now": now},
    ).rowcount
    return changed == PIECE

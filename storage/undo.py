"""What can be undone: a report before it is sent first, and for a day a discarded one."""

from storage import audit, delivery_queue
from storage.canonical_json import read_object
from storage.engine import Database
from storage.states import ALLOWED, Action, State, states_allowing
from storage.transitions import Change, Json, Report, apply_change, outdate_receipt

__all__ = [
    "LONGEST_UNDO",
    "RESTORABLE",
    "Action",
    "Report",
    "offered",
    "outdate_receipt",
    "restore",
    "undo",
]

LONGEST_UNDO = 60.0
"""Seconds for which a new report can be kept back at most."""
RESTORABLE = 86_400.0
"""Seconds for which a discarded report can be restored."""


def offered(report: Report, *, now: float, undo_seconds: float) -> frozenset[Action]:
    """The actions that a person may take on a report now.

    :param now: UNIX seconds
    :param undo_seconds: for which a new report is kept back
    """
    actions = ALLOWED[report.state]
    kept_back = report.attempts == 0 and not report.cause
    if not (kept_back and now < report.created_at + undo_seconds):
        actions -= {Action.UNDO}
    if now >= report.changed_at + RESTORABLE:
        actions -= {Action.RESTORE}
    return actions


def undo(db: Database, number: int, *, who: str, press: str, now: float) -> bool:
    """Discard a report that was never sent.

    :param press: a press that Slack sends twice has the same
    :returns: False when it was sent, or somebody decided
    """
    if audit.has_press(db, number, press):
        return True
    change = Change(State.DISCARDED, {"why": "undone", "by": who, "press": press}, who=who)
    return apply_change(
        db, change, now, "number = ? and state = 'waiting' and attempts = 0", [number]
    )


def restore(db: Database, number: int, *, who: str, press: str, now: float) -> bool:
    """Take a discarded report back. It has the state and the cause that it had before, so a waiting
    one is sent. One that was held is sent when the API is let in again: as held it would hold all
    others once more.

    :returns: False when it is not discarded, was discarded longer than `RESTORABLE` ago, or is
        erased
    """
    if audit.has_press(db, number, press):
        return True
    states = ", ".join(f"'{state}'" for state in sorted(states_allowing(Action.RESTORE)))
    where = f"number = ? and state in ({states}) and changed_at > ? and erased_at is null"
    state, cause = _before(db, number)
    logged = {"why": "restored", "by": who, "press": press}
    if state == State.HELD and not _is_held(db, number):
        state = State.WAITING
    if state == State.WAITING:
        change = Change(state, logged, who=who, next_try=now)
    else:
        change = Change(state, cause, who=who, logged=logged)
    return apply_change(db, change, now, where, [number, now - RESTORABLE])


def _is_held(db: Database, number: int) -> bool:
    """Whether the reports of this one's API are held now."""
    row = db.execute("select api from reports where number = ?", [number]).fetchone()
    return delivery_queue.held(db, row["api"]) is not None


def _before(db: Database, number: int) -> tuple[State, Json]:
    """The state that a discarded report had before, and its cause."""
    row = db.execute(
        "select state, cause from history where number = ? and state <> 'discarded'"
        " and json_extract(cause, '$.why') not in ('seen', ?) order by id desc limit 1",
        [number, audit.ERASED],
    ).fetchone()
    return State(row["state"]), read_object(row["cause"]) or {}

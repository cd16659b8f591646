"""A discarded report that is taken back."""

from dataclasses import replace

import pytest

from storage import delivery_queue, erasure, reports, undo
from storage.engine import Database
from storage.erasure import Rule
from storage.reports import Change, Report
from storage.states import State
from tests.storage.news import FILED, HOLD, T0, add, finish, send

RULE = Rule("a person")
FINISHED = [
    Change(State.REFUSED, {"why": "refused", "status": 400, "message": "price is missing"}),
    Change(State.UNKNOWN, {"why": "timeout"}),
]


def discard(db: Database, state: State, who: str = "U1") -> None:
    change = Change(State.DISCARDED, {"why": "discarded", "by": who, "press": "p1"}, who=who)
    assert reports.decide(db, 1, [state], change, now=T0)


def restored(db: Database) -> Report:
    assert undo.restore(db, 1, who="U1", press="p2", now=T0 + 60)
    report = reports.get(db, 1)
    assert report is not None
    return report


def test_a_report_that_was_held_holds_nobodys_reports_once_the_api_lets_us_in(
    db: Database,
) -> None:
    add(db, "U1")
    finish(db, send(db, T0), HOLD, T0)
    discard(db, State.HELD)
    add(db, "U2", "U3")
    finish(db, send(db, T0), FILED, T0)
    assert restored(db).state == State.WAITING
    claim = delivery_queue.claim(db, "api", "one", now=T0 + 60, lease=30.0)
    assert claim.held is None
    assert claim.report is not None
    assert claim.report.number == 1


def test_a_report_that_was_held_is_held_again_while_the_others_are(db: Database) -> None:
    add(db, "U1", "U2")
    for report in (send(db, T0), send(db, T0)):
        finish(db, report, HOLD, T0)
    discard(db, State.HELD)
    assert restored(db).state == State.HELD


@pytest.mark.parametrize("outcome", FINISHED, ids=[change.state.value for change in FINISHED])
def test_a_report_has_its_own_cause_back_after_the_person_who_decided_was_erased(
    db: Database, outcome: Change
) -> None:
    add(db, "U1")
    finish(db, send(db, T0), outcome, T0)
    discard(db, outcome.state, who="U9")
    erasure.erase_decisions(db, "U9", erasure.decided_by(db, "U9"), RULE, now=T0, who="op")
    again = restored(db)
    assert (again.state, again.cause) == (outcome.state, outcome.cause)


@pytest.mark.parametrize("outcome", FINISHED, ids=[change.state.value for change in FINISHED])
def test_a_report_has_its_own_cause_back_after_an_earlier_decision_was_erased(
    db: Database, outcome: Change
) -> None:
    add(db, "U1")
    finish(db, send(db, T0), HOLD, T0)
    asked = Change(State.WAITING, {"why": "asked", "by": "U9", "press": "p0"}, who="U9")
    assert reports.decide(db, 1, [State.HELD], replace(asked, next_try=T0), now=T0)
    finish(db, send(db, T0), outcome, T0)
    erasure.erase_decisions(db, "U9", erasure.decided_by(db, "U9"), RULE, now=T0, who="op")
    discard(db, outcome.state)
    again = restored(db)
    assert (again.state, again.cause) == (outcome.state, outcome.cause)

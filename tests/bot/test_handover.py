"""Jobs that are claimed while they are stored reach their worker without a look at the database."""

import pytest

from bot.background import Handover
from storage.news import News
from tests.bot.set_clock import SetClock

LEASE = 60.0


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def handover(clock: SetClock) -> Handover[str]:
    return Handover("jobs", News(None), clock, "me", LEASE)


def test_jobs_are_taken_in_the_order_in_which_they_were_given(handover: Handover[str]) -> None:
    handover.give("first")
    handover.give("second")
    assert [handover.take(), handover.take(), handover.take()] == ["first", "second", None]


def test_a_job_whose_claim_is_over_is_not_taken(handover: Handover[str], clock: SetClock) -> None:
    handover.give("early")
    clock.now += LEASE
    handover.give("late")
    assert [handover.take(), handover.take()] == ["late", None]


def test_the_database_has_to_be_looked_at_until_it_was(handover: Handover[str]) -> None:
    handover.give("a job")
    handover.set()
    assert handover.take() == "a job"
    assert handover.is_waiting
    assert handover.take() is None
    assert not handover.is_waiting


def test_a_process_that_may_not_claim_names_no_owner(clock: SetClock) -> None:
    handover: Handover[str] = Handover(
        "jobs", News(None), clock, "me", LEASE, may_claim=lambda: False
    )
    assert handover.owner is None

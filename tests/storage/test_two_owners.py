"""Two owners whose clocks differ send each report once, whatever they do, and in any order."""

from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.config import DeliveryLimits
from storage import audit, delivery_queue
from storage.address import DatabaseAddress
from storage.engine import Database
from tests.storage.machines import APART
from tests.storage.two_owners import TwoOwners
from tests.torture.wrapped_fleet import any_claim

LEASE = DeliveryLimits().lease


def run(db: Database, *, examples: int, lease: float = LEASE) -> None:
    class Run(TwoOwners):
        def __init__(self) -> None:
            super().__init__(db, lease)

    # The steps to a fault are printed as they are: to find fewer that lead to it would take long.
    few = settings(
        max_examples=examples,
        stateful_step_count=40,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(Run, settings=few)


def test_two_owners_send_a_report_once_and_the_audit_trail_fits(
    db: Database, address: DatabaseAddress
) -> None:
    run(db, examples=60 if isinstance(address, Path) else 15)
    assert list(audit.faults(db)) == []


def test_a_claim_that_takes_any_report_is_found(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_queue, "_CLAIM", delivery_queue._CLAIM)
    any_claim()
    with pytest.raises(AssertionError, match=r"is not its owner's|was sent twice"):
        run(db, examples=60)


def test_a_lease_that_is_shorter_than_the_clocks_are_apart_is_found(db: Database) -> None:
    with pytest.raises(AssertionError, match=r"is not its owner's|was sent twice"):
        run(db, examples=60, lease=APART)

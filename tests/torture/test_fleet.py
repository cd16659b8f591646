"""Two bots on one PostgreSQL server lose nothing and file nothing twice, whatever dies. The same
with bots that break a promise, which the torture must find.
"""

from pathlib import Path

import pytest

from tests.postgres_server import MISSING, REQUIRED, programs
from tests.torture.fleet import Plan, fleet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(programs() is None and not REQUIRED, reason=MISSING),
]

TWENTY = [
    *("kill", "cut", "crash", "kill", "stall", "freeze", "kill", "cut", "stall", "kill"),
    *("upgrade", "kill", "crash", "stop", "cut", "kill", "stall", "kill", "cut", "kill"),
]


async def test_a_fleet_keeps_its_promise_under_twenty_faults(tmp_path: Path) -> None:
    figures = await fleet(tmp_path, Plan(faults=TWENTY, people=2, events=10))
    assert figures.faults == {name: [] for name in figures.faults}
    assert figures.kept, figures.lines()
    assert figures.acknowledged > 0
    assert figures.events.received > 0


async def test_the_torture_finds_a_fleet_whose_claims_do_not_exclude_each_other(
    tmp_path: Path,
) -> None:
    mutants = "any_claim+own_events"
    plan = Plan(people=8, pause=0.1, reports=10, events=30, longest=3, mutant=mutants)
    figures = await fleet(tmp_path, plan)
    assert figures.twice
    assert figures.events.twice

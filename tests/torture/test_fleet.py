"""Two bots on one PostgreSQL server lose nothing and file nothing twice, whatever dies."""

from pathlib import Path

import pytest

from tests.postgres_server import MISSING, REQUIRED, programs
from tests.torture.fleet import Plan, fleet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(programs() is None and not REQUIRED, reason=MISSING),
]


async def test_a_fleet_keeps_its_promise_when_bots_are_killed_and_the_server_crashes(
    tmp_path: Path,
) -> None:
    figures = await fleet(tmp_path, Plan(faults=["kill", "crash", "kill", "stop", "kill"]))
    assert figures.faults == {name: [] for name in figures.faults}
    assert figures.kept, figures.lines()
    assert figures.acknowledged > 0

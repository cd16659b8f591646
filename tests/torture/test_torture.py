"""A short torture; and the same with a bot that breaks a promise, which it must find."""

from pathlib import Path

import pytest

from tests.torture.figures import Figures
from tests.torture.run import Plan, torture

pytestmark = pytest.mark.slow


async def test_twenty_kills_lose_nothing_and_file_nothing_twice(tmp_path: Path) -> None:
    figures = await torture(tmp_path, Plan(kills=20, photos=0.25))
    assert figures.kills == 20
    assert figures.faults == {name: [] for name in figures.faults}
    assert figures.kept, figures.lines()
    assert figures.photos.sent > 0
    assert figures.events.received > 0
    assert figures.events.deliveries > figures.events.received


MUTANTS = {
    "ack_before_store": {"lost", "events lost"},
    "no_key": {"filed twice", "events worked on twice"},
    "again_when_unknown": {"filed twice", "photos sent twice"},
}


@pytest.mark.parametrize(("mutant", "faults"), MUTANTS.items(), ids=MUTANTS)
async def test_the_torture_finds_a_bot_that_breaks_its_promise(
    tmp_path: Path, mutant: str, faults: set[str]
) -> None:
    plan = Plan(kills=6, people=6, pause=0.1, photos=1.0, wrapping=mutant, patience=5)
    figures: Figures = await torture(tmp_path, plan)
    assert faults <= {name for name, found in figures.faults.items() if found}, figures.lines()
    assert not figures.kept, figures.lines()

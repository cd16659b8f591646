"""A short torture; and the same with a bot that breaks a promise, which it must find."""

from pathlib import Path

import pytest

from tests.torture.figures import Figures
from tests.torture.run import Plan, torture

pytestmark = pytest.mark.slow


async def test_twenty_kills_lose_nothing_and_file_nothing_twice(tmp_path: Path) -> None:
    figures = await torture(tmp_path, Plan(kills=20))
    found = (figures.kills, figures.lost, figures.twice, figures.untrue, figures.kept)
    assert found == (20, [], [], [], True)


MUTANTS = [("ack_before_store", "lost"), ("no_key", "twice"), ("again_when_unknown", "twice")]


@pytest.mark.parametrize(("mutant", "finds"), MUTANTS, ids=[one[0] for one in MUTANTS])
async def test_the_torture_finds_a_bot_that_breaks_its_promise(
    tmp_path: Path, mutant: str, finds: str
) -> None:
    plan = Plan(kills=6, people=6, pause=0.1, wrapping=mutant, patience=5)
    figures: Figures = await torture(tmp_path, plan)
    assert getattr(figures, finds) != [], figures.lines()
    assert not figures.kept, figures.lines()

"""Hours without either API; a day of it with 5,000 reports is `python -m tests.torture.outage`."""

from pathlib import Path

import pytest

from tests.torture.outage import Plan, kept, outage

pytestmark = pytest.mark.slow


async def test_an_outage_costs_nobody_anything(tmp_path: Path) -> None:
    # At 30 times, a busy machine takes so long for a message that fewer changes share one.
    plan = Plan(reports=120, hours=2, afterwards=20.0)
    figures = await outage(tmp_path, plan)
    assert kept(figures, plan), figures.lines()

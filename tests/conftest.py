"""Fixtures that every folder of tests may use."""

import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sandbox.slack import Person
from sandbox.slack.seed import ALICE, BOB
from tests.world import World, world

# The same examples in every run, and no limit of time: machines differ.
settings.register_profile(
    "constat",
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("constat")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes for each processor: half of the time of many tests is a wait."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests come first, so that no processor waits for one that another began last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Exclude what was imported and collected from the search for garbage of every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    """The whole bot, against a sandbox of its own."""
    async with world(tmp_path) as running_bot:
        yield running_bot


@pytest.fixture
async def alice(bot: World) -> Person:
    """She reads French."""
    return bot.person(ALICE)


@pytest.fixture
async def bob(bot: World) -> Person:
    """He reads English."""
    return bot.person(BOB)

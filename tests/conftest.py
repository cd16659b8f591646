"""Fixtures that every folder of tests may use."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from itertools import chain, groupby, islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sandbox.slack import Person
from sandbox.slack.seed import ALICE, BOB
from storage.address import DatabaseAddress, PostgresAddress
from tests.engines import use_postgres
from tests.postgres_server import MISSING, REQUIRED, Server, programs, server
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

_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, which Linux has
_NEEDED = 2**30
"""Bytes that must be free there. The folders of four processes of tests take up to 200 MB."""


def _runs_programs_from_memory() -> bool:
    """Whether there is room in memory for the tests' folders, and programs may be run from it."""
    if not os.access(_MEMORY, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(_MEMORY)
    return found.f_bavail * found.f_frsize > _NEEDED and not found.f_flag & os.ST_NOEXEC


# The tests' databases wait for no disk then. A folder is removed at the end of a test that passed.
if _runs_programs_from_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two processes for each processor: half of the time of many tests is a wait."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests come first, so that no processor waits for one that another began last.

    Each process begins with an equal part of the list, in its order. Half of the parts begin with
    the long tests, those of one file together: these start processes of their own, and more of them
    at once would only wait for each other.
    """
    parts: list[list[pytest.Item]] = [
        [] for _ in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    ]
    long = [item for item in items if item.get_closest_marker("slow")]
    files = [list(tests) for _, tests in groupby(long, key=lambda item: item.path)]
    for tests in sorted(files, key=len, reverse=True):
        min(parts[: (len(parts) + 1) // 2], key=len).extend(tests)
    short = (item for item in items if not item.get_closest_marker("slow"))
    for number, part in enumerate(parts):
        end = len(items) * (number + 1) // len(parts) - len(items) * number // len(parts)
        part.extend(islice(short, max(0, end - len(part))))
    items[:] = [*chain.from_iterable(parts), *short]


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of a process."""
    if programs() is None:
        (pytest.fail if REQUIRED else pytest.skip)(MISSING)
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseAddress]:
    """A new database of each engine."""
    if request.param == "sqlite":
        yield tmp_path / "constat.db"
    else:
        running: Server = request.getfixturevalue("postgres")
        with running.database() as made:
            yield made


@pytest.fixture
def on_both_engines(address: DatabaseAddress, tmp_path: Path) -> DatabaseAddress:
    """The bots of this test's folder have this database."""
    if isinstance(address, PostgresAddress):
        use_postgres(tmp_path, address)
    return address

"""A restarted bot goes on at once with the work of its dead predecessor, and only with that."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.claim_owner import Process
from sandbox.slack.seed import ANNONCES
from storage import delivery_queue, receipts, reports
from storage.database import open_database
from tests.promises import promised
from tests.world import World, world

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc says who is dead")

PROGRAM = (
    "from bot.claim_owner import Process; print(Process.current().owner(), flush=True); input()"
)


@pytest.fixture
def living() -> Iterator[subprocess.Popen[str]]:
    """Another process, which has printed the name that it gives its claims."""
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def named(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_living_process_is_not_dead(living: "subprocess.Popen[str]") -> None:
    assert not Process.current().is_dead(named(living))


def test_this_process_is_not_dead() -> None:
    us = Process.current()
    assert not us.is_dead(us.owner())


def test_a_process_that_was_killed_is_dead(living: "subprocess.Popen[str]") -> None:
    owner = named(living)
    living.kill()
    living.wait()
    assert Process.current().is_dead(owner)


def test_a_process_that_was_killed_is_dead_before_its_parent_asks(
    living: "subprocess.Popen[str]",
) -> None:
    owner = named(living)
    living.kill()
    os.waitid(os.P_PID, living.pid, os.WEXITED | os.WNOWAIT)
    assert Process.current().is_dead(owner)


def test_a_pid_that_another_process_has_now_is_a_dead_owners() -> None:
    us = Process.current()
    assert us.is_dead(replace(us, started="1").owner())


GONE = replace(Process.current(), pid=4_000_000, started="1")


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(GONE, host="another"),
        replace(GONE, boot="another boot"),
        replace(GONE, namespace="1"),
        replace(GONE, boot=""),
        replace(GONE, namespace=""),
        replace(GONE, started=""),
    ],
)
def test_nothing_is_known_of_a_process_elsewhere(elsewhere: Process) -> None:
    us = Process.current()
    assert us.is_dead(GONE.owner())
    assert not us.is_dead(elsewhere.owner())


@pytest.mark.parametrize("owner", ["", "dead", "host-123-0badcafe", "a/b/c/d/e/f", "1/2/3"])
def test_nothing_is_known_of_an_owner_that_is_named_otherwise(owner: str) -> None:
    assert not Process.current().is_dead(owner)


def claimed_by(folder: Path, owner: str, now: float) -> None:
    """Leave a report and a receipt that a process was at work on, with an hour of lease left."""
    db = open_database(folder / "constat.db")
    with db.conn:
        reports.add(db, promised(channel=ANNONCES), now=now)
        assert delivery_queue.claim(db, "immoteur", owner, now=now, lease=3600).report
        assert receipts.claim(db, owner, now=now, lease=3600, busy=[]).receipt
    db.close()


async def test_what_a_dead_process_of_this_machine_was_sending_is_unknown_at_once(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as bot:
        now = bot.runtime.services.clock.time()
    claimed_by(tmp_path, GONE.owner(), now)
    async with world(tmp_path) as bot:
        await bot.receipt(ANNONCES, says="do not know whether")
        assert owners(bot) == ["unknown"]


async def test_what_a_living_process_is_sending_is_left_to_it(
    tmp_path: Path, living: "subprocess.Popen[str]"
) -> None:
    async with world(tmp_path) as bot:
        now = bot.runtime.services.clock.time()
    claimed_by(tmp_path, named(living), now)
    async with world(tmp_path) as bot:
        await bot.runtime.services.store.write(
            reports.add, promised("another", channel=ANNONCES), now=now
        )
        bot.runtime.services.news_of("immoteur", None)
        await bot.state(2, "filed")
        assert owners(bot) == ["sending", "filed"]


def owners(bot: World) -> list[str]:
    return [row["state"] for row in bot.rows("select state from reports order by number")]

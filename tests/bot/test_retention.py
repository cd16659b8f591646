"""Retention: the bot erases what is older than the operator wants, at night."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.config import Config, RetentionLimits
from bot.retention import PAUSE, PORTION, Retention
from storage.store import Store
from tests.commands.files import ANOMALY, add, file_report, writing
from tests.log_lines import lines_of
from tests.world import FAST, world

NIGHT = datetime.fromisoformat("2026-11-24T03:00").timestamp()
"""In the time zone of the machine."""
DAY = 86_400.0


class StoppedClock(Clock):
    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """The file has a filed report of each of the last 5 days, and one that waits for 9 days."""
    with writing(tmp_path) as db:
        add(db, at=NIGHT - 9 * DAY, payload=ANOMALY)
        for days in (5, 4, 3, 2, 1):
            file_report(db, at=NIGHT - days * DAY - 60)
    opened = Store(tmp_path / "constat.db")
    yield opened
    opened.close()


async def erased(store: Store) -> list[int]:
    sql = "select number from reports where erased_at is not null order by number"
    return await store.read(lambda db: [row[0] for row in db.execute(sql)])


async def count(store: Store, table: str) -> int:
    return await store.read(
        lambda db: int(db.execute(f"select count(*) from {table}").fetchone()[0])  # noqa: S608
    )


async def test_old_reports_are_erased_and_those_that_wait_are_kept(store: Store) -> None:
    retention = Retention(RetentionLimits(texts_days=3), store, StoppedClock(NIGHT))
    await retention.step()
    assert await erased(store) == [2, 3, 4]


@pytest.mark.parametrize(
    ("limits", "calls", "messages"),
    [
        (RetentionLimits(calls_days=3), 2, 5),
        (RetentionLimits(messages_days=3), 5, 2),
        (RetentionLimits(), 5, 5),
    ],
)
async def test_calls_and_messages_have_limits_of_their_own(
    store: Store, limits: RetentionLimits, calls: int, messages: int
) -> None:
    await Retention(limits, store, StoppedClock(NIGHT)).step()
    assert await count(store, "calls") == calls
    assert await count(store, "messages") == messages
    assert await erased(store) == []


@pytest.mark.parametrize(
    ("hour", "wait"), [(0.5, 3600), (1.75, 900), (5, 3600), (12, 3600), (23.5, 3600)]
)
async def test_by_day_nothing_is_erased(store: Store, hour: float, wait: float) -> None:
    clock = StoppedClock(NIGHT + (hour - 3) * 3600)
    retention = Retention(RetentionLimits(texts_days=1), store, clock)
    assert await retention.step() == wait
    assert await erased(store) == []


async def test_one_step_is_small_and_the_next_goes_on(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        for number in range(PORTION + 5):
            file_report(db, at=NIGHT - 9 * DAY + number)
    store = Store(tmp_path / "constat.db")
    retention = Retention(RetentionLimits(texts_days=1), store, StoppedClock(NIGHT))
    assert await retention.step() == PAUSE
    assert len(await erased(store)) == PORTION
    assert await retention.step() == 3600
    assert len(await erased(store)) == PORTION + 5
    store.close()


async def test_a_report_that_was_changed_by_hand_is_left_and_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await store.write(lambda db: db.execute("update reports set who = 'U2' where number = 3"))
    await Retention(RetentionLimits(texts_days=2), store, StoppedClock(NIGHT)).step()
    assert await erased(store) == [2, 4, 5]
    why = "report 3 does not hold what its history says"
    assert f'message="a report is not erased" report=3 why="{why}"' in lines_of(caplog)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (FAST, []),
        (FAST.model_copy(update={"retention": RetentionLimits(texts_days=30)}), [1]),
    ],
    ids=["off by default", "set"],
)
async def test_a_running_bot_obeys_its_config(
    tmp_path: Path, config: Config, expected: list[int]
) -> None:
    with writing(tmp_path) as db:
        file_report(db, at=NIGHT - 40 * DAY)
        file_report(db, at=NIGHT - 20 * DAY)
    sql = "select number from reports where erased_at is not null"
    async with world(tmp_path, config=config, clock=StoppedClock(NIGHT)) as bot:
        await bot.until(lambda: [row["number"] for row in bot.rows(sql)] == expected)
    assert config.retention.is_set == bool(expected)

"""A photo that Slack does not give to the bot: how long the bot tries."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.background import Claimed
from bot.photos.sender import Delayed
from bot.photos.worker import NO_ACCESS_LIMIT, PhotoWorker
from storage import photo_queue, photos, reports
from storage.photos import NewPhoto
from storage.reports import NewReport
from storage.store import Store
from tests.bot.set_clock import SetClock
from tests.storage.news import FILED, T0, finish, send

pytestmark = pytest.mark.usefixtures("on_both_engines")

NEW = NewReport("k", "kind", "api", "U1", {}, {}, photos=[NewPhoto("F1")])
OTHERS = ["api", "token", "choose", "not_found", "error"]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """With a filed report that has one photo."""
    opened = Store(tmp_path / "constat.db")
    await opened.write(reports.add, NEW, now=T0)
    await opened.write(lambda db: finish(db, send(db, T0), FILED, T0))
    yield opened
    opened.close()


async def tried(store: Store, *whys: str) -> str:
    """The state of the photo after tries that end so, one after the other."""
    clock, ends = SetClock(), [Delayed(why) for why in whys]

    class Sender:
        async def send(self, *_: object) -> Delayed:
            return ends.pop(0)

    anything: Any = Sender()
    worker = PhotoWorker(
        anything, {"kind": anything}, store, owner="one", clock=clock, wake_receipts=lambda _: None
    )
    for _ in whys:
        due = await store.read(photo_queue.next_due)
        assert due is not None
        clock.now = max(clock.now, due)
        claimed = await worker.claim()
        assert isinstance(claimed, Claimed)
        await worker.handle(claimed.job)
    [photo] = await store.read(photos.of_report, 1)
    return photo.state.value


@pytest.mark.parametrize("before", OTHERS)
async def test_other_failures_are_no_tries_to_get_the_file(store: Store, before: str) -> None:
    earlier = [before] * (2 * NO_ACCESS_LIMIT)
    assert await tried(store, *earlier, *["no_access"] * (NO_ACCESS_LIMIT - 1)) == "waiting"


@pytest.mark.parametrize("before", OTHERS)
async def test_a_file_that_slack_does_not_give_is_given_up_after_some_tries(
    store: Store, before: str
) -> None:
    assert await tried(store, before, *["no_access"] * NO_ACCESS_LIMIT) == "refused"


@pytest.mark.parametrize("between", OTHERS)
async def test_only_tries_in_a_row_count(store: Store, between: str) -> None:
    some = ["no_access"] * (NO_ACCESS_LIMIT - 1)
    assert await tried(store, *some, between, *some) == "waiting"

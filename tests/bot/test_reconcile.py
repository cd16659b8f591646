"""A report whose answer never came is filed only when all of it is surely ours."""

import asyncio
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import Clock
from bot.delivery.api import Found
from bot.kare.client import Kare
from sandbox.patience import PATIENCE
from storage.reports import NewReport
from tests.bot.kare_client import ANOMALY, READY
from tests.bot.library import Library, becomes, book, lending, report
from tests.bot.wire import Wire
from tests.fast_clock import T0

pytestmark = pytest.mark.usefixtures("on_both_engines")

PAYLOAD = {"reportId": 1204, "anomalies": [ANOMALY]}
ROW = {
    "id": 9,
    **ANOMALY,
    "reportId": 1204,
    "createdAt": "2027-01-15T08:00:01.000Z",  # a second after T0
}


SECOND = ROW | {"id": 10}


class OurClock(Clock):
    """A machine whose date differs from KARE's by so many seconds."""

    def __init__(self, ahead: float = 0.0) -> None:
        self._ahead = ahead

    def time(self) -> float:
        return T0 + 30 + self._ahead

    def monotonic(self) -> float:
        return 30.0


async def found(*rows: Any, payload: Any = PAYLOAD, clock: Clock | None = None) -> Found | None:
    """Sent at T0 by KARE's clock, and looked for 30 seconds later."""
    ours = clock or OurClock()
    answered = {"Date": formatdate(T0 + 30, usegmt=True)}
    pages = [
        httpx.Response(200, json={"data": some}, headers=answered) for some in (list(rows), [])
    ]
    async with Wire(*pages).client("https://kare.example/main/") as client:
        kare = Kare(client, session=READY, clock=ours)
        return await kare.find(payload, ours.time() - 30, [])


FITS = {
    "all of it": ROW,
    "only what the contract lists": {
        name: ROW[name] for name in ("id", "title", "risk", "siteId", "createdAt")
    },
    "nulls": ROW | {"description": None, "dueAt": None, "location": None},
    "blanks around": ROW | {"title": " Exit  blocked ", "description": "Boxes before the door\n"},
    "numbers as texts": ROW | {"risk": "2", "siteId": "31"},
    "another spelling of the due date": ROW | {"dueAt": "2027-12-01T13:34:56+01:00"},
    "a place in one text": ROW | {"location": "floor 2"},
    "a place with a blank room": ROW | {"location": {"floor": "2", "room": ""}},
    "created at once": ROW | {"createdAt": "2027-01-15T08:00:00.000Z"},
}


@pytest.mark.parametrize("row", FITS.values(), ids=FITS)
async def test_a_row_that_says_what_was_sent_is_ours(row: dict[str, Any]) -> None:
    assert await found(row) == Found("1204", {"nbInsertion": 1, "sent": 1})


OTHERS = {
    "another title": {"title": "Exit locked"},
    "another site": {"siteId": 32},
    "another installation": {"technicalInstallationId": 8},
    "another risk": {"risk": 3},
    "another description": {"description": "Boxes"},
    "another due date": {"dueAt": "2027-12-02T12:34:56.000Z"},
    "another floor": {"location": {"floor": "3"}},
    "a room that was not sent": {"location": {"floor": "2", "room": "4"}},
    "another place": {"location": "roof"},
    "another report": {"reportId": 1205},
    "created before": {"createdAt": "2027-01-15T07:59:50.000Z"},
    "created long after the sending": {"createdAt": "2027-01-15T08:02:00.000Z"},
    "created never": {"createdAt": None},
    "created at an odd time": {"createdAt": "9999-12-31T23:59:59-14:00x"},
    "no title": {"title": None},
    "no site": {"siteId": None},
    "a truth for a number": {"risk": True},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
async def test_a_row_that_says_something_else_is_not_ours(other: dict[str, Any]) -> None:
    assert await found(ROW | other) is None


@pytest.mark.parametrize("ahead", [0.0, -3600.0, -30.0, 3600.0, 1e6])
async def test_what_is_ours_is_measured_by_kares_clock(ahead: float) -> None:
    clock = OurClock(ahead)
    colleagues = ROW | {"createdAt": "2027-01-15T07:59:40.000Z"}
    assert await found(colleagues, clock=clock) is None
    assert await found(ROW, clock=clock) is not None


async def test_an_answer_without_a_date_settles_nothing() -> None:
    pages = [httpx.Response(200, json={"data": rows}) for rows in ([ROW], [])]
    async with Wire(*pages).client("https://kare.example/main/") as client:
        kare = Kare(client, session=READY, clock=OurClock())
        assert await kare.find(PAYLOAD, T0, []) is None


async def test_each_anomaly_needs_a_row_of_its_own() -> None:
    twice = {"reportId": 1204, "anomalies": [ANOMALY, ANOMALY]}
    assert await found(ROW, payload=twice) is None
    assert await found(ROW, ROW, payload=twice) is None, "a page that moved shows a row again"
    assert await found(ROW, SECOND, payload=twice) == Found("1204", {"nbInsertion": 2, "sent": 2})


async def test_where_more_rows_fit_than_were_sent_none_is_surely_ours() -> None:
    assert await found(ROW, SECOND) is None
    assert await found(ROW, SECOND | {"siteId": 32}) is not None


@pytest.mark.parametrize("logs", [True, False], ids=["by requests", "without requests"])
@pytest.mark.parametrize("raises", [False, True], ids=["at once", "after a fault"])
async def test_any_api_that_can_be_searched_settles_its_reports_in_doubt(
    tmp_path: Path,
    logs: bool,  # noqa: FBT001
    raises: bool,  # noqa: FBT001
) -> None:
    library = Library({"Emma": "L-7"}, logs=logs, raises=raises)
    async with lending(tmp_path, library, book("Emma", "1")) as store:
        stored = await becomes(store, 1, "filed")
    assert stored.remote_id == "L-7"
    assert stored.answer == {"shelf": "L-7"}
    assert stored.cause == {"why": "found"}


async def test_what_is_not_found_stays_in_doubt_and_says_that_it_was_looked_for(
    tmp_path: Path,
) -> None:
    library = Library({}, logs=True)
    async with lending(tmp_path, library, book("Emma", "1")) as store:
        async with asyncio.timeout(PATIENCE):
            while not (await report(store, 1)).cause.get("looked"):
                await asyncio.sleep(0.01)
        assert (await report(store, 1)).state == "unknown"


async def test_two_reports_of_the_same_thing_stay_in_doubt(tmp_path: Path) -> None:
    library = Library({"Emma": "L-7"}, logs=True)
    async with lending(tmp_path, library, book("Emma", "1"), book("Emma", "2")) as store:
        async with asyncio.timeout(PATIENCE):
            while library.searches < 6:
                await asyncio.sleep(0.01)
        assert [(await report(store, number)).state for number in (1, 2)] == ["unknown"] * 2


async def test_an_unreadable_report_keeps_no_other_in_doubt(tmp_path: Path) -> None:
    library = Library({"Emma": "L-7"}, logs=True)
    odd = NewReport("2", "book", "library", "U0", {}, {"no": "book"}, thread_channel="C0")
    async with lending(tmp_path, library, odd, book("Emma", "1")) as store:
        await becomes(store, 2, "filed")

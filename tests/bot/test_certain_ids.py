"""An anomaly gets a photo only if it is found in KARE's list for certain."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.kare.client import Kare
from bot.kare.created_anomalies import PAGES, find_created
from bot.kare.session import Session
from tests.bot.wire import Wire

NOW = 1_800_000_000.0
"""When KARE answers. The report was sent 10 seconds before, and filed 8 seconds before."""
SENT = {
    "title": "Exit blocked",
    "description": "Boxes before the door",
    "risk": 2,
    "technicalInstallationId": 7,
    "siteId": 31,
}
OTHER = {**SENT, "title": "Cable open"}


def row(number: object = 1, *, ago: float = 9.0, **changes: Any) -> dict[str, Any]:
    at = datetime.fromtimestamp(NOW - ago, UTC).isoformat().replace("+00:00", "Z")
    listed = {name: SENT[name] for name in ("title", "risk", "siteId")}
    return {"id": number, **listed, "createdAt": at, **changes}


async def found(
    *pages: list[dict[str, Any]], sent: tuple[Mapping[str, Any], ...] = (SENT,), date: bool = True
) -> Mapping[int, str]:
    headers = {"Date": formatdate(NOW, usegmt=True)} if date else {}
    answers = [httpx.Response(200, json={"data": rows}, headers=headers) for rows in (*pages, [])]
    async with Wire(*answers).client() as client:
        kare = Kare(client, session=Session(SecretStr("acc"), SecretStr("ses")))
        targets = await find_created(kare, 1204, sent, [], began=lambda: 10.0, ended=lambda: 8.0)
        return targets.certain


async def test_the_only_row_that_fits_is_the_anomaly() -> None:
    assert await found([row(7), row(8, title="Another")]) == {0: "7"}


async def test_two_rows_that_fit_are_none() -> None:
    assert await found([row(7), row(8)]) == {}


@pytest.mark.parametrize("ago", [10.5, 86_400.0, 2.0, -5.0])
async def test_a_row_that_was_created_before_or_after_the_sending_is_none(ago: float) -> None:
    assert await found([row(7, ago=ago)]) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"risk": 3},
        {"siteId": 32},
        {"title": "Exit blocked again"},
        {"title": None},
        {"siteId": None},
        {"description": "Another"},
        {"reportId": 1205},
        {"createdAt": None},
        {"createdAt": "yesterday"},
    ],
)
async def test_a_row_that_says_anything_else_is_none(changes: dict[str, Any]) -> None:
    assert await found([row(7, **changes)]) == {}


@pytest.mark.parametrize("number", [None, "", "../../login", True, 1.5])
async def test_a_row_without_a_number_is_none(number: object) -> None:
    assert await found([row(number)]) == {}


async def test_two_anomalies_of_one_report_that_fit_the_same_rows_are_none() -> None:
    twin = {**SENT, "description": "The list may not say this"}
    assert await found([row(7), row(8)], sent=(SENT, twin)) == {}


async def test_each_anomaly_of_a_report_has_its_own_row() -> None:
    rows = [row(7), row(8, title="Cable open")]
    assert await found(rows, sent=(OTHER, SENT)) == {0: "8", 1: "7"}


async def test_without_kares_clock_nothing_is_certain() -> None:
    assert await found([row(7)], date=False) == {}


async def test_a_list_that_was_not_read_to_its_end_is_not_certain() -> None:
    pages = [[row(n, title=f"Other {n}")] for n in range(PAGES)]
    assert await found([row(7), *pages[0]], *pages[1:], [row(8)]) == {}

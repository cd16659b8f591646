"""KARE's lists as rows to choose from. A row that is not as the reference says is left out."""

from collections.abc import Iterator
from typing import Any

from bot.kare.paging import Asks, pages
from storage.api_calls import Call
from storage.catalogue import Installation, Site, Visit

BIGGEST_ID = 9_007_199_254_740_991
"""KARE's own limit. A greater number is no id, and SQLite could not hold it."""


async def sites(kare: Asks, calls: list[Call]) -> list[Site]:
    """:raises ListUnavailableError: when a page does not come; so do the others"""
    by_id: dict[int, Site] = {}
    async for page in pages(kare, "/establishments/v2/rs", calls):
        by_id |= {site.id: site for row in page.rows for site in _sites(row)}
    return list(by_id.values())


async def installations(kare: Asks, calls: list[Call]) -> list[Installation]:
    """The installations in use: nothing can be reported on an archived one."""
    by_key: dict[tuple[int, int], Installation] = {}
    async for page in pages(kare, "/sites-technical-installations/v1/rs", calls):
        for row in page.rows:
            site, number = _id(row.get("siteId")), _id(row.get("technicalInstallationId"))
            if site is None or number is None or row.get("archivedAt"):
                continue
            name = _text(_part(row, "technicalInstallation").get("name"))
            if name or (site, number) not in by_key:
                by_key[site, number] = Installation(site, number, name)
    return list(by_key.values())


async def visits(kare: Asks, calls: list[Call]) -> list[Visit]:
    """A visit that has no report yet is left out."""
    by_id: dict[int, Visit] = {}
    async for page in pages(kare, "/commissions/v2/rs", calls):
        for row in page.rows:
            report = _part(row, "report")
            if (number := _id(report.get("id"))) is None:
                continue
            day = _text(row.get("commissionDate"))[:10]
            visited = [_id(site.get("id")) for site in _parts(row, "sites")]
            by_id[number] = Visit(
                number,
                _text(report.get("name")),
                day,
                tuple(site for site in visited if site is not None),
            )
    return list(by_id.values())


def _sites(row: Any) -> Iterator[Site]:
    name, city = _text(row.get("name")), _text(row.get("city"))
    zip_code = _text(row.get("zipCode"))
    for site in _parts(row, "sites"):
        if (number := _id(site.get("id"))) is not None:
            yield Site(number, _text(site.get("name")), name, city, zip_code)


def _id(value: Any) -> int | None:
    is_id = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= BIGGEST_ID
    return value if is_id else None


def _text(value: Any) -> str:
    """A text; a number becomes one, because KARE gives a zip code as either."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return " ".join(str(value).split())[:500]


def _part(row: Any, name: str) -> dict[str, Any]:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _parts(row: Any, name: str) -> list[dict[str, Any]]:
    value = row.get(name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []

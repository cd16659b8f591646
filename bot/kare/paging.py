"""KARE's lists, read tolerantly: neither their paging nor their parameters are documented."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.delivery.http_client import Answer, Cut, NotSent
from storage.api_calls import Call

Row = Mapping[str, Any]
PAGES = 400
"""Pages of one list at most."""


class Asks(Protocol):
    async def ask(
        self, method: str, path: str, calls: list[Call], *, query: Mapping[str, str] | None = None
    ) -> Answer | NotSent | Cut: ...


class ListUnavailableError(Exception):
    """A list cannot be had now, or not with our rights: `status` is the answer's, if one came."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


async def pages(
    kare: Asks, path: str, calls: list[Call], *, limit: int = PAGES
) -> AsyncIterator[list[Row]]:
    """Each page's rows. The end is an empty page, the announced total, or a page seen before.

    :raises ListUnavailableError: when a page does not come
    """
    seen = 0
    number: int | None = None
    before: list[Row] = []
    for _ in range(limit):
        query = None if number is None else {"page": str(number)}
        body = _body(await kare.ask("GET", path, calls, query=query))
        rows: list[Row] = [row for row in body["data"] if isinstance(row, dict)]
        if not rows or rows == before:
            return
        yield rows
        seen += len(rows)
        total = body.get("totalCount")
        if isinstance(total, int) and seen >= total:
            return
        number = _page(body, number) + 1
        before = rows


async def count_created(
    kare: Asks, wanted: Counter[tuple[str, int]], since: float, calls: list[Call]
) -> Counter[tuple[str, int]]:
    """How many of these anomalies, by title and site, were created since that time.

    :param since: UNIX seconds
    :raises ListUnavailableError: when the list cannot be had
    """
    found: Counter[tuple[str, int]] = Counter()
    async for rows in pages(kare, "/anomalies/v3/rs", calls, limit=20):
        for row in rows:
            site = row.get("siteId")
            if not isinstance(site, int):  # another's row, however odd, settles nothing
                continue
            key = (str(row.get("title", "")), site)
            if key in wanted and _created(row) >= since:
                found[key] += 1
        if all(found[key] >= n for key, n in wanted.items()):
            break
    return found


def _body(outcome: Answer | NotSent | Cut) -> Mapping[str, Any]:
    if not isinstance(outcome, Answer):
        raise ListUnavailableError(outcome.error)
    body = outcome.body
    readable = isinstance(body, dict) and isinstance(body.get("data"), list)
    if outcome.status != 200 or not readable:
        raise ListUnavailableError(f"it answered {outcome.status}", outcome.status)
    return dict(body)


def _page(body: Mapping[str, Any], asked: int | None) -> int:
    """The page that this was: as it says, as we asked, or the first, counted from 1."""
    pagination = body.get("pagination")
    said = pagination.get("page") if isinstance(pagination, dict) else None
    if isinstance(said, int) and (asked is None or said == asked):
        return said
    return 1 if asked is None else asked


def _created(row: Row) -> float:
    """UNIX seconds; long ago when it is not said."""
    try:
        moment = datetime.fromisoformat(str(row.get("createdAt")))
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

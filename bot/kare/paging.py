"""KARE's lists, page by page. Neither their paging nor their parameters are documented."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.delivery.decision import answered_at
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
    """A list cannot be had now, or not with our rights.

    :param status: the answer's, if an answer came
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    answered_at: float | None
    """When KARE answered by its own clock, UNIX seconds; None if it did not say."""


async def pages(
    kare: Asks, path: str, calls: list[Call], *, limit: int = PAGES
) -> AsyncIterator[Page]:
    """Each page. The end is an empty page, the announced total, or a page like the one before.

    :raises ListUnavailableError: when a page does not come
    """
    rows_read = 0
    number: int | None = None
    before: list[Row] = []
    for _ in range(limit):
        query = None if number is None else {"page": str(number)}
        outcome = await kare.ask("GET", path, calls, query=query)
        body = _body(outcome)
        rows: list[Row] = [row for row in body["data"] if isinstance(row, dict)]
        if not rows or rows == before:
            return
        yield Page(rows, answered_at(outcome.headers) if isinstance(outcome, Answer) else None)
        rows_read += len(rows)
        total = body.get("totalCount")
        if isinstance(total, int) and rows_read >= total:
            return
        number = _number(body, number) + 1
        before = rows


def _body(outcome: Answer | NotSent | Cut) -> Mapping[str, Any]:
    if not isinstance(outcome, Answer):
        raise ListUnavailableError(outcome.error)
    body = outcome.body
    readable = isinstance(body, dict) and isinstance(body.get("data"), list)
    if outcome.status != 200 or not readable:
        raise ListUnavailableError(f"it answered {outcome.status}", outcome.status)
    return dict(body)


def _number(body: Mapping[str, Any], expected: int | None) -> int:
    """The number of this page: KARE's own if it fits, or the one we asked for, or 1."""
    pagination = body.get("pagination")
    number = pagination.get("page") if isinstance(pagination, dict) else None
    if isinstance(number, int) and (expected is None or number == expected):
        return number
    return 1 if expected is None else expected

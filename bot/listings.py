"""Immoteur's look-ups of listings: by link, by id, and a property's classifieds."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from blocks.listing import Listing
from bot.exchange import Answer, Cut, Exchange, NotSent
from bot.outcome import asked_wait


@dataclass(frozen=True)
class NotRead:
    """Why a listing could not be read: a key of the words' `listing.trouble`."""

    why: str
    wait: float | None = None
    """Seconds for which Immoteur asked not to be asked."""

    @property
    def final(self) -> bool:
        """Asking again soon would say the same."""
        return self.why in {"not_found", "forbidden", "not_configured", "refused"}


_WHY = {401: "token", 403: "forbidden", 404: "not_found", 409: "not_configured", 429: "busy"}
_WHY |= {400: "refused", 422: "refused", 503: "busy"}


@dataclass(frozen=True)
class Listings:
    exchange: Exchange
    headers: Mapping[str, str]
    clock: Callable[[], float] = time.time

    async def by_link(self, link: str) -> Listing | NotRead:
        outcome = await self._get("/classifieds/lookup", {"url": link})
        return self._one(outcome)

    async def by_id(self, classified_id: str) -> Listing | NotRead:
        return self._one(await self._get(f"/classifieds/{classified_id}"))

    async def of_property(self, property_id: str) -> Sequence[Listing] | NotRead:
        outcome = await self._get(f"/properties/{property_id}/classifieds")
        body = self._body(outcome)
        if isinstance(body, NotRead):
            return body
        rows = body.get("classifieds")
        made = [_listing(row) for row in rows] if isinstance(rows, list) else []
        return [one for one in made if one is not None]

    def _one(self, outcome: Answer | NotSent | Cut) -> Listing | NotRead:
        body = self._body(outcome)
        if isinstance(body, NotRead):
            return body
        return _listing(body.get("classified")) or NotRead("refused")

    def _body(self, outcome: Answer | NotSent | Cut) -> Mapping[str, Any] | NotRead:
        if not isinstance(outcome, Answer):
            return NotRead("late")
        if outcome.status != 200:
            why = _WHY.get(outcome.status, "late")
            wait = asked_wait(outcome.headers, self.clock()) if why == "busy" else None
            return NotRead(why, wait)
        return outcome.body if isinstance(outcome.body, dict) else NotRead("late")

    async def _get(
        self, path: str, query: Mapping[str, str] | None = None
    ) -> Answer | NotSent | Cut:
        return await self.exchange("GET", path, headers=self.headers, query=query)


def _listing(row: Any) -> Listing | None:
    """The few things that are shown, each only if it is what the reference says. Immoteur's
    answer also holds e-mail addresses and telephone numbers: they go no further than here.
    """
    classified, home = _id(row, "id"), _id(row, "propertyId")
    if classified is None or home is None:
        return None
    return Listing(
        classified_id=classified,
        property_id=home,
        type=_text(row, "property", "type"),
        area=_number(row, "property", "area"),
        rooms=_whole(row, "property", "roomCount"),
        city=_text(row, "location", "city", "name"),
        postcode=_text(row, "location", "postcode"),
        price=_number(row, "transaction", "price", "current"),
        transaction=_text(row, "transaction", "type"),
        domain=_text(row, "source", "domain"),
        status=_text(row, "status", "current"),
    )


def _at(row: Any, *path: str) -> Any:
    for name in path:
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _text(row: Any, *path: str) -> str | None:
    value = _at(row, *path)
    return value if isinstance(value, str) and value else None


def _number(row: Any, *path: str) -> float | None:
    value = _at(row, *path)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(row: Any, *path: str) -> int | None:
    value = _at(row, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _id(row: Any, name: str) -> str | None:
    text = _text(row, name)
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None

"""Immoteur's look-ups of listings: by link, by id, and all classifieds of a property."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from blocks.issue import links
from blocks.issue.listing import Listing
from blocks.issue.listing_names import has_contact, may_hold_contact
from bot.delivery.decision import asked_wait
from bot.delivery.http_client import Answer, Cut, Exchange, NotSent


@dataclass(frozen=True)
class LookupFailure:
    """Why a listing could not be read."""

    why: str
    """A key of the words' `listing.trouble`. Immoteur answered not_found, forbidden,
    not_configured or refused; token, busy and unreachable hold for all its listings; late and
    broken are no answer.
    """
    wait: float | None = None
    """Seconds for which Immoteur wants no request."""

    @property
    def final(self) -> bool:
        """Whether the same request would get the same answer soon after."""
        return self.why in {"not_found", "forbidden", "not_configured", "refused"}


_WHY = {401: "token", 403: "forbidden", 404: "not_found", 409: "not_configured", 429: "busy"}
_WHY |= {400: "refused", 422: "refused", 503: "busy"}
LONGEST_TEXT = 80
"""Characters that are kept of a name."""


@dataclass(frozen=True)
class Listings:
    """:param pause: called with the seconds for which Immoteur wants no request
    :param clock: gives UNIX seconds
    """

    exchange: Exchange
    headers: Mapping[str, str]
    pause: Callable[[float], None] = lambda _: None
    clock: Callable[[], float] = time.time

    async def by_link(self, link: str) -> Listing | LookupFailure:
        outcome = await self._get("/classifieds/lookup", {"url": link})
        listing = self._listing(outcome)
        if isinstance(listing, Listing) and listing.url is None:
            return replace(listing, url=_public(link))  # the person's own link leads there, too
        return listing

    async def by_id(self, classified_id: str) -> Listing | LookupFailure:
        return self._listing(await self._get(f"/classifieds/{classified_id}"))

    async def of_property(self, property_id: str) -> Sequence[Listing] | LookupFailure:
        outcome = await self._get(f"/properties/{property_id}/classifieds")
        body = self._body(outcome)
        if isinstance(body, LookupFailure):
            return body
        rows = body.get("classifieds")
        listings = [_listing(row) for row in rows] if isinstance(rows, list) else []
        return [listing for listing in listings if listing is not None]

    def _listing(self, outcome: Answer | NotSent | Cut) -> Listing | LookupFailure:
        body = self._body(outcome)
        if isinstance(body, LookupFailure):
            return body
        return _listing(body.get("classified")) or LookupFailure("refused")

    def _body(self, outcome: Answer | NotSent | Cut) -> Mapping[str, Any] | LookupFailure:
        if not isinstance(outcome, Answer):
            return LookupFailure("unreachable" if isinstance(outcome, NotSent) else "late")
        wait = asked_wait(outcome.headers, self.clock())
        busy = _WHY.get(outcome.status) == "busy"
        if wait and (busy or outcome.headers.get("ratelimit-remaining", "").strip() == "0"):
            self.pause(wait)
        if outcome.status != 200:
            return LookupFailure(_WHY.get(outcome.status, "broken"), wait if busy else None)
        return outcome.body if isinstance(outcome.body, dict) else LookupFailure("broken")

    async def _get(
        self, path: str, query: Mapping[str, str] | None = None
    ) -> Answer | NotSent | Cut:
        return await self.exchange("GET", path, headers=self.headers, query=query)


def _listing(row: Any) -> Listing | None:
    """The few facts that are shown, each only if its value fits the reference. Immoteur's answer
    also holds e-mail addresses and telephone numbers, which go no further than here.
    """
    classified, property_id = _id(row, "id"), _id(row, "propertyId")
    if classified is None or property_id is None:
        return None
    return Listing(
        classified_id=classified,
        property_id=property_id,
        type=_name(row, "property", "type"),
        area=_number(row, "property", "area"),
        rooms=_whole(row, "property", "roomCount"),
        city=_name(row, "location", "city", "name"),
        postcode=_name(row, "location", "postcode"),
        price=_number(row, "transaction", "price", "current"),
        transaction=_name(row, "transaction", "type"),
        domain=_name(row, "source", "domain"),
        status=_name(row, "status", "current"),
        url=_public(_at(row, "source", "url")),
    )


def _at(row: Any, *path: str) -> Any:
    for name in path:
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _text(row: Any, *path: str) -> str | None:
    value = _at(row, *path)
    return value[:LONGEST_TEXT] if isinstance(value, str) and value else None


def _name(row: Any, *path: str) -> str | None:
    """A text that names a thing; None where it may name a person."""
    text = _text(row, *path)
    return None if text is None or may_hold_contact(text) else text


def _public(link: Any) -> str | None:
    """A link with its scheme, if it may be the public page of a listing and names nobody."""
    if not isinstance(link, str) or links.fault(link) or not links.is_link(link):
        return None
    link = link if "://" in link else f"https://{link}"
    return None if has_contact(link) else link


def _number(row: Any, *path: str) -> float | None:
    value = _at(row, *path)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    # A number in JSON may have any length, and Python's JSON reads NaN.
    return float(value) if math.isfinite(value) and abs(value) < 1e12 else None


def _whole(row: Any, *path: str) -> int | None:
    value = _at(row, *path)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and abs(value) < 1e6 else None


def _id(row: Any, name: str) -> str | None:
    text = _text(row, name)
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None

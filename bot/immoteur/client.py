"""Immoteur's API. Source: the vendor's reference, whose used parts are in the contract."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from blocks.issue.listing import Listing
from blocks.issue.listing_names import ListingNames
from bot.delivery.api import Found, accepts
from bot.delivery.http_client import Answer, Created, Cut, Exchange, NotSent, Outcome, Unsendable
from bot.immoteur.lookup_api import Listings
from bot.immoteur.resolve import Resolve, Results, prepared
from bot.scrubber import Scrubber
from storage.api_calls import Call

LOOKED_UP_IN = 10.0
"""Seconds for one look-up. Unlike a report, it can be asked for again."""


class _Receipt(BaseModel):
    reportId: UUID  # noqa: N815 - the API's name
    createdAt: datetime  # noqa: N815 - the API's name


@dataclass(frozen=True)
class Immoteur:
    """:param client: pooled, with the API's whole address as its base
    :param resolve: looks up links, and the properties of classifieds, before a report is sent
    :param classifieds_alone: whether classifieds are sent without a property
    :param scrubber: takes our secrets out of answers
    """

    client: httpx.AsyncClient
    token: SecretStr
    resolve: Resolve | None = None
    classifieds_alone: bool = False
    setting: str = "IMMOTEUR_TOKEN"
    """The setting that an operator renews when the token is refused."""
    name: str = "immoteur"
    scrubber: Scrubber = field(default_factory=Scrubber)

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """`POST /issues`, once.

        After a 403, `GET /auth` shows whether the token or this report was refused. The targets are
        looked up first, and nothing is sent if that fails.
        """
        body, found = payload, _Found(self.resolve)
        if self.resolve is not None:
            resolved = await prepared(payload, found, classifieds_alone=self.classifieds_alone)
            if (
                isinstance(resolved, Unsendable)
                and "forbidden" in resolved.cause["unread"].values()
            ):
                works = accepts(await self.check(calls))
                return resolved if works else Answer(403, authorized=False)
            if isinstance(resolved, (Unsendable, Answer, NotSent)):
                return resolved
            body = resolved
        outcome = await self._exchange(calls)(
            "POST", "/issues", headers=self._headers, body=dict(body)
        )
        if not isinstance(outcome, Answer):
            return outcome
        if outcome.status == 401:
            return _unauthorized(outcome)
        if outcome.status == 403 and not accepts(await self.check(calls)):
            return _unauthorized(outcome)
        return _created(outcome, body, found.listings) if 200 <= outcome.status < 300 else outcome

    def listings(
        self, calls: list[Call], pause: Callable[[float], None], *, within: float = LOOKED_UP_IN
    ) -> Listings:
        """Look-ups whose calls are added to `calls`.

        :param pause: called with the seconds for which Immoteur wants no request
        :param within: seconds for one look-up
        """
        exchange = self._exchange(calls)
        exchange.whole = within
        return Listings(exchange, self._headers, pause)

    async def find(
        self,
        payload: Mapping[str, Any],  # noqa: ARG002 - the protocol's
        since: float,  # noqa: ARG002
        calls: list[Call],  # noqa: ARG002
    ) -> Found | None:
        """Always None: Immoteur's API has no list of filed reports."""
        return None

    def same_things(self, payload: Mapping[str, Any]) -> frozenset[Hashable]:  # noqa: ARG002
        """Empty: nothing is found by anything."""
        return frozenset()

    async def check(self, calls: list[Call]) -> Answer | NotSent | Cut:
        """`GET /auth`: whether the token is good now."""
        return await self._exchange(calls)("GET", "/auth", headers=self._headers)

    def _exchange(self, calls: list[Call]) -> Exchange:
        return Exchange(self.name, self.client, calls, scrubber=self.scrubber)

    @property
    def _headers(self) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {self.token.get_secret_value()}",
            "Accept": "application/json",
        }


class _Found:
    """Makes look-ups, and keeps the listings that were found."""

    def __init__(self, resolve: Resolve | None) -> None:
        self._resolve, self.listings = resolve, dict[str, Listing]()

    async def __call__(self, links: Sequence[str], classifieds: Sequence[str]) -> Results:
        assert self._resolve is not None  # noqa: S101 - the caller looked
        results = await self._resolve(links, classifieds)
        listings = [result for result in results.values() if isinstance(result, Listing)]
        self.listings |= {listing.classified_id: listing for listing in listings}
        return results


def _created(answer: Answer, sent: Mapping[str, Any], found: Mapping[str, Listing]) -> Outcome:
    """:param found: the listings that were looked up before it was sent, by their id"""
    try:
        receipt = _Receipt.model_validate(answer.body)
    except ValidationError:
        return answer
    # The sent body can have more than the stored one: links were looked up in between.
    targets = {name: sent.get(name, []) for name in ("propertyIds", "classifiedIds", "links")}
    answer_kept: dict[str, Any] = {"sent": targets, **ListingNames(found).labels()}
    if created_at := _with_zone(receipt.createdAt):
        answer_kept["createdAt"] = created_at
    return Created(str(receipt.reportId), answer_kept, targets["propertyIds"])


def _with_zone(moment: datetime) -> str | None:
    """A time without a zone is read as UTC, not in this machine's own. None if no calendar of ours
    holds it.
    """
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)  # a receipt shows it so
    except OverflowError:
        return None
    return moment.isoformat()


def _unauthorized(answer: Answer) -> Answer:
    return replace(answer, authorized=False)

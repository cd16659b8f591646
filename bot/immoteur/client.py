"""Immoteur's API. Source: the vendor's reference, of which the contract keeps what is used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from bot.delivery.http_client import Answer, Created, Exchange, NotSent, Outcome, Unsendable
from bot.immoteur.lookup_api import Listings
from bot.immoteur.resolve import Resolve, prepared
from storage.api_calls import Call

LOOKED_UP_IN = 10.0
"""Seconds for one look-up: unlike a report, it can be asked again."""


class _Receipt(BaseModel):
    reportId: UUID  # noqa: N815 - the API's name
    createdAt: datetime  # noqa: N815 - the API's name


@dataclass(frozen=True)
class Immoteur:
    """:param client: pooled, with the API's whole address as its base
    :param resolve: looks up links, and the properties of classifieds, before a report is sent
    :param classifieds_alone: whether classifieds are sent without a property
    """

    client: httpx.AsyncClient
    token: SecretStr
    resolve: Resolve | None = None
    classifieds_alone: bool = False
    setting: str = "IMMOTEUR_TOKEN"
    """What an operator renews when the token is refused."""
    name: str = "immoteur"

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """`POST /issues`, once.

        A 403 is looked into: `GET /auth` tells whether it is the token or this report.
        What is to be looked up is looked up first, and nothing is sent if that fails.
        """
        body = payload
        if self.resolve is not None:
            made = await prepared(payload, self.resolve, classifieds_alone=self.classifieds_alone)
            if isinstance(made, Unsendable) and "forbidden" in made.cause["unread"].values():
                return made if await self.works(calls) else Answer(403, authorized=False)
            if isinstance(made, (Unsendable, Answer, NotSent)):
                return made
            body = made
        exchange = Exchange(self.name, self.client, calls)
        outcome = await exchange("POST", "/issues", headers=self._headers, body=dict(body))
        if not isinstance(outcome, Answer):
            return outcome
        if outcome.status == 401:
            return _unauthorized(outcome)
        if outcome.status == 403 and not await self.works(calls):
            return _unauthorized(outcome)
        return _created(outcome, body) if 200 <= outcome.status < 300 else outcome

    def listings(
        self, calls: list[Call], pause: Callable[[float], None], *, within: float = LOOKED_UP_IN
    ) -> Listings:
        """Look-ups whose calls are added to `calls`.

        :param pause: told for how many seconds Immoteur wants not to be asked
        :param within: seconds for one look-up
        """
        exchange = Exchange(self.name, self.client, calls, whole=within)
        return Listings(exchange, self._headers, pause)

    async def find(
        self,
        payload: Mapping[str, Any],  # noqa: ARG002 - as KARE's
        since: float,  # noqa: ARG002
        calls: list[Call],  # noqa: ARG002
    ) -> Mapping[str, Any] | None:
        """Always None: Immoteur has no way to ask what was filed."""
        return None

    async def works(self, calls: list[Call]) -> bool:
        """Whether the token is good now."""
        exchange = Exchange(self.name, self.client, calls)
        outcome = await exchange("GET", "/auth", headers=self._headers)
        return isinstance(outcome, Answer) and outcome.status == 200

    @property
    def _headers(self) -> Mapping[str, str]:
        return {
            "Authorization": f"Bearer {self.token.get_secret_value()}",
            "Accept": "application/json",
        }


def _created(answer: Answer, sent: Mapping[str, Any]) -> Outcome:
    try:
        receipt = _Receipt.model_validate(answer.body)
    except ValidationError:
        return answer
    # What was sent can be more than what was stored: links were looked up in between.
    targets = {name: sent.get(name, []) for name in ("propertyIds", "classifiedIds", "links")}
    created = receipt.createdAt
    if created.tzinfo is None:  # read as UTC, not in this machine's own zone
        created = created.replace(tzinfo=UTC)
    answer_kept = {"createdAt": created.isoformat(), "sent": targets}
    return Created(str(receipt.reportId), answer_kept, targets["propertyIds"])


def _unauthorized(answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, answer.body, answer.text, authorized=False)

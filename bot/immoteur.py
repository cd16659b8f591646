"""Immoteur's API. Source: the vendor's reference, of which the contract keeps what is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from bot.exchange import Answer, Created, Exchange, Outcome
from storage.calls import Call

DEFAULT_URL = "https://api.immoteur.com/public/v1"


class _Receipt(BaseModel):
    reportId: UUID  # noqa: N815 - the API's name
    createdAt: datetime  # noqa: N815 - the API's name


@dataclass(frozen=True)
class Immoteur:
    """:param client: pooled, with the API's whole address as its base"""

    client: httpx.AsyncClient
    token: SecretStr
    setting: str = "IMMOTEUR_TOKEN"
    """What an operator renews when the token is refused."""
    name: str = "immoteur"

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """`POST /issues`, once.

        A 403 is looked into: `GET /auth` tells whether it is the token or this report.
        """
        exchange = Exchange(self.name, self.client, calls)
        outcome = await exchange("POST", "/issues", headers=self._headers, body=dict(payload))
        if not isinstance(outcome, Answer):
            return outcome
        if outcome.status == 401:
            return _unauthorized(outcome)
        if outcome.status == 403 and not await self.works(calls):
            return _unauthorized(outcome)
        return _created(outcome) if 200 <= outcome.status < 300 else outcome

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


def _created(answer: Answer) -> Outcome:
    try:
        receipt = _Receipt.model_validate(answer.body)
    except ValidationError:
        return answer
    return Created(str(receipt.reportId), {"createdAt": receipt.createdAt.isoformat()})


def _unauthorized(answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, answer.body, answer.text, authorized=False)

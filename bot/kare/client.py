"""KARE's API. Source: the vendor's reference, of which the contract keeps what is used."""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from bot.delivery.http_client import Answer, Created, Cut, Exchange, NotSent, Outcome
from bot.kare.paging import ListUnavailableError, count_created
from storage.api_calls import Call

LOGIN = "/auth/v1/rs/login/credentials"
LAST_MOMENT = 1e11
"""UNIX seconds; a token that says it ends later says nothing."""
EARLY = 60.0
"""Seconds before a session's end at which it is renewed."""


class _Tokens(BaseModel):
    accessToken: str  # noqa: N815 - the API's name
    sessionToken: str  # noqa: N815 - the API's name


class _LoggedIn(BaseModel):
    data: _Tokens


class _Inserted(BaseModel):
    nbInsertion: int  # noqa: N815 - the API's name


@dataclass(frozen=True)
class Session:
    """A pair of tokens. `expires` is UNIX seconds; none when the token does not say."""

    access: SecretStr
    session: SecretStr
    expires: float | None = None


@dataclass(frozen=True)
class Login:
    email: str
    password: SecretStr


@dataclass
class Kare:
    """:param session: ready tokens, or the last that a login gave; kept in memory only
    :param login: renews the session; without it, tokens that end must be renewed by an operator
    """

    client: httpx.AsyncClient
    session: Session | None = None
    login: Login | None = None
    clock: Callable[[], float] = time.time
    name: str = "kare"
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def setting(self) -> str:
        """What an operator renews when we are refused."""
        return (
            "KARE_EMAIL, KARE_PASSWORD" if self.login else "KARE_ACCESS_TOKEN, KARE_SESSION_TOKEN"
        )

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """`POST …/reports/{reportId}/nonconformity`, once; twice when a login renewed the tokens
        in between, because what is refused with 401 or 403 was not kept.

        A 403 is looked into: another request tells whether it is the tokens or this report.
        """
        path = f"/anomalies/v2/rs/reports/{int(payload['reportId'])}/nonconformity"
        sent = len(payload["anomalies"])
        outcome = await self.ask("POST", path, calls, body=payload["anomalies"])
        if isinstance(outcome, Answer) and 200 <= outcome.status < 300:
            return _created(outcome, str(payload["reportId"]), sent)
        if isinstance(outcome, Answer) and outcome.status == 403 and await self.works(calls):
            return replace(outcome, authorized=True)
        return outcome

    async def find(
        self, payload: Mapping[str, Any], since: float, calls: list[Call]
    ) -> Mapping[str, Any] | None:
        """Whether all of what was sent is there, by title and site, created since that time.

        :returns: what the answer would have said; None when not all was found, or nobody could look
        """
        wanted = Counter((str(one["title"]), int(one["siteId"])) for one in payload["anomalies"])
        try:
            found = await count_created(self, wanted, since, calls)
        except ListUnavailableError:
            return None
        if any(found[key] < n for key, n in wanted.items()):
            return None
        sent = wanted.total()
        return {"nbInsertion": sent, "sent": sent}

    async def works(self, calls: list[Call]) -> bool:
        """Whether KARE takes our tokens now."""
        outcome = await self.ask("GET", "/commissions/v2/rs", calls)
        return isinstance(outcome, Answer) and outcome.status == 200

    async def ask(
        self,
        method: str,
        path: str,
        calls: list[Call],
        *,
        body: Any = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer | NotSent | Cut:
        """An exchange with both tokens, renewed first when they are known to have ended."""
        exchange = Exchange(self.name, self.client, calls)
        refused = Answer(401, authorized=False)
        for again in (False, True):
            session = await self._session(exchange)
            if not isinstance(session, Session):
                return session
            headers = _headers(session)
            outcome = await exchange(method, path, headers=headers, body=body, query=query)
            if not (isinstance(outcome, Answer) and outcome.status in {401, 403}):
                return outcome
            refused = replace(outcome, authorized=False)
            if self.login is None or again:
                break
            if self.session is session:  # else another report's answer had it renewed already
                self.session = None
        return refused

    async def _session(self, exchange: Exchange) -> Session | Answer | NotSent:
        """The session, renewed by one login for all who ask at once."""
        async with self._renewing:
            if self.session is None or self._ends_soon(self.session):
                return await self._log_in(exchange)
            return self.session

    def _ends_soon(self, session: Session) -> bool:
        ends = session.expires
        return self.login is not None and ends is not None and ends - EARLY <= self.clock()

    async def _log_in(self, exchange: Exchange) -> Session | Answer | NotSent:
        """Renew the session. What goes wrong here sent no report, so it is never a `Cut`."""
        assert self.login is not None  # noqa: S101 - the settings have tokens, a login, or no KARE
        body = {"email": self.login.email, "password": self.login.password.get_secret_value()}
        outcome = await exchange("POST", LOGIN, headers={}, body=body)
        if isinstance(outcome, (NotSent, Cut)):
            return NotSent(outcome.error)
        try:
            tokens = _LoggedIn.model_validate(outcome.body).data
        except ValidationError:
            return _login_refused(outcome)
        if not 200 <= outcome.status < 300:
            return _login_refused(outcome)
        self.session = Session(
            SecretStr(tokens.accessToken),
            SecretStr(tokens.sessionToken),
            expires_at(tokens.sessionToken),
        )
        return self.session


def _headers(session: Session) -> Mapping[str, str]:
    return {
        "Authorization": f"Bearer {session.access.get_secret_value()}",
        "X-Session-Token": session.session.get_secret_value(),
        "Accept": "application/json",
    }


def expires_at(token: str) -> float | None:
    """When a JWT ends, UNIX seconds; None for a token that is none or does not say.

    Its signature is not ours to check: we only plan with it.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    ends = claims.get("exp") if isinstance(claims, dict) else None
    if isinstance(ends, bool) or not isinstance(ends, (int, float)):
        return None
    return float(ends) if 0 < ends < LAST_MOMENT else None


def _login_refused(answer: Answer) -> Answer | NotSent:
    """A login that answers 429 or 5xx is busy; anything else needs an operator.

    Its words are dropped: they could repeat what was sent.
    """
    if answer.status == 429:
        return Answer(429, answer.headers)
    if answer.status >= 500:
        return NotSent(f"the login answered {answer.status}")
    return Answer(401, authorized=False)


def _created(answer: Answer, report_id: str, sent: int) -> Outcome:
    try:
        inserted = _Inserted.model_validate(answer.body).nbInsertion
    except ValidationError:
        return answer
    return Created(report_id, {"nbInsertion": inserted, "sent": sent})

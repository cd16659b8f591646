"""KARE's API. Source: the vendor's reference, whose used parts are in the contract."""

import asyncio
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from bot.clock import Clock
from bot.delivery.api import Found, accepts
from bot.delivery.http_client import Answer, Created, Cut, Exchange, NotSent, Outcome
from bot.kare.created_anomalies import all_created, same_things
from bot.kare.paging import ListUnavailableError
from bot.kare.session import Login, Session, after_login
from bot.scrubber import Scrubber
from storage.api_calls import Call

LOGIN = "/auth/v1/rs/login/credentials"


class _Tokens(BaseModel):
    accessToken: str  # noqa: N815 - the API's name
    sessionToken: str  # noqa: N815 - the API's name


class _LoggedIn(BaseModel):
    data: _Tokens


class _Inserted(BaseModel):
    nbInsertion: int  # noqa: N815 - the API's name


@dataclass
class Kare:
    """:param session: ready tokens, or the last that a login gave; kept in memory only
    :param login: renews the session; without it, an operator must renew tokens that end
    :param scrubber: takes our secrets out of answers
    """

    client: httpx.AsyncClient
    session: Session | None = None
    login: Login | None = None
    clock: Clock = field(default_factory=Clock)
    scrubber: Scrubber = field(default_factory=Scrubber)
    name: str = "kare"
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def setting(self) -> str:
        """The settings that an operator renews when KARE refuses our tokens."""
        return (
            "KARE_EMAIL, KARE_PASSWORD" if self.login else "KARE_ACCESS_TOKEN, KARE_SESSION_TOKEN"
        )

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """`POST …/reports/{reportId}/nonconformity`, once; twice when a login renewed the tokens in
        between, because KARE keeps nothing that it refuses with 401 or 403.

        After a 403, another request shows whether the tokens or this report were refused.
        """
        path = f"/anomalies/v2/rs/reports/{int(payload['reportId'])}/nonconformity"
        count = len(payload["anomalies"])
        outcome = await self.ask("POST", path, calls, body=payload["anomalies"])
        if isinstance(outcome, Answer) and 200 <= outcome.status < 300:
            return _created(outcome, str(payload["reportId"]), count)
        forbidden = isinstance(outcome, Answer) and outcome.status == 403
        if isinstance(outcome, Answer) and forbidden and accepts(await self.check(calls)):
            return replace(outcome, authorized=True)
        return outcome

    async def find(
        self, payload: Mapping[str, Any], since: float, calls: list[Call]
    ) -> Found | None:
        """Look for all of the report's anomalies in KARE's list of anomalies."""
        began = self.clock.monotonic() - (self.clock.time() - since)
        report_id, anomalies = payload["reportId"], payload["anomalies"]
        try:
            is_created = await all_created(
                self, report_id, anomalies, calls, age=lambda: self.clock.monotonic() - began
            )
        except ListUnavailableError:
            return None
        count = len(anomalies)
        return Found(str(report_id), {"nbInsertion": count, "sent": count}) if is_created else None

    def same_things(self, payload: Mapping[str, Any]) -> frozenset[Hashable]:
        """Each anomaly's title and site: the list of anomalies may say no more."""
        return same_things(payload["anomalies"])

    async def check(self, calls: list[Call]) -> Answer | NotSent | Cut:
        """Whether KARE takes our tokens now, by a list that everybody may read."""
        return await self.ask("GET", "/commissions/v2/rs", calls)

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
        exchange = Exchange(self.name, self.client, calls, scrubber=self.scrubber)
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
        """The session, renewed by one login for all requests of that moment."""
        async with self._renewing:
            session = self.session
            if session is None:
                return await self._log_in(exchange)
            if self.login is not None and session.is_over(self.clock.monotonic()):
                return await self._log_in(exchange)
            return session

    async def _log_in(self, exchange: Exchange) -> Session | Answer | NotSent:
        """Renew the session. A login sends no report, so its failure is never a `Cut`."""
        assert self.login is not None  # noqa: S101 - the settings have tokens, a login, or no KARE
        body = {"email": self.login.email, "password": self.login.password.get_secret_value()}
        # Not cleaned: KARE may give the same tokens again. Nothing else of this answer is kept.
        bare = replace(exchange, scrubber=Scrubber())
        outcome = await bare("POST", LOGIN, headers={}, body=body)
        if isinstance(outcome, (NotSent, Cut)):
            return NotSent(outcome.error)
        try:
            tokens = _LoggedIn.model_validate(outcome.body).data
        except ValidationError:
            return _login_refused(outcome)
        if not 200 <= outcome.status < 300:
            return _login_refused(outcome)
        session = after_login(tokens.accessToken, tokens.sessionToken, outcome.headers, self.clock)
        if session is None:
            return _login_refused(outcome)
        self.scrubber.renewed(tokens.accessToken, tokens.sessionToken)
        self.session = session
        return session


def _headers(session: Session) -> Mapping[str, str]:
    return {
        "Authorization": f"Bearer {session.access.get_secret_value()}",
        "X-Session-Token": session.session.get_secret_value(),
        "Accept": "application/json",
    }


def _login_refused(answer: Answer) -> Answer | NotSent:
    """A login that answers 429 or 5xx is busy; anything else needs an operator.

    Its words are dropped, because they may repeat the password.
    """
    if answer.status == 429:
        return Answer(429, answer.headers)
    if answer.status >= 500:
        return NotSent(f"the login answered {answer.status}")
    return Answer(401, authorized=False)


def _created(answer: Answer, report_id: str, count: int) -> Outcome:
    try:
        inserted = _Inserted.model_validate(answer.body).nbInsertion
    except ValidationError:
        return answer
    return Created(report_id, {"nbInsertion": inserted, "sent": count})

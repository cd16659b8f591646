"""KARE's client against scripted answers, on a clock that stands still."""

import base64
import json
from typing import Any

import httpx
from pydantic import SecretStr

from bot.clock import Clock
from bot.kare.client import Kare
from bot.kare.session import Login, Session
from storage.api_calls import Call
from tests.bot.wire import Wire

T0 = 1_800_000_000.0


class Stopped(Clock):
    """A clock that a test moves by hand."""

    passed = 0.0
    ahead = 0.0

    def time(self) -> float:
        return T0 + self.passed + self.ahead

    def monotonic(self) -> float:
        return self.passed


ANOMALY = {
    "title": "Exit blocked",
    "description": "Boxes before the door",
    "risk": 2,
    "technicalInstallationId": 7,
    "siteId": 31,
    "dueAt": "2027-12-01T12:34:56.000Z",
    "location": {"floor": "2"},
}
PAYLOAD = {"reportId": 1204, "anomalies": [ANOMALY]}
CREATED = httpx.Response(201, json={"nbInsertion": 1})
READY = Session(SecretStr("acc"), SecretStr("ses"))
LOGIN = Login("a@b.fr", SecretStr("pass-word"))


def jwt(claims: Any) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{middle}.c2ln"


def logged_in(number: int, *, expires: float | None = None) -> httpx.Response:
    session = f"ses{number}" if expires is None else jwt({"exp": expires})
    tokens = {"accessToken": f"acc{number}", "refreshToken": "r", "sessionToken": session}
    return httpx.Response(201, json={"data": tokens})


async def filed(wire: Wire, **kare: Any) -> tuple[Any, list[Call]]:
    calls: list[Call] = []
    async with wire.client("https://kare.example/main/") as client:
        outcome = await Kare(client, clock=Stopped(), **kare).file(PAYLOAD, calls)
    return outcome, calls

"""The pairs of tokens that a login returns."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import NamedTuple

DAY = 24 * 3600


class Tokens(NamedTuple):
    """`access` goes to Authorization, `session` to X-Session-Token."""

    access: str
    session: str


class Sessions:
    """Pairs that work for a day on `clock`. The two tokens of a pair only work together."""

    def __init__(self, clock: Callable[[], float], email: str) -> None:
        self._clock = clock
        self._email = email
        self._key = secrets.token_bytes(32)
        self._until: dict[Tokens, int] = {}

    def open(self, *, opaque: bool = False) -> Tokens:
        """A new pair. Its session token is a JWT unless `opaque`."""
        now = int(self._clock())
        session = secrets.token_urlsafe(24) if opaque else self._jwt(now)
        tokens = Tokens(secrets.token_urlsafe(24), session)
        self._until[tokens] = now + DAY
        return tokens

    def is_open(self, tokens: Tokens) -> bool:
        return self._clock() < self._until.get(tokens, 0)

    def close_all(self) -> None:
        self._until.clear()

    def _jwt(self, now: int) -> str:
        header = {"alg": "HS256", "typ": "JWT"}
        claims = {"sub": self._email, "iat": now, "exp": now + DAY, "jti": secrets.token_hex(8)}
        signed = ".".join(_segment(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{_segment(hmac.digest(self._key, signed.encode(), hashlib.sha256))}"


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

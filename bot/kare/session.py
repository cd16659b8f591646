"""KARE's two tokens, and how long they last."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.clock import Clock
from bot.delivery.decision import answered_at

EARLY = 60.0
"""Seconds before a session's end at which it is renewed; half its life when that is less."""
LAST_MOMENT = 1e11
"""UNIX seconds. A token that names a later end is taken as naming none."""


@dataclass(frozen=True)
class Session:
    """A pair of tokens."""

    access: SecretStr
    session: SecretStr
    renew_at: float | None = None
    """By the monotonic clock; None when the token does not say how long it lasts."""

    def is_over(self, now: float) -> bool:
        """:param now: by the monotonic clock"""
        return self.renew_at is not None and self.renew_at <= now


@dataclass(frozen=True)
class Login:
    email: str
    password: SecretStr


def ready_tokens(access: SecretStr, session: SecretStr, clock: Clock) -> Session:
    """Tokens that an operator set. Their end is compared with the machine's date."""
    ends = expires_at(session.get_secret_value())
    lifetime = None if ends is None else max(0.0, ends - clock.time() - EARLY)
    return Session(access, session, None if lifetime is None else clock.monotonic() + lifetime)


def after_login(
    access: str, session: str, headers: Mapping[str, str], clock: Clock
) -> Session | None:
    """The session that a login gave; None when a token is none that a header can carry.

    How long it lasts is measured by KARE's own clock, so that a machine whose date is wrong does
    not log in for each request.

    :param headers: the login's answer's
    """
    if not all(re.fullmatch(r"[!-~]+", token) for token in (access, session)):
        return None
    lasts = None
    if (ends := expires_at(session)) is not None:
        began = _claims(session).get("iat")
        if isinstance(began, bool) or not isinstance(began, (int, float)):
            began = answered_at(headers) or clock.time()
        lasts = ends - began
    renew_at = None
    if lasts is not None and lasts > 0:
        renew_at = clock.monotonic() + max(lasts - EARLY, lasts / 2)
    return Session(SecretStr(access), SecretStr(session), renew_at)


def expires_at(token: str) -> float | None:
    """When a JWT ends, UNIX seconds. None for a token that is no JWT, or does not say.

    Its signature is not ours to check: the end is only planned with.
    """
    ends = _claims(token).get("exp")
    if isinstance(ends, bool) or not isinstance(ends, (int, float)):
        return None
    return float(ends) if 0 < ends < LAST_MOMENT else None


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):  # no base64, no JSON, or too deep
        return {}
    return claims if isinstance(claims, dict) else {}

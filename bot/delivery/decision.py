"""What an outcome means for a report: a pure question, asked after each exchange."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from bot.delivery.http_client import Answer, Created, Cut, NotSent, Outcome, Unsendable

FIRST_WAIT = 5.0
"""Seconds before the second try."""
LONGEST_WAIT = 900.0
"""Seconds between two tries at the most, unless the API asks for more."""
LONGEST_ASKED = 86_400.0
"""Seconds that an API may ask us to wait; more is taken for a mistake."""

Cause = Mapping[str, Any]


@dataclass(frozen=True)
class Filed:
    remote_id: str
    answer: Mapping[str, Any]
    about: Sequence[str] = ()
    """What it turned out to be about."""


@dataclass(frozen=True)
class Wait:
    """Nothing was kept there; try again at that time, and nothing else of this API before."""

    until: float
    cause: Cause = field(default_factory=dict)


@dataclass(frozen=True)
class Hold:
    """The API takes nothing from us until a setting is renewed."""

    cause: Cause


@dataclass(frozen=True)
class Refuse:
    """The API said no and kept nothing."""

    cause: Cause


@dataclass(frozen=True)
class Doubt:
    """It may have been kept."""

    cause: Cause


Decision = Filed | Wait | Hold | Refuse | Doubt


def decide(  # noqa: PLR0911 - a table: one row, one return
    outcome: Outcome, *, attempts: int, now: float, jitter: float | None = None
) -> Decision:
    """:param attempts: how often this report was sent, this time included
    :param jitter: 0 to 1; drawn when not given
    """
    match outcome:
        case Created(remote_id, answer, about):
            return Filed(remote_id, answer, about)
        case Unsendable(cause):
            return Refuse(cause)
        case NotSent():
            return Wait(now + backoff(attempts, jitter), {"why": "unreachable"})
        case Cut():
            return Doubt({"why": "cut"})
        case Answer(status=429 | 503):
            asked = asked_wait(outcome.headers, now)
            wait = backoff(attempts, jitter) if asked is None else asked
            return Wait(now + wait, {"why": "busy", "status": outcome.status})
        case Answer(status=401) | Answer(status=403, authorized=False):
            return Hold({"why": "token", **_said(outcome)})
        case Answer(status=status) if 400 <= status < 500 and status != 408:
            return Refuse({"why": "refused", **_said(outcome)})
        case Answer(status=status) if 200 <= status < 300:
            return Doubt({"why": "unreadable", "status": status})
        case Answer(status=status) if 300 <= status < 400:
            # An address that moved took nothing, and sending a body after it may file twice.
            return Refuse({"why": "moved", "status": status})
        case _:
            return Doubt({"why": "broken", **_said(outcome)})


def backoff(attempts: int, jitter: float | None = None) -> float:
    """Seconds until the next try: doubled each time, give or take a fifth."""
    spread = random.random() if jitter is None else jitter  # noqa: S311 - no secret
    # Past twenty doublings the longest wait holds anyway.
    wait = min(FIRST_WAIT * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT)
    return wait * (0.8 + 0.4 * spread)


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that `Retry-After` or `RateLimit-Reset` ask for, none if neither makes sense."""
    for name in ("retry-after", "ratelimit-reset"):
        text = headers.get(name, "").strip()
        try:
            value = float(text) if text[:1].isdigit() else parsedate_to_datetime(text).timestamp()
        except ValueError:
            continue
        # Small numbers are seconds from now, large ones a moment.
        wait = value if value < 1_000_000_000 else value - now
        return min(max(wait, 0.0), LONGEST_ASKED)
    return None


def _said(answer: Answer) -> dict[str, Any]:
    """The API's own words, by field where it names fields. Cut to what a receipt can show."""
    body = answer.body if isinstance(answer.body, dict) else {}
    said: dict[str, Any] = {"status": answer.status}
    message = body.get("message") or answer.text
    if isinstance(message, str) and message:
        said["message"] = message[:500]
    if isinstance(body.get("errors"), dict):
        said["fields"] = {str(name): _sentences(value) for name, value in body["errors"].items()}
    if isinstance(body.get("configurationUrl"), str):
        said["url"] = body["configurationUrl"][:500]
    return said


def _sentences(value: Any) -> list[str]:
    return [str(one)[:500] for one in (value if isinstance(value, list) else [value])][:10]

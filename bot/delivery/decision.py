"""The decision about a report after an exchange: a pure function of the outcome."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from bot.delivery.http_client import Answer, Created, Cut, NotSent, Outcome, Unsendable
from storage.reports import Change
from storage.states import State

FIRST_WAIT = 5.0
"""Seconds before the second try."""
LONGEST_WAIT = 900.0
"""Seconds between two tries at the most, our own wait or one that the API asks for. An API that
asks for more is asked again with one report each quarter of an hour.
"""
SHORTEST_ASKED = 1.0
"""Seconds. An API that asks for less, or for a moment that has passed, gets this."""

Cause = Mapping[str, Any]


@dataclass(frozen=True)
class Filed:
    remote_id: str
    answer: Mapping[str, Any]
    about: Sequence[str] = ()
    """The targets that the report turned out to be about."""


@dataclass(frozen=True)
class Wait:
    """The API kept nothing. Neither this report nor another is sent for that many seconds."""

    seconds: float
    cause: Cause = field(default_factory=dict)


@dataclass(frozen=True)
class Hold:
    """The API takes nothing from us until an operator renews a setting."""

    cause: Cause


@dataclass(frozen=True)
class Refuse:
    """The API said no and kept nothing."""

    cause: Cause


@dataclass(frozen=True)
class Doubt:
    """The API may have kept it."""

    cause: Cause


Decision = Filed | Wait | Hold | Refuse | Doubt


def decide(  # noqa: PLR0911 - a table: one row, one return
    outcome: Outcome, *, attempts: int, now: float, jitter: float | None = None
) -> Decision:
    """:param attempts: how often this report was sent, this time included
    :param now: UNIX seconds
    :param jitter: 0 to 1; drawn when not given
    """
    match outcome:
        case Created(remote_id, answer, about):
            return Filed(remote_id, answer, about)
        case Unsendable(cause):
            return Refuse(cause)
        case NotSent():
            return Wait(backoff(attempts, jitter), {"why": "unreachable"})
        case Cut():
            return Doubt({"why": "cut"})
        case Answer(status=429 | 503):
            # Never sooner than we would by ourselves: an API that names 0 would be asked for ever.
            wait = max(asked_wait(outcome.headers, now) or 0.0, backoff(attempts, jitter))
            return Wait(min(wait, LONGEST_WAIT), {"why": "busy", "status": outcome.status})
        case Answer(status=401) | Answer(status=403, authorized=False):
            return Hold({"why": "token", **_api_words(outcome)})
        case Answer(status=status) if 400 <= status < 500 and status != 408:
            return Refuse({"why": "refused", **_api_words(outcome)})
        case Answer(status=status) if 200 <= status < 300:
            return Doubt({"why": "unreadable", "status": status})
        case Answer(status=status) if 300 <= status < 400:
            # An address that moved took nothing, and sending a body after it may file twice.
            return Refuse({"why": "moved", "status": status})
        case _:
            return Doubt({"why": "broken", **_api_words(outcome)})


def change(decision: Decision, *, now: float, setting: str) -> Change:
    """The decision as the file takes it.

    :param now: UNIX seconds
    :param setting: the settings to renew when the API holds our reports
    """
    match decision:
        case Filed(remote_id, answer, about):
            why = {"why": "answered"}
            return Change(State.FILED, why, remote_id=remote_id, answer=answer, about=about)
        case Wait(seconds, cause):
            return Change(State.WAITING, cause, next_try=now + seconds)
        case Hold(cause):
            return Change(State.HELD, {**cause, "setting": setting})
        case Refuse(cause):
            return Change(State.REFUSED, cause)
        case Doubt(cause):
            return Change(State.UNKNOWN, cause)


def backoff(attempts: int, jitter: float | None = None) -> float:
    """Seconds until the next try: doubled each time, give or take a fifth."""
    spread = random.random() if jitter is None else jitter  # noqa: S311 - no secret
    # Past twenty doublings the longest wait holds anyway.
    wait = min(FIRST_WAIT * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT)
    return wait * (0.8 + 0.4 * spread)


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that `Retry-After` or `RateLimit-Reset` ask for, from `SHORTEST_ASKED` to
    `LONGEST_WAIT`. None if neither header can be read.

    :param now: UNIX seconds, for a moment that is named by an answer without a `Date`
    """
    for name in ("retry-after", "ratelimit-reset"):
        value = _number(headers.get(name, "").strip())
        if value is None:
            continue
        # Small numbers are seconds from now. Large ones are a moment by the API's own clock.
        wait = value if value < 1_000_000_000 else value - (answered_at(headers) or now)
        return min(max(wait, SHORTEST_ASKED), LONGEST_WAIT)
    return None


def answered_at(headers: Mapping[str, str]) -> float | None:
    """When an answer was made by the other side's clock: its `Date`, in UNIX seconds."""
    return _date(headers.get("date", "").strip())


def _number(text: str) -> float | None:
    try:
        return float(text) if text[:1].isdigit() else _date(text)
    except ValueError:
        return None


def _date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        # Without a zone, or with -0000, it is in UTC and not in the zone of this machine.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):  # no date, or one that no calendar holds
        return None


def _api_words(answer: Answer) -> dict[str, Any]:
    """The API's own words, by field where it names fields, cut to what a receipt can show."""
    body = answer.body if isinstance(answer.body, dict) else {}
    words: dict[str, Any] = {"status": answer.status}
    message = body.get("message") or answer.text
    if isinstance(message, str) and message:
        words["message"] = message[:500]
    if isinstance(body.get("errors"), dict):
        words["fields"] = {str(name): _sentences(value) for name, value in body["errors"].items()}
    if isinstance(body.get("configurationUrl"), str):
        words["url"] = body["configurationUrl"][:500]
    return words


def _sentences(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(sentence)[:500] for sentence in values][:10]

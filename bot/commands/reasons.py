"""Why a report is in its state, in one line for an operator."""

from collections.abc import Iterator, Mapping
from typing import Any

from storage.transitions import Json

REASONS: Mapping[str, str] = {
    "submitted": "submitted",
    "claimed": "being sent",
    "answered": "confirmed by the API",
    "edited": "edited",
    "asked": "sent again on request",
    "again": "sent again on request, although it may have arrived",
    "confirmed": "found in the API by a person",
    "found": "found in the API",
    "discarded": "discarded",
    "undone": "undone before it was sent",
    "restored": "restored",
    "seen": "the alert was seen",
    "photos_chosen": "the anomaly of the photos was chosen",
    "photos_unclear": "nobody knows whether photos arrived",
    "photos_there": "the photos were found in the API by a person",
    "photos_again": "the photos are sent again on request, although they may have arrived",
    "released": "the API accepts our token again",
    "erased": "the words were erased",
    "unreachable": "the API cannot be reached",
    "busy": "the API limits our requests",
    "token": "the API rejects our token",
    "refused": "the API refused it",
    "unread": "some targets could not be looked up",
    "moved": "the API's address answers with a redirect",
    "cut": "no answer came",
    "unreadable": "the answer could not be read",
    "broken": "the API failed while it had the report",
    "died": "the bot was stopped while it sent the report",
}
"""By the `why` of a cause."""


def reason(cause: Json) -> str:
    """The `why` in words, with the facts that the API gave. Empty if there is nothing to say."""
    why = str(cause.get("why", ""))
    facts = "; ".join(_facts(cause))
    return ": ".join(part for part in (REASONS.get(why, why), facts) if part)


def _facts(cause: Json) -> Iterator[str]:
    if status := cause.get("status"):
        yield f"status {status}"
    if message := cause.get("message"):
        yield str(message)
    for name, sentences in _mapping(cause.get("fields")).items():
        yield f"{name}: {' '.join(map(str, sentences))}"
    for target, why in _mapping(cause.get("unread")).items():
        yield f"{target} ({why})"
    if setting := cause.get("setting"):
        yield f"renew {setting}"
    if rule := cause.get("rule"):
        yield str(rule)
    if operator := cause.get("operator"):
        yield f"by the operator {operator}"
    if cause.get("looked"):
        yield "not found in the API"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

"""One finding: from the fields of a form, and back into them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from blocks.anomaly.model import (
    DESCRIPTION_LIMIT,
    ID_LIMIT,
    PLACE_LIMIT,
    TITLE_LIMIT,
    Anomaly,
)
from blocks.anomaly.risk import LEVELS, Risk
from blocks.answers import Answers, Value

NUMBERS = ("siteId", "technicalInstallationId")
TEXTS = {"title": TITLE_LIMIT, "description": DESCRIPTION_LIMIT}
PLACES = ("location.floor", "location.room")
OWN = ("technicalInstallationId", "risk", *TEXTS, "dueAt", *PLACES)
"""The fields of a finding that the next one does not take over."""

Complain = Callable[..., None]
"""Called with a field, the key of a sentence in `anomaly.faults`, and its facts."""


def blank(answers: Answers) -> bool:
    """Nothing was typed. What was chosen does not count: Slack lets nobody take a choice back."""
    return not any(answers.text(name).strip() for name in (*TEXTS, *PLACES))


def values_of(one: Anomaly) -> Mapping[str, Value]:
    return {
        "siteId": str(one.siteId),
        "technicalInstallationId": str(one.technicalInstallationId),
        "risk": str(one.risk),
        "title": one.title,
        "description": one.description,
        "dueAt": one.due,
        "location.floor": one.location.floor,
        "location.room": one.location.room,
    }


def read_number(answers: Answers, name: str, complain: Complain) -> int | None:
    """A whole number within KARE's bounds. Slack gives a number's answer as text."""
    text = answers.text(name).strip()
    number = int(text) if re.fullmatch(r"-?[0-9]{1,3000}", text) else None
    if number is None:
        complain(name, "not_a_number")
    elif abs(number) > ID_LIMIT:
        complain(name, "number_too_large")
    return number


def read_finding(
    risks: Mapping[str, Risk], answers: Answers, complain: Complain, *, now: float
) -> Callable[[], Anomaly]:
    """:returns: what makes the finding, to be called once there was nothing to complain about"""
    level = answers.text("risk")
    risk = risks.get(level, risks["0"])
    numbers = {name: read_number(answers, name, complain) for name in NUMBERS}
    if level not in LEVELS:
        complain("risk", "risk_missing")
    texts = {name: answers.text(name).strip() for name in TEXTS}
    for name, text in texts.items():
        if not text:
            complain(name, "text_missing")
        elif len(text) > TEXTS[name]:
            complain(name, "text_too_long", n=len(text), limit=TEXTS[name])
    # What the last choice hid is not sent, whatever the state still holds.
    due = answers.number("dueAt") if risk.due != "hidden" else None
    if risk.due == "required" and due is None:
        complain("dueAt", "due_missing")
    if due is not None and due <= now:
        complain("dueAt", "due_past")
    places = _read_places(risk, answers, complain)
    anomaly = {
        **texts,
        **numbers,
        "risk": level,
        "dueAt": _utc(due) if due else None,
        "location": {name.removeprefix("location."): text for name, text in places.items()},
    }
    return lambda: Anomaly.model_validate(anomaly | {"risk": int(level)})


def _read_places(risk: Risk, answers: Answers, complain: Complain) -> Mapping[str, str]:
    places = {name: answers.text(name).strip() for name in PLACES if risk.place != "hidden"}
    if risk.place == "required" and not any(places.values()):
        complain("location.floor", "place_missing")
    for name, text in places.items():
        if len(text) > PLACE_LIMIT:
            complain(name, "text_too_long", n=len(text), limit=PLACE_LIMIT)
    return places


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

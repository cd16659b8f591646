"""The fields of the form: their answers read as anomalies, and an anomaly as answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from blocks import photos
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.model import (
    DESCRIPTION_LIMIT,
    ID_LIMIT,
    PLACE_LIMIT,
    TITLE_LIMIT,
    Anomaly,
)
from blocks.anomaly.risk import DUE_LIMIT, LEVELS, Risk
from blocks.answers import Answers, Value
from blocks.mrkdwn import cut, is_blank
from blocks.words import Words

NUMBERS = ("siteId", "technicalInstallationId")
TEXTS = {"title": TITLE_LIMIT, "description": DESCRIPTION_LIMIT}
PLACES = {"location.floor": PLACE_LIMIT, "location.room": PLACE_LIMIT}
EMPTIED = ("risk", *TEXTS, "dueAt", *PLACES)
"""The fields that are emptied for the next anomaly. It is often on the same installation."""
OWN_FIELDS = ("technicalInstallationId", *EMPTIED)
BLANK: dict[str, None] = dict.fromkeys((*EMPTIED, *photos.FIELDS))
"""The answers about an anomaly of which nothing is filled in."""
ANOMALY_FIELDS = frozenset({"siteId", *OWN_FIELDS})
TITLES_SHOWN = 3
"""Titles that one error names at most."""


@dataclass(frozen=True)
class Errors:
    """The errors of a form, one for each field: the first that is added stays."""

    words: Words
    lists: frozenset[str] = frozenset()
    """The number fields that are lists on screen."""
    by_field: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, sentence: str, **facts: object) -> None:
        """:param sentence: a key of the words' `anomaly.faults`"""
        self.by_field.setdefault(name, self.words(f"anomaly.faults.{sentence}", **facts))

    def add_of_draft(self, sentence: str) -> None:
        """:param sentence: a key of the words' `draft`"""
        self.by_field.setdefault("draft", self.words(f"draft.{sentence}"))


def check_due_dates(context: AnomalyContext, errors: Errors, now: float) -> None:
    """One error for all anomalies of the draft whose due dates are over by now."""
    past = [anomaly.title for anomaly in context.others.values() if anomaly.is_past(now)]
    if past:
        shortened = [cut(title, 30) for title in past[:TITLES_SHOWN]]
        titles = ", ".join(errors.words("draft.named", title=title) for title in shortened)
        more = ", …" if len(past) > TITLES_SHOWN else ""
        errors.add("draft.due", "due_past_of", n=len(past), titles=titles + more)


def values_of(anomaly: Anomaly) -> Mapping[str, Value]:
    return {
        "siteId": str(anomaly.siteId),
        "technicalInstallationId": str(anomaly.technicalInstallationId),
        "risk": str(anomaly.risk),
        "title": anomaly.title,
        "description": anomaly.description,
        "dueAt": anomaly.due,
        "location.floor": anomaly.location.floor,
        "location.room": anomaly.location.room,
    }


def nothing_typed(answers: Answers) -> bool:
    """Whether nothing was typed for an anomaly, and no photo was added. Choices do not count: Slack
    lets nobody take a choice back. Nor does what the chosen risk hides.
    """
    has_photos = any(answers.several(name) for name in photos.FIELDS)
    places = (name for name in PLACES if name in answers.blocks or not answers.blocks)
    return not has_photos and all(is_blank(answers.text(name)) for name in (*TEXTS, *places))


def wrong_so_far(risk: Risk, answers: Answers, errors: Errors, *, now: float) -> None:
    """Find the wrong answers, whether other fields are blank or not.

    Slack itself names all blank fields, and does not send the form then. The wrong answers are on
    screen by that time, so that the person corrects everything in one round.

    :param now: UNIX seconds
    """
    for name in ("reportId", *NUMBERS):
        if not is_blank(answers.text(name)):
            read_number(answers, name, errors)
    if answers.number("dueAt") is not None:
        _read_due(risk, answers, errors, now)


def read_number(answers: Answers, name: str, errors: Errors) -> int | None:
    """A whole number within KARE's bounds. Slack gives a number's answer as text."""
    text = answers.text(name).strip()
    number = int(text) if re.fullmatch(r"-?[0-9]{1,3000}", text) else None
    if number is None:
        chooses = name in errors.lists
        errors.add(name, f"choose.{name}" if chooses else "not_a_number")
    elif abs(number) > ID_LIMIT:
        errors.add(name, "number_too_large")
    return number


def read_anomaly(risk: Risk, answers: Answers, errors: Errors, *, now: float) -> Anomaly | None:
    """The anomaly that the fields hold; None when a field has an error.

    :param risk: of the chosen level. A field that it hides is not read, whatever the view's state
        still holds.
    :param errors: gets every error that is found
    :param now: UNIX seconds
    """
    level = answers.text("risk")
    if level not in LEVELS:
        errors.add("risk", "risk_missing")
    values = {
        "risk": level,
        **{name: read_number(answers, name, errors) for name in NUMBERS},
        **{name: _read_text(answers, name, limit, errors) for name, limit in TEXTS.items()},
        "dueAt": _read_due(risk, answers, errors, now),
        "location": _read_location(risk, answers, errors),
    }
    if errors.by_field.keys() & ANOMALY_FIELDS:
        return None
    return Anomaly.model_validate(values | {"risk": int(level)})


def _read_text(answers: Answers, name: str, limit: int, errors: Errors) -> str:
    text = _text(answers, name)
    if not text:
        errors.add(name, "text_missing")
    elif len(text) > limit:
        errors.add(name, "text_too_long", n=len(text), limit=limit)
    return text


def _read_due(risk: Risk, answers: Answers, errors: Errors, now: float) -> str | None:
    due = answers.number("dueAt")
    if risk.due == "hidden":
        return None
    if due is None:
        if risk.due == "required":
            errors.add("dueAt", "due_missing")
        return None
    if due <= now:
        errors.add("dueAt", "due_past")
    elif due > DUE_LIMIT:
        errors.add("dueAt", "due_too_far")
    else:
        return datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return None


def _read_location(risk: Risk, answers: Answers, errors: Errors) -> Mapping[str, str]:
    if risk.place == "hidden":
        return {}
    places = {name: _text(answers, name) for name in PLACES}
    if risk.place == "required" and not any(places.values()):
        errors.add("location.floor", "place_missing")
    for name, text in places.items():
        if len(text) > PLACES[name]:
            errors.add(name, "text_too_long", n=len(text), limit=PLACES[name])
    return {name.removeprefix("location."): text for name, text in places.items()}


def _text(answers: Answers, name: str) -> str:
    """A field's text without the spaces around it; empty when a reader sees nothing of it."""
    text = answers.text(name)
    return "" if is_blank(text) else text.strip()

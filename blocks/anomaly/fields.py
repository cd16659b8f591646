"""The fields of the form: their answers read as anomalies, and an anomaly as answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from blocks import photos
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.model import (
    ANOMALIES_LIMIT,
    DESCRIPTION_LIMIT,
    ID_LIMIT,
    PLACE_LIMIT,
    TITLE_LIMIT,
    Anomaly,
    AnomalyReport,
)
from blocks.anomaly.risk import DUE_LIMIT, LEVELS, Risk, WithRisks
from blocks.answers import Answers, Value
from blocks.form import InvalidFormError
from blocks.mrkdwn import cut, is_blank
from blocks.words import Words

NUMBERS = ("siteId", "technicalInstallationId")
TEXTS = {"title": TITLE_LIMIT, "description": DESCRIPTION_LIMIT}
PLACES = {"location.floor": PLACE_LIMIT, "location.room": PLACE_LIMIT}
EMPTIED = ("risk", *TEXTS, "dueAt", *PLACES)
"""The fields that are emptied for the next anomaly. It is often on the same installation."""
NO_PHOTOS: Mapping[str, Value] = dict.fromkeys(photos.FIELDS)
"""The values of the fields of photos that hold none."""
OWN_FIELDS = ("technicalInstallationId", *EMPTIED)
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


class AnomalyReader(WithRisks):
    """Reads the form, and the anomaly in its fields."""

    def read(
        self,
        words: Words,
        answers: Answers,
        *,
        now: float,
        context: AnomalyContext | None = None,
    ) -> AnomalyReport:
        """The draft's anomalies, and the one in the fields.

        :param now: UNIX seconds
        :raises InvalidFormError: with every fault, each on its own field
        """
        context = context or AnomalyContext()
        errors = Errors(words, context.searchable)
        if context.lost:
            errors.add_of_draft("lost")
        elif context.is_gone:
            errors.add_of_draft("gone")
        report = read_number(answers, "reportId", errors)
        anomalies = dict(context.others)
        if not (context.may_be_blank and self.is_blank(answers)):
            anomaly = self._read_anomaly(answers, context, errors, now)
            if anomaly and not context.was_added(anomaly):
                anomalies[context.anomaly_number or max(anomalies, default=0) + 1] = anomaly
        _check_due_dates(context, errors, now)
        if errors.by_field or report is None:
            raise InvalidFormError(errors.by_field)
        ordered = [anomaly for _, anomaly in sorted(anomalies.items())]
        return AnomalyReport.model_validate({"reportId": report, "anomalies": ordered})

    def read_for_draft(
        self, words: Words, answers: Answers, *, now: float, context: AnomalyContext
    ) -> Anomaly:
        """The anomaly in the fields.

        :param now: UNIX seconds
        :raises InvalidFormError: with every fault, each on its own field. The number of the report
            is checked too.
        """
        errors = Errors(words, context.searchable)
        read_number(answers, "reportId", errors)
        anomaly = self._read_anomaly(answers, context, errors, now)
        if errors.by_field or anomaly is None:
            raise InvalidFormError(errors.by_field)
        return anomaly

    def is_blank(self, answers: Answers) -> bool:
        """Whether nothing was typed for an anomaly, and no photo was added. Choices do not count:
        Slack lets nobody take a choice back.
        """
        has_photos = any(answers.several(name) for name in photos.FIELDS)
        return not has_photos and all(is_blank(answers.text(name)) for name in (*TEXTS, *PLACES))

    @staticmethod
    def new_photos(answers: Answers, context: AnomalyContext) -> tuple[str, ...]:
        """The photos in the fields, without those that were stored with an anomaly from the fields
        as they are on screen.
        """
        if not context.takes_photos:
            return ()
        stored = {packed for number in context.added for packed in context.photos.get(number, ())}
        packed = [photo.packed() for photo in photos.read(answers)]
        return tuple(one for one in packed if one not in stored)

    def too_many(self, words: Words) -> str:
        return words("anomaly.faults.too_many", n=ANOMALIES_LIMIT)

    def _read_anomaly(
        self, answers: Answers, context: AnomalyContext, errors: Errors, now: float
    ) -> Anomaly | None:
        anomaly = read_anomaly(self.risk_of(answers), answers, errors, now=now)
        added = anomaly is not None and context.was_added(anomaly)
        if context.is_full and not added:
            errors.add("title", "too_many", n=ANOMALIES_LIMIT)
        elif context.is_copy and not added and anomaly in context.draft.values():
            errors.add("title", "repeated")
        return anomaly


def _check_due_dates(context: AnomalyContext, errors: Errors, now: float) -> None:
    """One error for all anomalies of the draft whose due dates are over by now."""
    past = [anomaly.title for anomaly in context.others.values() if anomaly.is_past(now)]
    if past:
        titles = ", ".join(f"“{cut(title, 30)}”" for title in past[:TITLES_SHOWN])
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

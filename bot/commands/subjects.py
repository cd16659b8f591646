"""What reports are about, in a few words, and where. Each kind of report has its own functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from blocks.anomaly import headline as anomaly
from blocks.issue import headline as issue
from blocks.words import Words
from bot.immoteur import places as immoteur
from bot.kare import places as kare
from storage.engine import Database
from storage.report_queries import ReportRow

Payload = Mapping[str, Any]
Labels = Mapping[str, Any]
Headline = Callable[[Words, Payload, Labels], str]
"""From a stored body, and the names that were stored with it."""
Places = Callable[[Payload], tuple[str, ...]]


@dataclass(frozen=True)
class Subject:
    headline: Headline
    """The report in a few words."""
    places: Callable[[Database], Places]
    """Reads the names of places. The result gives the places of a stored body."""


SUBJECTS: Mapping[str, Subject] = {
    "report_issue": Subject(issue.headline, immoteur.places),
    "anomaly": Subject(anomaly.headline, kare.places),
}
"""By the name of the kind. A kind that is missing here is listed by its name alone."""


ERASED = "(erased)"
"""The headline of a report whose words were erased."""


def headline(words: Words, report: ReportRow) -> str:
    if report.erased_at is not None:
        return ERASED
    subject = SUBJECTS.get(report.kind)
    text = subject.headline(words, report.payload, report.labels) if subject else ""
    return text or words.maybe(f"{report.kind}.short", report.kind)


def places_of(db: Database, kind: str) -> Places:
    """Where reports of a kind are about. Nowhere for a kind without places."""
    subject = SUBJECTS.get(kind)
    return subject.places(db) if subject else _nowhere


def _nowhere(_: Payload) -> tuple[str, ...]:
    return ()

"""The files in the form of a kind of report, and the interface of an API that takes files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from blocks import photos
from blocks.answers import Answers
from blocks.form import FieldErrors
from blocks.form import Report as FormReport
from blocks.words import Words
from bot.delivery.http_client import Answer, Cut, NotSent
from storage.api_calls import Call
from storage.photos import NewPhoto
from storage.transitions import Report

__all__ = [
    "Accepted",
    "Call",
    "Candidate",
    "PhotoRoute",
    "PhotoSupport",
    "Report",
    "Targets",
    "Upload",
]


@dataclass(frozen=True)
class Upload:
    """The facts of a file that an API gets before the bytes."""

    id: str
    """Ours."""
    name: str
    mimetype: str
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Candidate:
    """A row in the API's list that may be a thing of the report."""

    id: str
    title: str
    at: float
    """When the API created it, UNIX seconds; 0 when the API does not say."""


@dataclass(frozen=True)
class Targets:
    """The entries that were found in the API's list. The keys are the places of the report's
    things.
    """

    certain: Mapping[int, str] = field(default_factory=dict)
    """The API's ids of the things that were found for certain."""
    candidates: Mapping[int, Sequence[Candidate]] | None = None
    """The rows among which a person may choose. None when the list could not be had."""


@dataclass(frozen=True)
class Accepted:
    """A file is registered with the API, which waits for its bytes."""

    url: str
    """Where the bytes are put. Whoever has the address may do so: it is as good as a token."""
    remote_id: str
    """The API's id of the file."""


class PhotoRoute(Protocol):
    """How files get to an API."""

    async def find_targets(self, report: Report, calls: list[Call]) -> Targets:
        """Look for the things of a filed report in the API."""

    async def register(
        self, target: str, upload: Upload, calls: list[Call]
    ) -> Accepted | Answer | NotSent | Cut:
        """Register one file with the API, once.

        :param target: the API's id of the thing that the file shows
        """


def _none(answers: Answers, context: Any) -> Sequence[NewPhoto]:
    del answers, context
    return ()


def _unmoved(context: Any) -> None:
    del context


def _unchanged(words: Words, answers: Answers, report: FormReport) -> FormReport:
    del words, answers
    return report


@dataclass(frozen=True)
class PhotoSupport:
    """The handling of files by a kind of report."""

    to_send: Callable[[Answers, Any], Sequence[NewPhoto]] = _none
    """The files that are sent once the report is filed, from the answers and the form's context."""
    places: Callable[[Any], Mapping[int, int] | None] = _unmoved
    """The new places of the report's things by their old ones after an edit, from the context."""
    in_report: Callable[[Words, Answers, Any], FormReport] = _unchanged
    """The report with its own words about the files. It may raise InvalidFormError."""
    route: PhotoRoute | None = None
    """None where the API takes no files."""

    def faults(self, words: Words, answers: Answers) -> FieldErrors:
        """The errors of the files in a form, by field."""
        return photos.faults(words, answers)

"""A kind of report: everything that is particular to it. No other file of `bot` is."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from slack_bolt.async_app import AsyncApp

from blocks.duplicates import Duplicates
from blocks.form import Form, Report
from blocks.receipt_facts import Labels, ReceiptFacts
from bot.delivery.api import Api
from bot.form_data import Context, FormData, NoFormData, State
from bot.kind_parts import Previews, UnsentDrafts, no_drafts, text_of
from bot.photo_route import PhotoSupport
from bot.services import Services

__all__ = ["AnyKind", "Context", "Kind", "State"]


def _no_gravity(payload: Mapping[str, Any]) -> int | None:
    del payload
    return None


def no_labels(report: Report, earlier: Labels) -> Labels:
    """The names of a kind whose reports say everything by themselves."""
    del report
    return earlier


@dataclass(frozen=True, eq=False)
class Kind(Generic[Context, State]):
    name: str
    """Stored with each report. It is also the callback_id of the form."""
    command: str
    shortcut: str
    """The message shortcut's callback_id."""
    api: str
    """The API's name, stored with each report."""
    api_label: str
    """What people call the API."""
    settings: str
    """The settings that an operator needs for the API."""
    form: Form[Context, State]
    form_data: FormData[Context, State] = field(default_factory=NoFormData)
    """The data with which the form is drawn and read. Without them the form shows only typed
    values.
    """
    client: Api | None = None
    """Delivers the reports; None while the API is not set up."""
    photos: PhotoSupport | None = None
    """What becomes of files that are added in its form; None when none can be added."""
    gravity: Callable[[Mapping[str, Any]], int | None] = _no_gravity
    """How grave a stored body is. A larger number is graver; None if the kind has no levels."""
    receipt: ReceiptFacts = field(default_factory=ReceiptFacts)
    """What receipts show of a report, and of this API's answers and refusals."""
    labels: Callable[[Report, Labels], Labels] = no_labels
    """The names in memory of the things in a report. They are stored with the report, and its
    receipts show them. The function makes no request. It keeps earlier names of an edited report
    that memory has lost. The shape of the names, made of JSON's values, is the kind's own.
    """
    unsent: UnsentDrafts = no_drafts
    """The drafts of this kind that a person did not send. The action_id of the button that
    continues a draft is `home_continue.` and the name of the kind.
    """
    previews: Previews | None = None
    """Draws the unfurl below a posted link, from which a report can begin; None for none."""
    duplicates: Duplicates = field(default_factory=Duplicates)
    """Which earlier reports the form asks about."""
    listeners: tuple[Callable[[AsyncApp, "Kind[Context, State]", Services], None], ...] = ()
    """Registers the listeners that only the forms and receipts of this kind have."""
    loops: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = ()
    """What runs until the bot ends, in every process."""
    back_office_loops: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = ()
    """What runs in the process that is the back office."""

    @property
    def missing(self) -> dict[str, str]:
        """The values in the sentence for an API that is not set up."""
        return {"api": self.api_label}

    def named(self, report: Report, earlier: Labels) -> tuple[Labels, str]:
        """The names of the things in a report, and the text by which it is searched.

        :param earlier: as of `labels`
        """
        labels = self.labels(report, earlier)
        return labels, text_of(report, labels)


AnyKind = Kind[Any, Any]
"""A kind among several: each has types of its own for context and state."""

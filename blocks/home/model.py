"""What an App Home shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.receipt_view import ReceiptView

FORM, AGAIN, CONTINUE = "home_form", "home_again", "home_continue"
STATE, KIND, OLDER, NEWER = "home_state", "home_kind", "home_older", "home_newer"
SEARCH, LANGUAGE = "home_search", "home_language"
"""action_ids. A form's button is `home_form.` and the name of its kind."""
STATES = ("need", "waiting", "sending", "held", "filed", "refused", "unknown", "discarded")
"""A filter of the list: the reports that need the person, or those in a state."""
ANY = "any"
"""The option of a menu that limits nothing."""


@dataclass(frozen=True, eq=False)
class Row:
    """One report, in one language."""

    report: ReceiptView
    link: str | None = None
    """The address of its receipt; None while nothing was posted."""


@dataclass(frozen=True)
class Draft:
    """A draft that the person did not send."""

    kind: str
    key: str
    title: str
    """Plain text, as the person wrote it."""
    changed_at: float
    """UNIX seconds."""


@dataclass(frozen=True)
class Needs:
    """Reports that need somebody, newest first."""

    rows: Sequence[Row] = ()
    total: int = 0
    """How many there are, also those that are not among the rows."""


@dataclass(frozen=True)
class Notice:
    """Why a press of a button did nothing."""

    key: str
    """Of the sentence."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    """The state that the report has by now; empty where there is no report."""


@dataclass(frozen=True)
class HomeView:
    kinds: Sequence[str]
    """The names of the kinds of report, each with a form."""
    needs: Needs = field(default_factory=Needs)
    drafts: Sequence[Draft] = ()
    everybody: Needs | None = None
    """Of everybody else; None for a person who may not see them."""
    reports: Sequence[Row] = ()
    """One page of the reports of the person that the filter lets through, newest first. The rows of
    `needs` are on no page."""
    above: int = 0
    """Reports among the rows of `needs` that the filter lets through."""
    page: int = 0
    has_older: bool = False
    state: str = ""
    """One of `STATES`; empty for all."""
    kind: str = ""
    """The name of a kind; empty for all."""
    words: str = ""
    """The search text; empty for all reports."""
    language: str = ""
    """The language that the person chose; empty for that of their Slack profile."""
    notice: Notice | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.state or self.kind or self.words)

    @property
    def is_empty(self) -> bool:
        """Whether the person has reported nothing yet."""
        return not (self.reports or self.needs.rows or self.drafts or self.page or self.is_filtered)

"""The context of the form of `/anomaly`: the values beside the answers with which it is drawn and
read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from blocks.anomaly.model import ANOMALIES_LIMIT, Anomaly
from blocks.anomaly.options import Choice


@dataclass(frozen=True)
class DraftOffer:
    """A draft that the person did not send, and may continue."""

    key: str
    anomalies: int
    """How many it holds."""
    site: Choice | None
    report: Choice | None
    changed_at: float
    """UNIX seconds."""
    elsewhere: str | None = None
    """The channel where it was begun, if that is another one."""
    unfinished: str = ""
    """The title, or else the description, of the anomaly that was typed and not added; empty when
    there is none."""


@dataclass(frozen=True)
class AnomalyContext:
    searchable: frozenset[str] = frozenset()
    """Fields whose list can be searched."""
    why_not: Mapping[str, str] = field(default_factory=dict)
    """Why a field's list cannot be searched, as a key of the words' `catalogue.why`."""
    chosen: Mapping[str, Choice] = field(default_factory=dict)
    """The options of the numbers that the fields hold, by field."""
    no_installations: bool = False
    """Whether the list has no installation at the chosen site."""
    report_sites: tuple[Choice, ...] = ()
    """The sites of the chosen report, if the chosen site is not among them."""
    draft: Mapping[int, Anomaly] = field(default_factory=dict)
    """The draft's anomalies, by number."""
    anomaly_number: int | None = None
    """The number of the draft's anomaly that the fields edit; None for a new anomaly."""
    added: frozenset[int] = frozenset()
    """Numbers of the anomalies that were added from the fields as they are on screen. The form was
    not drawn again since, so the fields may still hold one of them."""
    lost: bool = False
    """Whether the form had a draft that was filed, discarded, or continued in another form."""
    offer: DraftOffer | None = None
    is_copy: bool = False
    """Whether the fields began as a copy of an anomaly of the draft."""
    takes_photos: bool = False
    photos: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """The photos of the draft's anomalies, by number, each as `Attachment.packed`."""
    keeps_what_is_typed: bool = False
    """Whether closing the form keeps its fields, to be offered in the next form."""

    @property
    def others(self) -> Mapping[int, Anomaly]:
        """The draft's anomalies but for the one that the fields edit."""
        return {
            number: anomaly
            for number, anomaly in self.draft.items()
            if number != self.anomaly_number
        }

    @property
    def is_gone(self) -> bool:
        """Whether the anomaly that the fields edit was removed from the draft meanwhile."""
        return self.anomaly_number is not None and self.anomaly_number not in self.draft

    @property
    def may_be_blank(self) -> bool:
        """Whether the form can be sent with the draft alone."""
        return bool(self.draft) and self.anomaly_number is None

    @property
    def is_full(self) -> bool:
        """Whether the draft takes no anomaly more than it has."""
        return self.anomaly_number is None and len(self.draft) >= ANOMALIES_LIMIT

    def was_added(self, anomaly: Anomaly) -> bool:
        """Whether the anomaly in the fields was added to the draft already."""
        return any(self.draft.get(number) == anomaly for number in self.added)

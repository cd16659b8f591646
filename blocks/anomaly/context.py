"""What the form of `/anomaly` shows that nobody typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from blocks.anomaly.model import Anomaly
from blocks.anomaly.options import Choice


@dataclass(frozen=True)
class Offer:
    """A draft that the person did not send, to go on with."""

    key: str
    findings: int
    report: str
    changed_at: float
    elsewhere: str | None = None
    """The channel it was begun in, when it is another."""


@dataclass(frozen=True)
class Known:
    """:param finding: the number of the finding that the form holds, in the draft or new"""

    searchable: frozenset[str] = frozenset()
    """Fields whose list can be searched."""
    why_not: Mapping[str, str] = field(default_factory=dict)
    """Why a field's list cannot be searched, as a key of the words' `catalogue.why`."""
    chosen: Mapping[str, Choice] = field(default_factory=dict)
    """What the numbers in the fields are called."""
    none_here: bool = False
    """Whether the list has no installation at the chosen site."""
    finding: int = 1
    draft: Mapping[int, Anomaly] = field(default_factory=dict)
    lost: bool = False
    """Whether the draft was filed, discarded or taken over by another form."""
    offer: Offer | None = None

    @property
    def rest(self) -> Mapping[int, Anomaly]:
        """What is in the draft beside the finding that the form holds."""
        return {number: one for number, one in self.draft.items() if number != self.finding}

    @property
    def may_be_blank(self) -> bool:
        """Whether the form can be sent with nothing more than what is in the draft."""
        return bool(self.draft) and self.finding not in self.draft

"""One look-up of listings, and its possible results."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from blocks.issue import links
from blocks.issue.listing import Listing
from bot.immoteur.lookup_api import LookupFailure

Result = Listing | tuple[Listing, ...] | LookupFailure
"""A listing, a property's listings, or why neither could be read."""


@dataclass(frozen=True)
class Lookup:
    """Two links of one listing are one look-up."""

    kind: Literal["link", "classified", "siblings"]
    """`siblings` are the classifieds of a property."""
    name: str
    typed: str = field(compare=False)
    """The target as the person named it."""

    @classmethod
    def link(cls, typed: str) -> "Lookup":
        return cls("link", links.same(typed), typed)

    @classmethod
    def classified(cls, classified_id: str) -> "Lookup":
        return cls("classified", classified_id, classified_id)

    @classmethod
    def siblings(cls, property_id: str) -> "Lookup":
        return cls("siblings", property_id, property_id)

    @property
    def key(self) -> str:
        """Of its result in the file."""
        return f"{self.kind}:{self.name}"


def dumped(result: Result) -> Any:
    """A result as JSON's values."""
    if isinstance(result, LookupFailure):
        return {"why": result.why}
    if isinstance(result, tuple):
        return [asdict(listing) for listing in result]
    return asdict(result)


def loaded(value: Any) -> Result:
    """The opposite of `dumped`."""
    if isinstance(value, list):
        return tuple(Listing(**row) for row in value)
    return LookupFailure(value["why"]) if "why" in value else Listing(**value)

"""A listing as a line that a person recognises. It never holds an e-mail address or a telephone
number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from blocks.mrkdwn import cut
from blocks.words import Words

_MARKS = {"fr": ("\u202f", ",")}
"""The marks between thousands and before tenths. Other languages have English ones."""
LINE = 75
"""Characters of an option's text, and of its description."""


@dataclass(frozen=True)
class Listing:
    """The facts of a classified that a form shows."""

    classified_id: str
    property_id: str
    type: str | None = None
    """apartment, house, …"""
    area: float | None = None
    """Square metres."""
    rooms: int | None = None
    city: str | None = None
    postcode: str | None = None
    price: float | None = None
    """Euros, by the month for a rent."""
    transaction: str | None = None
    """rent or sale."""
    domain: str | None = None
    """The portal's."""
    status: str | None = None
    url: str | None = None
    """The listing's page on the portal; http or https."""

    def line(self, words: Words) -> str:
        """Type, m², rooms, city and price: 75 characters at most."""
        place = " ".join(part for part in (self._city, self.postcode) if part)
        parts = (
            self._type(words),
            f"{_figure(words, self.area, tenths=True)} m²" if self.area else "",
            words("listing.rooms", n=self.rooms) if self.rooms else "",
            place,
            self._price(words),
        )
        return cut(" · ".join(part for part in parts if part), LINE)

    def name(self, words: Words) -> str:
        """Type, m² and city, such as `Apartment 65 m², Lyon 3e`, for a line in a channel."""
        area = f"{_figure(words, self.area, tenths=True)} m²" if self.area else ""
        home = " ".join(part for part in (self._type(words), area) if part)
        return cut(", ".join(part for part in (home, self._city) if part), LINE)

    def card(self, words: Words) -> str:
        """All that is shown of it, in two lines."""
        return f"{self.line(words)}\n{self.origin(words)}"

    def origin(self, words: Words) -> str:
        """The portal and the status: 75 characters at most."""
        status = words.maybe(f"listing.status.{self.status}", self.status) if self.status else ""
        return cut(" · ".join(part for part in (self.domain or "", status) if part) or "–", LINE)

    @property
    def _city(self) -> str:
        """Without the word that every district of a large city has."""
        return (self.city or "").removesuffix(" Arrondissement").strip()

    def _type(self, words: Words) -> str:
        return words.maybe(f"listing.type.{self.type}", self.type or words("listing.home"))

    def _price(self, words: Words) -> str:
        if not self.price:
            return ""
        amount = _figure(words, self.price)
        return words(f"listing.{'rent' if self.transaction == 'rent' else 'sale'}", amount=amount)


def _figure(words: Words, number: float, *, tenths: bool = False) -> str:
    thousands, point = _MARKS.get(words.language, (",", "."))
    text = f"{number:,.1f}".removesuffix(".0") if tenths else f"{number:,.0f}"
    return text.translate({ord(","): thousands, ord("."): point})


@dataclass(frozen=True)
class LookupResults:
    """What memory holds about the links and ids in a form."""

    pending: bool = False
    """Whether some are being looked up right now."""
    listings: Mapping[str, Listing] = field(default_factory=dict)
    """By classified id."""
    links: Mapping[str, str] = field(default_factory=dict)
    """The classified id of a link that was found, by the link as typed."""
    failures: Mapping[str, str] = field(default_factory=dict)
    """Why a link or an id could not be read, by the link as typed or the id: a key of
    `listing.trouble`.
    """
    siblings: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)
    """A property's classifieds, by the property's id."""
    last_kind: str | None = None
    """The kind of issue that the person reported last."""
    classifieds_alone: bool = False
    """Whether classifieds are sent without their property."""
    takes_photos: bool = False

    @property
    def any_known(self) -> bool:
        """Whether there is a result of a look-up, a failure included."""
        return bool(self.listings or self.siblings or self.failures)

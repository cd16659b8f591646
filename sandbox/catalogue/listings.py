"""Immoteur's side: homes, and the listings on portals that describe them.

The answers hold names, e-mail addresses and phone numbers of people, as the real answers do. The
phone numbers are from the ranges reserved for fiction.
"""

import random
import uuid
from typing import Any, NamedTuple

from sandbox.catalogue.moments import utc
from sandbox.catalogue.places import TOWNS, Town, slug, street_address

FIRST_SEEN = 1_640_995_200  # 2022-01-01
STATUSES = ("available", "available", "available", "under_offer", "expired", "deleted")
KINDS = {"apartment": "Appartement", "house": "Maison", "parking": "Parking", "land": "Terrain"}
PEOPLE = ("Mme Durand", "M. Lefèvre", "Mme Benali", "M. Nguyen", "Mme Moreau", "M. Da Silva")
PORTALS = ("seloger.com", "pap.fr", "bienici.com", "orpi.com")


class Home(NamedTuple):
    """A home as one classified describes it."""

    kind: str
    area: int
    rooms: int | None
    town: Town
    address: str
    rent: bool
    price: int

    def wire(self) -> dict[str, Any]:
        rooms = {} if self.rooms is None else {"roomCount": self.rooms}
        return {
            "property": {"type": self.kind, "area": self.area, **rooms},
            "location": {
                "city": {"name": self.town.name, "inseeCode": self.town.insee},
                "postcode": self.town.postcode,
                "department": self.town.department,
                "address": self.address,
            },
            "transaction": {
                "type": "rent" if self.rent else "sale",
                "price": {
                    "current": self.price,
                    "perSquareUnit": round(self.price / self.area, 2),
                },
            },
        }

    @property
    def title(self) -> str:
        rooms = "" if self.rooms is None else f" {self.rooms} pièce{'s' if self.rooms > 1 else ''}"
        return f"{KINDS[self.kind]}{rooms} {self.area} m² à {self.town.name}"


def made_up_home(rng: random.Random) -> Home:
    kind = rng.choices(tuple(KINDS), weights=(70, 22, 5, 3))[0]
    town, rent = rng.choice(TOWNS), kind in {"apartment", "parking"} and rng.random() < 0.35
    rooms, area = None, rng.choice((11, 13, 15)) if kind == "parking" else rng.randint(300, 1800)
    rate = town.square_metre / (2 if kind == "parking" else 20)
    if kind in {"apartment", "house"}:
        rooms = rng.randint(1, 5) + 2 * (kind == "house")
        area, rate = rooms * rng.randint(15, 26) + 8, town.square_metre * rng.uniform(0.8, 1.25)
    price = round(area * rate / 270 / 10) * 10 if rent else round(area * rate / 1000) * 1000
    return Home(kind, area, rooms, town, street_address(rng), rent, max(price, 60))


def varied(rng: random.Random, home: Home) -> Home:
    """The same home on another portal, sometimes with another price or another area."""
    step = 10 if home.rent else 1000
    price = home.price + step * rng.choice((0, 0, 0, -5, -2, 3, 8))
    area = home.area + rng.choice((0, 0, 0, 0, -1, 1, 2))
    return home._replace(price=max(price, step), area=area)


def made_up_id(rng: random.Random) -> str:
    """Not always of version 4, like the vendor's own examples."""
    version = rng.choice((1, 4, 4, 4, 5))
    return str(uuid.UUID(int=rng.getrandbits(128), version=version))


def portal_url(portal: str, home: Home, number: int) -> str:
    kind, town = slug(KINDS[home.kind]), home.town
    if portal == "seloger.com":
        deal = "locations" if home.rent else "achat"
        place = f"{town.slug}-{town.department}"
        return f"https://www.seloger.com/annonces/{deal}/{kind}/{place}/{number}.htm"
    if portal == "pap.fr":
        return f"https://www.pap.fr/annonces/{kind}-{town.slug}-{town.postcode}-r{number}"
    deal = "location" if home.rent else "vente"
    if portal == "bienici.com":
        rooms = f"{home.rooms or 0}pieces"
        return f"https://www.bienici.com/annonce/{deal}/{town.slug}/{kind}/{rooms}/ag69-{number}"
    return f"https://www.orpi.com/annonce-{deal}-{kind}-{town.slug}-{town.postcode}-b-e{number}/"


class Listings:
    """Homes by id and classifieds by id, as the API answers them."""

    def __init__(self, rng: random.Random) -> None:
        self.properties: dict[str, dict[str, Any]] = {}
        self.classifieds: dict[str, dict[str, Any]] = {}
        self.rng = rng

    def add_made_up(self) -> None:
        """A home with one to four classifieds."""
        home = made_up_home(self.rng)
        others = self.rng.choice((0, 0, 1, 1, 2, 3))
        offers = [home, *(varied(self.rng, home) for _ in range(others))]
        portals = self.rng.sample(PORTALS, k=len(offers))
        self.add(
            made_up_id(self.rng),
            [
                (made_up_id(self.rng), portal_url(portal, offer, self._number()), offer)
                for portal, offer in zip(portals, offers, strict=True)
            ],
        )

    def add(self, property_id: str, offers: list[tuple[str, str, Home]]) -> None:
        """Add a home as its first classified describes it.

        :param offers: id, link and home of each classified
        """
        for classified_id, link, home in offers:
            self.classifieds[classified_id] = {
                "id": classified_id,
                "propertyId": property_id,
                "title": home.title,
                "status": {"current": self.rng.choice(STATUSES)},
                "source": _source(link),
                **home.wire(),
                **self._publisher(home),
                "firstSeenAt": utc(FIRST_SEEN + self.rng.randrange(60_000_000)),
            }
        self.properties[property_id] = {
            "id": property_id,
            **offers[0][2].wire(),
            "classifieds": [
                {"id": classified_id, "source": _source(link)} for classified_id, link, _ in offers
            ],
        }

    def _publisher(self, home: Home) -> dict[str, Any]:
        agent = self.rng.choice(PEOPLE)
        phone = f"06 39 98 {self.rng.randint(10, 99)} {self.rng.randint(10, 99)}"
        mail = f"{slug(agent.split(' ', 1)[1])}@agence-{home.town.slug}.example"
        return {
            "description": f"{home.title}, {home.address}. Contactez {agent} au {phone} ou {mail}.",
            "contact": {"name": agent, "email": mail, "phone": phone},
        }

    def _number(self) -> int:
        return self.rng.randrange(100_000_000, 999_999_999)


def _source(link: str) -> dict[str, str]:
    return {"domain": link.split("/")[2].removeprefix("www."), "url": link}

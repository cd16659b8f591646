"""What the two documents say of answers, stated once more; and bodies that are right."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

T0 = 1_700_000_000.0  # 2023-11-14T22:13:20Z
PROPERTY = "0a1b2c3d-0001-1000-8000-00000000000a"
OTHER_PROPERTY = "0a1b2c3d-0002-1000-8000-00000000000b"
CLASSIFIED = "0a1b2c3d-0003-1000-8000-00000000000c"
LEAVE_OUT = "Leave the key out rather than send an empty value"

Uuid = Annotated[
    str,
    Field(pattern="^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]


class Clock:
    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> float:
        return self.now


class Fact(BaseModel):
    model_config = ConfigDict(strict=True, alias_generator=to_camel)


class Created(Fact):
    created_at: Moment
    report_id: Uuid


class Account(Fact):
    email: Annotated[str, Field(pattern="@")]
    token_name: str
    token_created_at: Moment


class Source(Fact):
    domain: str
    url: str


class Attributes(Fact):
    type: str
    area: int | float
    room_count: int = 0


class City(Fact):
    name: str
    insee_code: Annotated[str, Field(pattern=r"^\d{5}$")]


class Location(Fact):
    city: City
    postcode: Annotated[str, Field(pattern=r"^\d{5}$")]
    department: str


class Price(Fact):
    current: int | float
    per_square_unit: int | float


class Transaction(Fact):
    type: Literal["rent", "sale"]
    price: Price


class Status(Fact):
    current: str


class Described(Fact):
    property: Attributes
    location: Location
    transaction: Transaction


class Classified(Described):
    id: Uuid
    property_id: Uuid
    title: str
    status: Status
    source: Source


class ListedClassified(Fact):
    id: Uuid
    source: Source


class Property(Described):
    id: Uuid
    classifieds: list[ListedClassified]


class Named(Fact):
    id: int
    name: str


class Establishment(Named):
    city: str
    zip_code: int | str
    sites: list[Named]


class Installation(Fact):
    id: int
    site_id: int
    technical_installation_id: int
    archived_at: str | None
    technical_installation: Named | None = None


class Commission(Fact):
    id: int
    commission_date: str
    report: Named | None
    sites: list[Named]


class ListedAnomaly(Fact):
    id: int
    title: str
    risk: int
    site_id: int
    created_at: Moment


def issue(**changes: Any) -> dict[str, Any]:
    """A report that Immoteur accepts; a change to None leaves its key out."""
    body = {
        "propertyIds": [PROPERTY],
        "issueKind": "data",
        "issueFacets": ["price"],
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


def anomaly(**changes: Any) -> dict[str, Any]:
    """An anomaly that KARE accepts; a change to None leaves its key out."""
    body = {
        "title": "Porte coupe-feu bloquée",
        "description": "La porte du 2e étage ne se referme pas.",
        "risk": 2,
        "technicalInstallationId": 301,
        "siteId": 20_001,
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}

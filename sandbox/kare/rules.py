"""The bodies that KARE accepts."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

BIGGEST = 9007199254740991
DUE_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def _utc_moment(value: str) -> str:
    if not DUE_AT.fullmatch(value):
        raise PydanticCustomError("due_at", "Must look like 2024-12-01T12:34:56.000Z")
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("due_at", "No such date") from None
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "Leave out what is blank")
    return value


Id = Annotated[int, Field(ge=-BIGGEST, le=BIGGEST)]
Filled = Annotated[str, AfterValidator(_not_blank)]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)


class Location(_Body):
    room: Filled = ""
    floor: Filled = ""

    @model_validator(mode="after")
    def not_empty(self) -> "Location":
        if not self.room and not self.floor:
            raise PydanticCustomError("blank", "Leave out what is blank")
        return self


class Anomaly(_Body):
    title: str = Field(max_length=250)
    description: str = Field(max_length=2500)
    risk: int = Field(ge=0, le=3)  # a Literal would let true pass for 1
    technical_installation_id: Id
    site_id: Id
    due_at: Annotated[str, AfterValidator(_utc_moment)] = ""
    location: Location = Location.model_construct()


class Credentials(_Body):
    email: str = Field(max_length=250)
    password: str = Field(min_length=6, max_length=100)

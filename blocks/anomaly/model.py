"""The body that is filed with KARE: anomalies, created together under one report."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from blocks.compared import compared

TITLE_LIMIT = 250
DESCRIPTION_LIMIT = 2500
PLACE_LIMIT = 250
"""Our limit: KARE documents none for floor and room."""
ID_LIMIT = 2**53 - 1
"""KARE's bound on every id: from -ID_LIMIT to ID_LIMIT."""
ANOMALIES_LIMIT = 50
"""Anomalies in one report. Our limit: KARE documents none, and a Slack view has 100 blocks."""


class Location(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    room: str = ""
    floor: str = ""


class Anomaly(BaseModel):
    """One member of KARE's bare array. Field names are the API's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, max_length=TITLE_LIMIT)
    description: str = Field(min_length=1, max_length=DESCRIPTION_LIMIT)
    risk: Literal[0, 1, 2, 3]
    technicalInstallationId: int = Field(ge=-ID_LIMIT, le=ID_LIMIT)
    siteId: int = Field(ge=-ID_LIMIT, le=ID_LIMIT)
    dueAt: str | None = None
    """UTC with milliseconds and Z."""
    location: Location = Location()

    @property
    def due(self) -> int | None:
        """UNIX seconds."""
        return int(datetime.fromisoformat(self.dueAt).timestamp()) if self.dueAt else None

    def is_past(self, now: float) -> bool:
        """Whether it has a due date that is over.

        :param now: UNIX seconds
        """
        return self.due is not None and self.due <= now

    def body(self) -> dict[str, Any]:
        """As KARE takes it: keys without a value are left out, and so is an empty location."""
        body = self.model_dump(mode="json", exclude_none=True)
        location = {name: text for name, text in body.pop("location").items() if text}
        return body | {"location": location} if location else body


class AnomalyReport(BaseModel):
    """Anomalies to create under one report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reportId: int = Field(ge=-ID_LIMIT, le=ID_LIMIT)
    anomalies: tuple[Anomaly, ...] = Field(min_length=1)

    def body(self) -> dict[str, Any]:
        """`reportId` goes into the path, `anomalies` is the request's bare array."""
        anomalies = [anomaly.body() for anomaly in self.anomalies]
        return {"reportId": self.reportId, "anomalies": anomalies}

    def targets(self) -> tuple[str, ...]:
        """Report, site and title of each. Titles that look the same to a reader are the same."""
        return tuple(
            f"{self.reportId}/{anomaly.siteId}/{compared(anomaly.title)}"
            for anomaly in self.anomalies
        )

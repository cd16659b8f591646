"""What is filed with KARE: anomalies, created together under one report."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

TITLE_LIMIT = 250
DESCRIPTION_LIMIT = 2500
PLACE_LIMIT = 250
"""Ours: KARE documents none for floor and room."""
ID_LIMIT = 2**53 - 1
"""KARE's bound on every id, both ways."""
MOST = 50
"""Findings in one report. Ours: KARE documents none, and a form has 100 blocks."""


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

    def body(self) -> dict[str, Any]:
        """Keys without a value are left out, an empty location too."""
        made = self.model_dump(mode="json", exclude_none=True)
        made["location"] = {name: text for name, text in made["location"].items() if text}
        return made if made["location"] else {k: v for k, v in made.items() if k != "location"}


class AnomalyReport(BaseModel):
    """Anomalies to create under one report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reportId: int = Field(ge=-ID_LIMIT, le=ID_LIMIT)
    anomalies: tuple[Anomaly, ...] = Field(min_length=1)

    def body(self) -> dict[str, Any]:
        """`reportId` goes into the path, `anomalies` is the request's bare array."""
        return {"reportId": self.reportId, "anomalies": [one.body() for one in self.anomalies]}

    def targets(self) -> tuple[str, ...]:
        """Report, site and title, however the title's case and spaces were typed."""
        return tuple(
            f"{self.reportId}/{one.siteId}/{' '.join(one.title.casefold().split())}"
            for one in self.anomalies
        )

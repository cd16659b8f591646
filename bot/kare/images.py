"""Photos for KARE: the anomaly of each is looked up, then the photo is registered with KARE.

KARE gives no id when it creates an anomaly. The list of anomalies has id, title, risk, siteId and
createdAt, and no images. So nobody can look up whether a photo arrived.
"""

from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from bot.delivery.http_client import Answer, Cut, NotSent
from bot.kare.client import Kare
from bot.kare.created_anomalies import find_created, same_things
from bot.kare.paging import ListUnavailableError
from bot.photo_route import Accepted, Call, Report, Targets, Upload
from storage import unknown_reports
from storage.store import Store

NAME_LIMIT = 250
"""Characters of a photo's name."""
BESIDE = 60.0
"""Seconds. Reports that were sent so close to each other may be mistaken for each other."""


class _Registered(BaseModel):
    uploadId: str  # noqa: N815 - the API's name
    presignedUrl: str = Field(min_length=1)  # noqa: N815 - the API's name
    id: int | str


class _Answer(BaseModel):
    uploads: list[_Registered]


@dataclass(frozen=True)
class KareImages:
    kare: Kare
    store: Store

    async def find_targets(self, report: Report, calls: list[Call]) -> Targets:
        """Certain are the anomalies of a report that are in KARE's list, once each, and that no
        other report of ours may have created.
        """
        sent_at = await self.store.read(unknown_reports.sent_at, report.number)
        clock, anomalies = self.kare.clock, report.payload["anomalies"]
        now, passed = clock.time(), clock.monotonic()
        began, ended = passed - (now - sent_at), passed - (now - report.changed_at)
        try:
            created = await find_created(
                self.kare,
                report.payload["reportId"],
                anomalies,
                calls,
                began=lambda: clock.monotonic() - began,
                ended=lambda: clock.monotonic() - ended,
            )
        except ListUnavailableError:
            return Targets()
        if not created.certain:
            return created
        reports_of_api = await self.store.read(
            unknown_reports.sent_since, self.kare.name, sent_at - BESIDE, but=report.number
        )
        used = {
            key
            for report_of_api in reports_of_api
            if report_of_api.created_at <= report.changed_at + BESIDE
            for key in self.kare.same_things(report_of_api.payload)
        }
        certain = {
            place: id_
            for place, id_ in created.certain.items()
            if used.isdisjoint(same_things([anomalies[place]]))
        }
        return replace(created, certain=certain)

    async def register(
        self, target: str, upload: Upload, calls: list[Call]
    ) -> Accepted | Answer | NotSent | Cut:
        """`POST /anomalies/v2/rs/{anomalyId}/images`, for one photo."""
        body = [
            {
                "uploadId": upload.id,
                "name": upload.name[:NAME_LIMIT],
                "mimeType": upload.mimetype,
                "size": upload.size,
            }
        ]
        path = f"/anomalies/v2/rs/{int(target)}/images"
        outcome = await self.kare.ask("POST", path, calls, body=body)
        if not isinstance(outcome, Answer) or not 200 <= outcome.status < 300:
            return outcome
        try:
            uploads = _Answer.model_validate(outcome.body).uploads
        except ValidationError:
            return outcome
        ours: Any = next((entry for entry in uploads if entry.uploadId == upload.id), None)
        return outcome if ours is None else Accepted(ours.presignedUrl, str(ours.id))

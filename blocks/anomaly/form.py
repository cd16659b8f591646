"""The form of `/anomaly`: nonconformities for KARE's `POST …/reports/{reportId}/nonconformity`.

A new question needs a field in `model.py`, its block in `inputs.py`, and its line in `fields.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blocks.anomaly.fields import OWN_FIELDS, AnomalyReader, values_of
from blocks.anomaly.inputs import SEARCHED
from blocks.anomaly.model import Anomaly
from blocks.anomaly.prefill import AnomalyPrefill
from blocks.anomaly.receipt import AnomalySummary
from blocks.anomaly.state import AnomalyMetadata
from blocks.anomaly.view import AnomalyView
from blocks.answers import Answers


@dataclass(frozen=True)
class AnomalyForm(AnomalyPrefill, AnomalyView, AnomalyReader, AnomalySummary):
    """:param risks: what each level asks for, by `"0"` to `"3"`"""

    redraws_on: tuple[str, ...] = ("risk",)
    heard_in: tuple[str, ...] = ()
    searched_in: tuple[str, ...] = SEARCHED
    metadata_type: type[AnomalyMetadata] = AnomalyMetadata

    def pressed(
        self,
        metadata: AnomalyMetadata,
        answers: Answers,
        action: Mapping[str, Any],  # noqa: ARG002 - only the level redraws the form
    ) -> tuple[AnomalyMetadata, Answers]:
        return metadata, answers

    def emptied(
        self, metadata: AnomalyMetadata, answers: Answers
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form for the next anomaly. Report and site stay."""
        state = {"anomaly_number": None, "fields_version": metadata.redraws}
        return metadata.with_state(**state), answers.changed(dict.fromkeys(OWN_FIELDS))

    def filled(
        self, metadata: AnomalyMetadata, answers: Answers, number: int, anomaly: Anomaly
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form with an anomaly of its draft in the fields, to be edited."""
        state = {"anomaly_number": number, "fields_version": metadata.redraws}
        return metadata.with_state(**state), answers.changed(values_of(anomaly))

    @staticmethod
    def gravity(payload: Mapping[str, Any]) -> int | None:
        """The highest level of a report's anomalies; None if no level can be read.

        :param payload: a stored body, of this version or an older one
        """
        anomalies = payload.get("anomalies")
        levels = [
            anomaly["risk"]
            for anomaly in (anomalies if isinstance(anomalies, list) else ())
            if isinstance(anomaly, Mapping) and type(anomaly.get("risk")) is int
        ]
        return max(levels, default=None)

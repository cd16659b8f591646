"""The form of `/anomaly`: nonconformities for KARE's `POST …/reports/{reportId}/nonconformity`.

A new question needs a field in `model.py`, its block in `inputs.py`, and its line in `fields.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blocks.anomaly.fields import BLANK, values_of
from blocks.anomaly.inputs import SEARCHED
from blocks.anomaly.model import Anomaly
from blocks.anomaly.prefill import AnomalyPrefill
from blocks.anomaly.reader import AnomalyReader
from blocks.anomaly.state import AnomalyMetadata
from blocks.anomaly.view import AnomalyView
from blocks.answers import Answers, Value


@dataclass(frozen=True)
class AnomalyForm(AnomalyPrefill, AnomalyView, AnomalyReader):
    """:param risks: what each level asks for, by `"0"` to `"3"`"""

    redraws_on: tuple[str, ...] = ()
    heard_in: tuple[str, ...] = ()
    """The form has listeners of its own: each change of a field is kept in its draft."""
    searched_in: tuple[str, ...] = SEARCHED
    metadata_type: type[AnomalyMetadata] = AnomalyMetadata

    def pressed(
        self,
        metadata: AnomalyMetadata,
        answers: Answers,
        action: Mapping[str, Any],  # noqa: ARG002 - no action redraws the form by itself
    ) -> tuple[AnomalyMetadata, Answers]:
        return metadata, answers

    def emptied(
        self, metadata: AnomalyMetadata, answers: Answers
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form for the next anomaly. Report, site and installation stay."""
        return _folded(metadata, None), answers.changed(BLANK)

    def filled(
        self, metadata: AnomalyMetadata, answers: Answers, number: int | None, anomaly: Anomaly
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form with an anomaly of its draft in the fields.

        :param number: of the anomaly, to edit it; None to begin a new one as its copy
        """
        folded = _folded(metadata, number).with_state(is_copy=number is None)
        return folded, answers.changed({**BLANK, **values_of(anomaly)})

    def continued(
        self,
        metadata: AnomalyMetadata,
        answers: Answers,
        values: Mapping[str, Value],
        number: int | None,
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form with the values that somebody typed before and did not add.

        :param number: of the anomaly that they edit; None for a new one
        """
        state = {"anomaly_number": number, "fields_version": metadata.redraws}
        return metadata.with_state(**state), answers.changed(values)

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


def _folded(metadata: AnomalyMetadata, number: int | None) -> AnomalyMetadata:
    """The form is short, so that a person sees its top: Slack keeps the place to which a person
    scrolled, as far as the new view reaches.
    """
    return metadata.with_state(
        anomaly_number=number,
        fields_version=metadata.redraws,
        is_copy=False,
        head_open=False,
        list_hidden=True,
    )

"""What fills the form of `/anomaly` when it opens: a command, a message, or a stored report."""

import re
from collections.abc import Mapping
from typing import Any

from blocks import message as messages
from blocks.anomaly.fields import values_of
from blocks.anomaly.model import DESCRIPTION_LIMIT, TITLE_LIMIT, Anomaly, AnomalyReport
from blocks.anomaly.options import NUMBER_SIGN
from blocks.answers import Answers, Value
from blocks.mrkdwn import cut, plain

_REPORT = re.compile(rf"{NUMBER_SIGN}([0-9０-９]{{1,16}})(?:\s*[:,])?(?=\s|$)")
STORED_ANOMALIES = "stored_anomalies"
"""Holds a stored report's anomalies as JSON until they lie in a draft, when there are several."""


class AnomalyPrefill:
    def from_words(self, text: str) -> Mapping[str, Value]:
        """`[reportId] [words]`: a leading number, such as `1204` or `n° 1204`, then the title."""
        text = plain(text).strip()
        number = _REPORT.match(text)
        title = " ".join(text[number.end() :].split() if number else text.split())
        values: dict[str, Value] = {"reportId": str(int(number[1]))} if number else {}
        if title:
            values["title"] = cut(title, TITLE_LIMIT)
        if len(title) > TITLE_LIMIT:
            values["description"] = cut(title, DESCRIPTION_LIMIT)
        return values

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        """The words that a reader sees in the message, and its permalink, are the description."""
        text = messages.words(message)
        room = DESCRIPTION_LIMIT - len(link or "") - 1
        return {"description": "\n".join(part for part in (cut(text, room), link) if part)}

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        """The first anomaly's fields; for a draft, all anomalies when there are several."""
        report = AnomalyReport.model_validate(payload)
        values = {"reportId": str(report.reportId), **values_of(report.anomalies[0])}
        if len(report.anomalies) > 1:
            values[STORED_ANOMALIES] = tuple(
                anomaly.model_dump_json() for anomaly in report.anomalies
            )
        return values


def stored_anomalies(answers: Answers) -> Mapping[int, Anomaly]:
    """The anomalies that `from_payload` gave for a draft, by number."""
    stored = answers.several(STORED_ANOMALIES)
    return {number: Anomaly.model_validate_json(text) for number, text in enumerate(stored, 1)}

"""What a receipt of `/anomaly` shows: the report itself, and KARE's answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.anomaly.duplicates import AnomalyDuplicates
from blocks.anomaly.model import AnomalyReport
from blocks.anomaly.risk import WithRisks
from blocks.receipt_facts import ReceiptFacts, Summary
from blocks.words import Words

__all__ = ["AnomalyDuplicates", "AnomalyReceipt", "AnomalySummary"]

SHOWN = 5
"""Anomalies that a receipt shows in full."""


class AnomalySummary(WithRisks):
    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        """The fields of the first anomalies, and their descriptions as the quote.

        :param payload: a stored body
        """
        report = AnomalyReport.model_validate(payload)
        facts = [(words("anomaly.reportId.label"), str(report.reportId))]
        for anomaly in report.anomalies[:SHOWN]:
            values = {
                "title": anomaly.title,
                "risk": self.label_of(words, str(anomaly.risk)),
                "siteId": str(anomaly.siteId),
                "technicalInstallationId": str(anomaly.technicalInstallationId),
                "dueAt": anomaly.dueAt,
                "location.floor": anomaly.location.floor,
                "location.room": anomaly.location.room,
            }
            facts += [
                (words(f"anomaly.{name}.label"), value) for name, value in values.items() if value
            ]
        if len(report.anomalies) > SHOWN:
            facts.append(("…", str(len(report.anomalies))))
        quote = "\n\n".join(anomaly.description for anomaly in report.anomalies[:SHOWN])
        return Summary(tuple(facts), quote)


class AnomalyReceipt(ReceiptFacts):
    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        """How many anomalies KARE stored, of those that were sent."""
        if "nbInsertion" not in answer:
            return ()
        n, sent = answer["nbInsertion"], answer["sent"]
        sentences = [words("receipt.inserted", n=n, sent=sent)]
        if n < sent:
            sentences.append(words("receipt.too_few", n=n, sent=sent, api=api))
        return sentences

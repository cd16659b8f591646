"""The parts of a receipt of `/anomaly`: the report itself, and KARE's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.anomaly import headline
from blocks.anomaly.model import Anomaly, AnomalyReport
from blocks.anomaly.names import Names
from blocks.anomaly.risk import WithRisks
from blocks.receipt_facts import Item, Labels, ReceiptFacts, Summary, Thing, Title
from blocks.words import Words


@dataclass(frozen=True)
class AnomalyReceipt(WithRisks, ReceiptFacts):
    """:param risks: what each level is called, by `"0"` to `"3"`"""

    def title(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Title | None:
        return headline.title(words, payload, labels)

    def summary(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Summary:
        """The site and the report by name, and all anomalies, gravest first. Those of one risk are
        in the order in which they were typed.

        :param payload: a stored body
        """
        report, names = AnomalyReport.model_validate(payload), Names.of(labels)
        places = {(anomaly.siteId, anomaly.technicalInstallationId) for anomaly in report.anomalies}
        gravest_first = sorted(report.anomalies, key=lambda anomaly: -anomaly.risk)
        items = [
            self._item(words, anomaly, () if len(places) == 1 else _place(words, names, anomaly))
            for anomaly in gravest_first
        ]
        things = []
        if len(places) == 1:
            site, installation = places.pop()
            things += [
                Thing(names.site(words, site), label=words("anomaly.siteId.label")),
                Thing(
                    names.installation(words, site, installation),
                    label=words("anomaly.technicalInstallationId.label"),
                ),
            ]
        number = names.report(words, report.reportId)
        things.append(Thing(number, label=words("anomaly.reportId.label")))
        return Summary(things=tuple(things), items=tuple(items))

    def thing(self, payload: Mapping[str, Any], place: int) -> str:
        anomalies = AnomalyReport.model_validate(payload).anomalies
        return anomalies[place].title if place < len(anomalies) else ""

    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        """That KARE created all of several anomalies; a warning when it created fewer than were
        sent.
        """
        if "nbInsertion" not in answer:
            return ()
        created, count = answer["nbInsertion"], answer["sent"]
        if created < count:
            return (words("receipt.too_few", n=created, sent=count, api=api),)
        return (words("receipt.inserted", n=created),) if count > 1 else ()

    def _item(self, words: Words, anomaly: Anomaly, place: Sequence[str]) -> Item:
        """:param place: the notes on the site and the installation"""
        level = words(
            "anomaly.receipt.named_level",
            risk=anomaly.risk,
            name=self.name_of(words, str(anomaly.risk)),
        )
        location = anomaly.location
        room = [
            f"{words('receipt.label', label=words(f'anomaly.location.{name}.label'))} {value}"
            for name, value in (("floor", location.floor), ("room", location.room))
            if value
        ]
        due = (words("anomaly.dueAt.label"), float(anomaly.due)) if anomaly.due else None
        return Item(
            title=f"{level} · {anomaly.title}",
            notes=(*room, *place),
            due=due,
            text=anomaly.description,
        )


def _place(words: Words, names: Names, anomaly: Anomaly) -> tuple[str, str]:
    """The site and the installation, by name."""
    site, installation = anomaly.siteId, anomaly.technicalInstallationId
    return (
        names.site(words, site, "anomaly.receipt.site"),
        names.installation(words, site, installation, "anomaly.receipt.installation"),
    )

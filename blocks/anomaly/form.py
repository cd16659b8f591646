"""The form of `/anomaly`: nonconformities for KARE's `POST …/reports/{reportId}/nonconformity`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks.anomaly.context import Known
from blocks.anomaly.due_date import due_date
from blocks.anomaly.fields import OWN, Complain, blank, read_finding, read_number, values_of
from blocks.anomaly.model import DESCRIPTION_LIMIT, MOST, TITLE_LIMIT, Anomaly, AnomalyReport
from blocks.anomaly.risk import SHIPPED, Risk
from blocks.anomaly.state import AnomalyMetadata
from blocks.anomaly.view import SEARCHED, Sheet, as_on_screen, level
from blocks.answers import Answers, Value
from blocks.block_kit import Block
from blocks.form import FieldErrors, InvalidFormError
from blocks.modal import modal
from blocks.mrkdwn import cut, plain
from blocks.receipt_facts import Summary
from blocks.words import Words

SHOWN = 5
"""Anomalies that a receipt shows in full."""
FINDINGS = "findings"
"""Where a stored report's findings wait until they lie in a draft, when there are several."""


@dataclass(frozen=True)
class AnomalyForm:
    """:param risks: what each level asks for, by `"0"` to `"3"`"""

    risks: Mapping[str, Risk] = field(default_factory=lambda: SHIPPED)
    callback_id: str = "anomaly"
    redraws_on: tuple[str, ...] = ("risk",)
    heard_in: tuple[str, ...] = ()
    searched_in: tuple[str, ...] = SEARCHED
    metadata_type: type[AnomalyMetadata] = AnomalyMetadata

    def pressed(
        self,
        metadata: AnomalyMetadata,
        answers: Answers,
        action: Mapping[str, Any],  # noqa: ARG002 - only the level redraws it
    ) -> tuple[AnomalyMetadata, Answers]:
        return metadata, answers

    def from_words(self, text: str) -> Mapping[str, Value]:
        """`[reportId] [words]`: a leading number, then the title."""
        text = plain(text).strip()
        number = re.match(r"#?([0-9]{1,16})[:,]?(?=\s|$)", text)
        title = " ".join(text[number.end() :].split() if number else text.split())
        values: dict[str, Value] = {"reportId": str(int(number[1]))} if number else {}
        if title:
            values["title"] = cut(title, TITLE_LIMIT)
        if len(title) > TITLE_LIMIT:
            values["description"] = cut(title, DESCRIPTION_LIMIT)
        return values

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        """The message's text and permalink are the description."""
        text = plain(str(message.get("text") or ""))
        room = DESCRIPTION_LIMIT - len(link or "") - 1
        return {"description": "\n".join(part for part in (cut(text, room), link) if part)}

    def draw(
        self,
        words: Words,
        metadata: AnomalyMetadata,
        answers: Answers,
        *,
        now: float,
        context: Known | None = None,
        field_errors: FieldErrors | None = None,
    ) -> Block:
        risk = self.risks.get(answers.text("risk"), self.risks["0"])
        due = due_date(risk, metadata, answers, now)
        known = as_on_screen(context or Known(), metadata, answers)
        sheet = Sheet(self.risks, words, metadata, answers, known)
        carried = {
            "suggested_due": due.suggested,
            "site": answers.text("siteId"),
            "searched": tuple(name for name in SEARCHED if name in known.searchable),
            "gathered": bool(known.draft),
        }
        if known.lost:
            field_errors = {"draft": words("draft.lost"), **(field_errors or {})}
        return modal(
            self.callback_id,
            words,
            metadata.with_state(**carried),
            [*sheet.always(risk), *sheet.by_risk(risk, due), *sheet.below()],
            heading=words("anomaly.heading"),
            field_errors=field_errors,
        )

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        """The first finding's fields; several are there for a draft too."""
        report = AnomalyReport.model_validate(payload)
        values = {"reportId": str(report.reportId), **values_of(report.anomalies[0])}
        if len(report.anomalies) > 1:
            values[FINDINGS] = tuple(one.model_dump_json() for one in report.anomalies)
        return values

    def brought(self, answers: Answers) -> Mapping[int, Anomaly]:
        """The findings that `from_payload` gave."""
        stored = answers.several(FINDINGS)
        return {at: Anomaly.model_validate_json(one) for at, one in enumerate(stored, start=1)}

    def at_site(self, answers: Answers, *, stays: bool) -> Answers:
        """Another site was chosen.

        :param stays: whether the installation is on that site too
        """
        return answers if stays else answers.changed({"technicalInstallationId": None})

    def cleared(self, answers: Answers) -> Answers:
        """For the next finding: report and site stay."""
        return answers.changed(dict.fromkeys(OWN))

    def showing(self, answers: Answers, one: Anomaly) -> Answers:
        """A finding of the draft in the place of what the form held."""
        return answers.changed(values_of(one))

    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        report = AnomalyReport.model_validate(payload)
        facts = [(words("anomaly.reportId.label"), str(report.reportId))]
        for one in report.anomalies[:SHOWN]:
            facts.append((words("anomaly.title.label"), one.title))
            facts.append((words("anomaly.risk.label"), level(words, self.risks, str(one.risk))))
            facts.append((words("anomaly.siteId.label"), str(one.siteId)))
            installation = str(one.technicalInstallationId)
            facts.append((words("anomaly.technicalInstallationId.label"), installation))
            if one.dueAt:
                facts.append((words("anomaly.dueAt.label"), one.dueAt))
            for place, text in (("floor", one.location.floor), ("room", one.location.room)):
                if text:
                    facts.append((words(f"anomaly.location.{place}.label"), text))
        if len(report.anomalies) > SHOWN:
            facts.append(("…", str(len(report.anomalies))))
        return Summary(tuple(facts), "\n\n".join(a.description for a in report.anomalies[:SHOWN]))

    def read(
        self, words: Words, answers: Answers, *, now: float, context: Known | None = None
    ) -> AnomalyReport:
        """What the form holds, and what is in its draft.

        :raises InvalidFormError: with every fault, each on its own field
        """
        known = context or Known()
        field_errors: dict[str, str] = {"draft": words("draft.lost")} if known.lost else {}
        complain = _complain(words, field_errors)
        report = read_number(answers, "reportId", complain)
        one = None
        if not (known.may_be_blank and blank(answers)):
            one = self._read(answers, known, complain, now=now)
        for number, other in known.rest.items():
            if other.due is not None and other.due <= now:
                complain(f"finding.{number}", "due_past_of", title=cut(other.title, 60))
        if field_errors or report is None:
            raise InvalidFormError(field_errors)
        findings = {**known.rest, **({known.finding: one()} if one else {})}
        anomalies = [one for _, one in sorted(findings.items())]
        return AnomalyReport.model_validate({"reportId": report, "anomalies": anomalies})

    def read_one(self, words: Words, answers: Answers, *, now: float, known: Known) -> Anomaly:
        """The finding that the form holds, for the draft.

        :raises InvalidFormError: with every fault, each on its own field; one of the report too
        """
        field_errors: dict[str, str] = {}
        complain = _complain(words, field_errors)
        read_number(answers, "reportId", complain)
        one = self._read(answers, known, complain, now=now)
        if field_errors:
            raise InvalidFormError(field_errors)
        return one()

    def _read(
        self, answers: Answers, known: Known, complain: Complain, *, now: float
    ) -> Callable[[], Anomaly]:
        if len(known.rest) >= MOST:
            complain("title", "too_many", n=MOST)
        return read_finding(self.risks, answers, complain, now=now)


def _complain(words: Words, field_errors: dict[str, str]) -> Complain:
    def complain(name: str, sentence: str, **facts: object) -> None:
        field_errors.setdefault(name, words(f"anomaly.faults.{sentence}", **facts))

    return complain

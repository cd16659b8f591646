"""The form of `/anomaly`: nonconformities for KARE's `POST …/reports/{reportId}/nonconformity`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from blocks import basket, kit
from blocks.anomaly_answers import (
    OWN,
    PLACES,
    TEXTS,
    Complain,
    blank,
    read_finding,
    read_number,
    values_of,
)
from blocks.anomaly_known import Known
from blocks.anomaly_report import (
    DESCRIPTION_LIMIT,
    MOST,
    PLACE_LIMIT,
    TITLE_LIMIT,
    Anomaly,
    AnomalyReport,
)
from blocks.choices import Choice, option
from blocks.form import Answers, Complaints, Faulty, Meta, Value
from blocks.kit import Block
from blocks.modal import modal
from blocks.receipt import Summary
from blocks.risk import LEVELS, SHIPPED, Risk
from blocks.text import cut, plain
from blocks.words import Words

SEARCHED = ("siteId", "technicalInstallationId", "reportId")
"""Fields whose numbers can be searched by name, where the list can be had."""
SHOWN = 5
"""Anomalies that a receipt shows in full."""
FINDINGS = "findings"
"""Where a stored report's findings wait until they lie in a basket, when there are several."""


@dataclass(frozen=True)
class AnomalyForm:
    """:param risks: what each level asks for, by `"0"` to `"3"`"""

    risks: Mapping[str, Risk] = field(default_factory=lambda: SHIPPED)
    callback_id: str = "anomaly"
    redraws_on: tuple[str, ...] = ("risk",)
    heard_in: tuple[str, ...] = ()

    def pressed(
        self,
        meta: Meta,
        answers: Answers,
        action: Mapping[str, Any],  # noqa: ARG002 - only the level redraws it
    ) -> tuple[Meta, Answers]:
        return meta, answers

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
        meta: Meta,
        answers: Answers,
        *,
        now: float,
        known: Known | None = None,
        complaints: Complaints | None = None,
    ) -> Block:
        risk = self.risks.get(answers.text("risk"), self.risks["0"])
        due = _due(risk, meta, answers, now)
        sheet = _Sheet(self, words, meta, answers, _as_on_screen(known or Known(), meta, answers))
        carried = {
            "suggested_due": due.suggested,
            "site": answers.text("siteId"),
            "searched": tuple(name for name in SEARCHED if name in sheet.known.searchable),
            "gathered": bool(sheet.known.basket),
        }
        if sheet.known.lost:
            complaints = {"basket": words("basket.lost"), **(complaints or {})}
        return modal(
            self.callback_id,
            words,
            meta.model_copy(update=carried),
            [*sheet.always(risk), *sheet.by_risk(risk, due), *sheet.below()],
            heading=words("anomaly.heading"),
            complaints=complaints,
        )

    def level(self, words: Words, level: str) -> str:
        """The number is always there: what it means is not documented."""
        label = self.risks[level].label
        if isinstance(label, Mapping):
            label = label.get(words.language)
        return f"{level} · {label or words(f'anomaly.risk.{level}')}"

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        """The first finding's fields; several are there for a basket too."""
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
        """A finding of the basket in the place of what the form held."""
        return answers.changed(values_of(one))

    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        report = AnomalyReport.model_validate(payload)
        facts = [(words("anomaly.reportId.label"), str(report.reportId))]
        for one in report.anomalies[:SHOWN]:
            facts.append((words("anomaly.title.label"), one.title))
            facts.append((words("anomaly.risk.label"), self.level(words, str(one.risk))))
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
        self, words: Words, answers: Answers, *, now: float, known: Known | None = None
    ) -> AnomalyReport:
        """What the form holds, and what is in its basket.

        :raises Faulty: with every fault, each on its own field
        """
        known = known or Known()
        complaints: dict[str, str] = {"basket": words("basket.lost")} if known.lost else {}
        complain = _complain(words, complaints)
        report = read_number(answers, "reportId", complain)
        one = None
        if not (known.may_be_blank and blank(answers)):
            one = self._read(answers, known, complain, now=now)
        for number, other in known.rest.items():
            if other.due is not None and other.due <= now:
                complain(f"finding.{number}", "due_past_of", title=cut(other.title, 60))
        if complaints or report is None:
            raise Faulty(complaints)
        findings = {**known.rest, **({known.finding: one()} if one else {})}
        anomalies = [one for _, one in sorted(findings.items())]
        return AnomalyReport.model_validate({"reportId": report, "anomalies": anomalies})

    def read_one(self, words: Words, answers: Answers, *, now: float, known: Known) -> Anomaly:
        """The finding that the form holds, for the basket.

        :raises Faulty: with every fault, each on its own field; one of the report too
        """
        complaints: dict[str, str] = {}
        complain = _complain(words, complaints)
        read_number(answers, "reportId", complain)
        one = self._read(answers, known, complain, now=now)
        if complaints:
            raise Faulty(complaints)
        return one()

    def _read(
        self, answers: Answers, known: Known, complain: Complain, *, now: float
    ) -> Callable[[], Anomaly]:
        if len(known.rest) >= MOST:
            complain("title", "too_many", n=MOST)
        return read_finding(self.risks, answers, complain, now=now)


def _complain(words: Words, complaints: dict[str, str]) -> Complain:
    def complain(name: str, sentence: str, **facts: object) -> None:
        complaints.setdefault(name, words(f"anomaly.faults.{sentence}", **facts))

    return complain


@dataclass(frozen=True)
class _Sheet:
    """One drawing of the form."""

    form: AnomalyForm
    words: Words
    meta: Meta
    answers: Answers
    known: Known

    def always(self, risk: Risk) -> Iterator[Block]:
        yield from basket.on_top(self.words, self.known)
        for name in SEARCHED:
            yield from self.numbered(name)
        levels = [kit.option(self.form.level(self.words, one), one) for one in LEVELS]
        element = kit.radio_buttons(levels, self.answers.text("risk"))
        yield self.field("risk", element, redraws=True)
        if risk.alert:
            yield kit.alert(self.words("anomaly.grave"), "warning", block_id="risk.alert")
        for name, limit in TEXTS.items():
            text = self.answers.text(name)
            element = kit.text_input(initial=text, limit=limit, multiline=name == "description")
            yield self.field(name, element)

    def numbered(self, name: str) -> Iterator[Block]:
        """A list to be searched; where it cannot be had, the number, and why."""
        redraws = name == "siteId"
        number = self.answers.text(name)
        if name not in self.known.searchable:
            yield self.field(name, kit.number_input(initial=number), redraws=redraws)
            if why := self.known.why_not.get(name):
                said = kit.plain(self.words(f"catalogue.why.{why}"))
                yield kit.context(said, block_id=f"{name}.why")
            return
        chosen = self.known.chosen.get(name)
        if chosen is None and number.isdigit():
            chosen = Choice(int(number), listed=False)
        element = kit.external_select(
            option(self.words, chosen) if chosen else None,
            placeholder=self.words(f"anomaly.{name}.choose"),
        )
        yield self.field(name, element, hint="search", redraws=redraws)
        if name == "technicalInstallationId" and self.known.none_here:
            said = kit.plain(self.words("catalogue.none_here"))
            yield kit.context(said, block_id=f"{name}.why")

    def by_risk(self, risk: Risk, due: "_Due") -> Iterator[Block]:
        if risk.due != "hidden":
            picker = kit.datetime_picker(due.moment)
            optional = risk.due == "optional"
            yield self.field("dueAt", picker, optional=optional, block_id=due.block_id)
        if risk.place != "hidden":
            # Slack cannot ask for one of two: both are optional to it, and `read` asks.
            hint = "either" if risk.place == "required" else "hint"
            for name in PLACES:
                element = kit.text_input(initial=self.answers.text(name), limit=PLACE_LIMIT)
                yield self.field(name, element, hint=hint, optional=True)

    def below(self) -> Iterator[Block]:
        return basket.below(self.words, self.known, lambda one: self.form.level(self.words, one))

    def field(
        self,
        name: str,
        element: Block,
        *,
        hint: str = "hint",
        optional: bool = False,
        redraws: bool = False,
        block_id: str | None = None,
    ) -> Block:
        """Slack would not let a form go whose next finding is blank, unless blanks are optional."""
        return kit.field(
            name,
            element,
            label=self.words(f"anomaly.{name}.label"),
            hint=self.words(f"anomaly.{name}.{hint}"),
            optional=optional or (self.known.may_be_blank and name in OWN),
            redraws=redraws,
            block_id=block_id or self.answers.block_id(name, self.meta),
        )


def _as_on_screen(known: Known, meta: Meta, answers: Answers) -> Known:
    """A field stays what it is on screen: in the place of another, what was typed would go."""
    if not answers.blocks:
        return known
    return replace(known, searchable=frozenset(meta.searched), why_not=known.why_not)


@dataclass(frozen=True)
class _Due:
    """How the due date is drawn."""

    moment: int | None
    block_id: str
    suggested: int | None


def _due(risk: Risk, meta: Meta, answers: Answers, now: float) -> _Due:
    """A date that the person chose stays; one that the form filled in goes with its level."""
    there = answers.number("dueAt")
    shown_as = answers.blocks.get("dueAt")
    fresh = _whole_minute(now + risk.due_in_hours * 3600) if risk.due_in_hours else None
    if "dueAt" in answers.fresh:
        suggested = fresh if there is None else None
        return _Due(there or fresh, answers.block_id("dueAt", meta), suggested)
    if there is not None and there != meta.suggested_due:
        return _Due(there, shown_as or "dueAt", None)
    if there is not None and risk.due_in_hours:
        return _Due(there, shown_as or "dueAt", there)
    if there is None and shown_as and risk.due_in_hours and meta.suggested_due:
        # Cleared by the person, or not known here yet: either way it stays as it is.
        return _Due(meta.suggested_due, shown_as, meta.suggested_due)
    # A block on screen ignores a new initial value, and one may have come that this choice did not
    # see yet: another block takes its place.
    changes = fresh != there and (shown_as is not None or meta.redraws > 1)
    return _Due(fresh, f"dueAt#{meta.redraws}" if changes else shown_as or "dueAt", fresh)


def _whole_minute(moment: float) -> int:
    return int(moment // 60) * 60

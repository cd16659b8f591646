"""The form of `/anomaly`: a nonconformity for KARE's `POST …/reports/{reportId}/nonconformity`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from blocks import kit
from blocks.form import Answers, Complaints, Faulty, Meta, Value
from blocks.kit import Block
from blocks.modal import modal
from blocks.receipt import Summary
from blocks.risk import LEVELS, SHIPPED, Risk
from blocks.text import cut, plain
from blocks.words import Words

TITLE_LIMIT = 250
DESCRIPTION_LIMIT = 2500
PLACE_LIMIT = 250
"""Ours: KARE documents none for floor and room."""
ID_LIMIT = 2**53 - 1
"""KARE's bound on every id, both ways."""
NUMBERS = ("reportId", "siteId", "technicalInstallationId")
TEXTS = {"title": TITLE_LIMIT, "description": DESCRIPTION_LIMIT}
SHOWN = 5
"""Anomalies that a receipt shows in full."""
PLACES = ("location.floor", "location.room")


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


@dataclass(frozen=True)
class AnomalyForm:
    """:param risks: what each level asks for, by `"0"` to `"3"`"""

    risks: Mapping[str, Risk] = field(default_factory=lambda: SHIPPED)
    callback_id: str = "anomaly"
    redraws_on: tuple[str, ...] = ("risk",)

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
        known: Any = None,  # noqa: ARG002 - shows only what was typed
        complaints: Complaints | None = None,
    ) -> Block:
        chosen = answers.text("risk")
        risk = self.risks.get(chosen, self.risks["0"])
        due = _due(risk, meta, answers, now)
        return modal(
            self.callback_id,
            words,
            meta.model_copy(update={"suggested_due": due.suggested}),
            [
                *self._always(words, chosen, risk, answers),
                *self._by_risk(words, risk, due, answers),
            ],
            heading=words("anomaly.heading"),
            complaints=complaints,
        )

    def _always(self, words: Words, chosen: str, risk: Risk, answers: Answers) -> Iterator[Block]:
        for name in NUMBERS:
            yield _field(words, name, kit.number_input(initial=answers.text(name)))
        levels = [kit.option(self._label(words, one), one) for one in LEVELS]
        yield _field(words, "risk", kit.radio_buttons(levels, chosen), redraws=True)
        if risk.alert:
            yield kit.alert(words("anomaly.grave"), "warning", block_id="risk.alert")
        for name, limit in TEXTS.items():
            element = kit.text_input(
                initial=answers.text(name), limit=limit, multiline=name == "description"
            )
            yield _field(words, name, element)

    def _by_risk(self, words: Words, risk: Risk, due: "_Due", answers: Answers) -> Iterator[Block]:
        if risk.due != "hidden":
            picker = kit.datetime_picker(due.moment)
            optional = risk.due == "optional"
            yield _field(words, "dueAt", picker, optional=optional, block_id=due.block_id)
        if risk.place != "hidden":
            # Slack cannot ask for one of two: both are optional to it, and `read` asks.
            hint = "either" if risk.place == "required" else "hint"
            for name in PLACES:
                element = kit.text_input(initial=answers.text(name), limit=PLACE_LIMIT)
                yield _field(words, name, element, hint=hint, optional=True)

    def _label(self, words: Words, level: str) -> str:
        """The number is always there: what it means is not documented."""
        label = self.risks[level].label
        if isinstance(label, Mapping):
            label = label.get(words.language)
        return f"{level} · {label or words(f'anomaly.risk.{level}')}"

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        report = AnomalyReport.model_validate(payload)
        one = report.anomalies[0]
        return {
            "reportId": str(report.reportId),
            "siteId": str(one.siteId),
            "technicalInstallationId": str(one.technicalInstallationId),
            "risk": str(one.risk),
            "title": one.title,
            "description": one.description,
            "dueAt": int(datetime.fromisoformat(one.dueAt).timestamp()) if one.dueAt else None,
            "location.floor": one.location.floor,
            "location.room": one.location.room,
        }

    def summary(self, words: Words, payload: Mapping[str, Any]) -> Summary:
        report = AnomalyReport.model_validate(payload)
        facts = [(words("anomaly.reportId.label"), str(report.reportId))]
        for one in report.anomalies[:SHOWN]:
            facts.append((words("anomaly.title.label"), one.title))
            facts.append((words("anomaly.risk.label"), self._label(words, str(one.risk))))
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
        self,
        words: Words,
        answers: Answers,
        *,
        now: float,
        known: Any = None,  # noqa: ARG002 - asks only what was typed
    ) -> AnomalyReport:
        """:raises Faulty: with every fault, each on its own field"""
        level = answers.text("risk")
        risk = self.risks.get(level, self.risks["0"])
        complaints: dict[str, str] = {}

        def complain(name: str, sentence: str, **facts: object) -> None:
            complaints.setdefault(name, words(f"anomaly.faults.{sentence}", **facts))

        numbers = {name: _whole(answers.text(name)) for name in NUMBERS}
        for name, number in numbers.items():
            if fault := _number_fault(number):
                complain(name, fault)
        if level not in LEVELS:
            complain("risk", "risk_missing")
        texts = {name: answers.text(name).strip() for name in TEXTS}
        for name, text in texts.items():
            if not text:
                complain(name, "text_missing")
            elif len(text) > TEXTS[name]:
                complain(name, "text_too_long", n=len(text), limit=TEXTS[name])
        # What the last choice hid is not sent, whatever the state still holds.
        due = answers.number("dueAt") if risk.due != "hidden" else None
        if risk.due == "required" and due is None:
            complain("dueAt", "due_missing")
        if due is not None and due <= now:
            complain("dueAt", "due_past")
        places = {name: answers.text(name).strip() for name in PLACES if risk.place != "hidden"}
        if risk.place == "required" and not any(places.values()):
            complain("location.floor", "place_missing")
        for name, text in places.items():
            if len(text) > PLACE_LIMIT:
                complain(name, "text_too_long", n=len(text), limit=PLACE_LIMIT)
        if complaints:
            raise Faulty(complaints)
        anomaly = {
            **texts,
            "risk": int(level),
            "technicalInstallationId": numbers["technicalInstallationId"],
            "siteId": numbers["siteId"],
            "dueAt": _utc(due) if due else None,
            "location": {name.removeprefix("location."): text for name, text in places.items()},
        }
        return AnomalyReport.model_validate(
            {"reportId": numbers["reportId"], "anomalies": [anomaly]}
        )


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
    if there is not None and there != meta.suggested_due:
        return _Due(there, shown_as or "dueAt", None)
    if there is not None and risk.due_in_hours:
        return _Due(there, shown_as or "dueAt", there)
    if there is None and shown_as and risk.due_in_hours and meta.suggested_due:
        # Cleared by the person, or not known here yet: either way it stays as it is.
        return _Due(meta.suggested_due, shown_as, meta.suggested_due)
    fresh = _whole_minute(now + risk.due_in_hours * 3600) if risk.due_in_hours else None
    # A block on screen ignores a new initial value, and one may have come that this choice did not
    # see yet: another block takes its place.
    changes = fresh != there and (shown_as is not None or meta.redraws > 1)
    return _Due(fresh, f"dueAt#{meta.redraws}" if changes else shown_as or "dueAt", fresh)


def _field(
    words: Words,
    name: str,
    element: Block,
    *,
    hint: str = "hint",
    optional: bool = False,
    redraws: bool = False,
    block_id: str | None = None,
) -> Block:
    return kit.field(
        name,
        element,
        label=words(f"anomaly.{name}.label"),
        hint=words(f"anomaly.{name}.{hint}"),
        optional=optional,
        redraws=redraws,
        block_id=block_id,
    )


def _whole(text: str) -> int | None:
    """A whole number. Slack gives a number's answer as text."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,3000}", text.strip()) else None


def _number_fault(number: int | None) -> str | None:
    if number is None:
        return "not_a_number"
    return "number_too_large" if abs(number) > ID_LIMIT else None


def _whole_minute(moment: float) -> int:
    return int(moment // 60) * 60


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

"""The blocks of the form of `/anomaly`, from top to bottom."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from blocks import block_kit
from blocks.anomaly import draft_view
from blocks.anomaly.context import Known
from blocks.anomaly.due_date import Due
from blocks.anomaly.fields import OWN, PLACES, TEXTS
from blocks.anomaly.model import PLACE_LIMIT
from blocks.anomaly.options import Choice, option
from blocks.anomaly.risk import LEVELS, Risk
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.words import Words

SEARCHED = ("siteId", "technicalInstallationId", "reportId")
"""Fields whose numbers can be searched by name, where the list can be had."""


def level(words: Words, risks: Mapping[str, Risk], one: str) -> str:
    """What a level is called. The number is always there: what it means is not documented."""
    label = risks[one].label
    if isinstance(label, Mapping):
        label = label.get(words.language)
    return f"{one} · {label or words(f'anomaly.risk.{one}')}"


@dataclass(frozen=True)
class Sheet:
    """One drawing of the form.

    :param known: as it fits what is on screen
    """

    risks: Mapping[str, Risk]
    words: Words
    metadata: AnomalyMetadata
    answers: Answers
    known: Known

    def always(self, risk: Risk) -> Iterator[Block]:
        yield from draft_view.on_top(self.words, self.known)
        for name in SEARCHED:
            yield from self.numbered(name)
        levels = [block_kit.option(level(self.words, self.risks, one), one) for one in LEVELS]
        element = block_kit.radio_buttons(levels, self.answers.text("risk"))
        yield self.field("risk", element, redraws=True)
        if risk.alert:
            yield block_kit.alert(self.words("anomaly.grave"), "warning", block_id="risk.alert")
        for name, limit in TEXTS.items():
            text = self.answers.text(name)
            element = block_kit.text_input(
                initial=text, limit=limit, multiline=name == "description"
            )
            yield self.field(name, element)

    def numbered(self, name: str) -> Iterator[Block]:
        """A list to be searched; where it cannot be had, the number, and why."""
        redraws = name == "siteId"
        number = self.answers.text(name)
        if name not in self.known.searchable:
            yield self.field(name, block_kit.number_input(initial=number), redraws=redraws)
            if why := self.known.why_not.get(name):
                said = block_kit.plain(self.words(f"catalogue.why.{why}"))
                yield block_kit.context(said, block_id=f"{name}.why")
            return
        chosen = self.known.chosen.get(name)
        if chosen is None and re.fullmatch(r"-?[0-9]{1,16}", number):
            chosen = Choice(int(number), listed=False)
        element = block_kit.external_select(
            option(self.words, chosen) if chosen else None,
            placeholder=self.words(f"anomaly.{name}.choose"),
        )
        yield self.field(name, element, hint="search", redraws=redraws)
        if name == "technicalInstallationId" and self.known.none_here:
            said = block_kit.plain(self.words("catalogue.none_here"))
            yield block_kit.context(said, block_id=f"{name}.why")

    def by_risk(self, risk: Risk, due: Due) -> Iterator[Block]:
        if risk.due != "hidden":
            picker = block_kit.datetime_picker(due.moment)
            optional = risk.due == "optional"
            yield self.field("dueAt", picker, optional=optional, block_id=due.block_id)
        if risk.place != "hidden":
            # Slack cannot ask for one of two: both are optional to it, and `read` asks.
            hint = "either" if risk.place == "required" else "hint"
            for name in PLACES:
                element = block_kit.text_input(initial=self.answers.text(name), limit=PLACE_LIMIT)
                yield self.field(name, element, hint=hint, optional=True)

    def below(self) -> Iterator[Block]:
        return draft_view.below(
            self.words, self.known, lambda one: level(self.words, self.risks, one)
        )

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
        return block_kit.field(
            name,
            element,
            label=self.words(f"anomaly.{name}.label"),
            hint=self.words(f"anomaly.{name}.{hint}"),
            optional=optional or (self.known.may_be_blank and name in OWN),
            redraws=redraws,
            block_id=block_id or self.answers.block_id(name, self.metadata.redraws),
        )


def as_on_screen(known: Known, metadata: AnomalyMetadata, answers: Answers) -> Known:
    """A field stays what it is on screen: in the place of another, what was typed would go."""
    if not answers.blocks:
        return known
    return replace(known, searchable=frozenset(metadata.state.searched), why_not=known.why_not)

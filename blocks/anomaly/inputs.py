"""The input blocks of the form of `/anomaly`, from top to bottom."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from blocks import block_kit
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.fields import OWN_FIELDS, PLACES, TEXTS
from blocks.anomaly.options import Choice, option
from blocks.anomaly.risk import LEVELS, DueDate, Risk
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.words import Words

SEARCHED = ("siteId", "technicalInstallationId", "reportId")
"""Fields whose numbers can be searched by name, when KARE gives the list."""


@dataclass(frozen=True)
class Inputs:
    """The input blocks of one drawing.

    :param risk: of the chosen level
    :param label_of: gives the label of a level of risk
    :param context: fitted to what is on screen
    """

    words: Words
    metadata: AnomalyMetadata
    answers: Answers
    context: AnomalyContext
    risk: Risk
    label_of: Callable[[str], str]

    def blocks(self, due: DueDate) -> Iterator[Block]:
        for name in SEARCHED:
            yield from self._number(name)
        yield from self._risk()
        yield from self._texts()
        yield from self._due_date(due)
        yield from self._places()

    def _number(self, name: str) -> Iterator[Block]:
        """A searchable list; a number field with the reason where the list cannot be searched."""
        redraws = name == "siteId"
        number = self.answers.text(name)
        if name not in self.context.searchable:
            yield self._field(name, block_kit.number_input(initial=number), redraws=redraws)
            if why := self.context.why_not.get(name):
                yield self._note(name, f"catalogue.why.{why}")
            return
        chosen = self.context.chosen.get(name)
        if chosen is None and re.fullmatch(r"-?[0-9]{1,16}", number):
            chosen = Choice(int(number), listed=False)
        element = block_kit.external_select(
            option(self.words, chosen) if chosen else None,
            placeholder=self.words(f"anomaly.{name}.choose"),
        )
        yield self._field(name, element, hint="search", redraws=redraws)
        if name == "technicalInstallationId" and self.context.no_installations:
            yield self._note(name, "catalogue.none_here")

    def _risk(self) -> Iterator[Block]:
        levels = [block_kit.option(self.label_of(level), level) for level in LEVELS]
        element = block_kit.radio_buttons(levels, self.answers.text("risk"))
        yield self._field("risk", element, redraws=True)
        if self.risk.alert:
            yield block_kit.alert(self.words("anomaly.grave"), "warning", block_id="risk.alert")

    def _texts(self) -> Iterator[Block]:
        for name, limit in TEXTS.items():
            text = self.answers.text(name)
            multiline = name == "description"
            element = block_kit.text_input(initial=text, limit=limit, multiline=multiline)
            yield self._field(name, element)

    def _due_date(self, due: DueDate) -> Iterator[Block]:
        if self.risk.due != "hidden":
            picker = block_kit.datetime_picker(due.moment)
            optional = self.risk.due == "optional"
            yield self._field("dueAt", picker, optional=optional, block_id=due.block_id)

    def _places(self) -> Iterator[Block]:
        if self.risk.place == "hidden":
            return
        # Slack cannot require one of two fields. Both are optional, and `read` checks them.
        hint = "either" if self.risk.place == "required" else "hint"
        for name, limit in PLACES.items():
            element = block_kit.text_input(initial=self.answers.text(name), limit=limit)
            yield self._field(name, element, hint=hint, optional=True)

    def _note(self, name: str, sentence: str) -> Block:
        return block_kit.context(block_kit.plain(self.words(sentence)), block_id=f"{name}.why")

    def _field(
        self,
        name: str,
        element: Block,
        *,
        hint: str = "hint",
        optional: bool = False,
        redraws: bool = False,
        block_id: str | None = None,
    ) -> Block:
        """All fields of an anomaly are optional when the form can be sent with the draft alone:
        Slack refuses a form with a required field that is blank.
        """
        return block_kit.field(
            name,
            element,
            label=self.words(f"anomaly.{name}.label"),
            hint=self.words(f"anomaly.{name}.{hint}"),
            optional=optional or (self.context.may_be_blank and name in OWN_FIELDS),
            redraws=redraws,
            block_id=block_id or self.answers.block_id(name, self.metadata.redraws),
        )

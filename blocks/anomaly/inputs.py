"""The input blocks of the form of `/anomaly`, from top to bottom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from blocks import block_kit
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.fields import (
    OWN_FIELDS,
    PLACES,
    TEXTS,
    Errors,
    nothing_typed,
    wrong_so_far,
)
from blocks.anomaly.options import Choice, is_id, option, site_name, subject
from blocks.anomaly.risk import LEVELS, DueDate, Risk
from blocks.anomaly.state import CHANGE_HEAD, AnomalyMetadata
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.words import Words

__all__ = ["HEAD", "OWN_FIELDS", "SEARCHED", "SENDS_EACH_CHANGE", "Inputs"]

HEAD = ("reportId", "siteId")
"""The fields that all anomalies of one visit have in common."""
SEARCHED = (*HEAD, "technicalInstallationId")
"""Fields whose numbers can be searched by name, when KARE gives the list."""
SENDS_EACH_CHANGE = frozenset({*HEAD, *OWN_FIELDS})
"""Fields whose changes Slack sends at once: they redraw the form, or are kept as they are typed."""


@dataclass(frozen=True)
class Inputs:
    """The input blocks of one drawing.

    :param risk: of the chosen level
    :param label_of: gives the label of a level of risk
    :param context: fitted to the form on screen
    :param hides_head: whether report and site are a line of text
    """

    words: Words
    metadata: AnomalyMetadata
    answers: Answers
    context: AnomalyContext
    risk: Risk
    label_of: Callable[[str], str]
    hides_head: bool = False

    def blocks(self, due: DueDate) -> Iterator[Block]:
        if self.hides_head:
            yield self._head()
        else:
            for field in HEAD:
                yield from self._number(field)
        yield from self._other_site()
        yield from self._number("technicalInstallationId")
        yield from self._risk()
        yield from self._texts()
        yield from self._due_date(due)
        yield from self._places()

    def wrong_so_far(self, now: float) -> dict[str, str]:
        """The errors of the answers, by field.

        :param now: UNIX seconds
        """
        errors = Errors(self.words, self.context.searchable)
        wrong_so_far(self.risk, self.answers, errors, now=now)
        return errors.by_field

    @property
    def _may_stay_blank(self) -> bool:
        """Whether the form can be sent as it is, with the anomalies of the draft alone."""
        return self.context.may_be_blank and nothing_typed(self.answers)

    def choice(self, field: str) -> Choice | None:
        """The value of a number field, by its name if the list has one."""
        number = self.answers.text(field)
        if choice := self.context.chosen.get(field):
            return choice
        return Choice(int(number), listed=False) if is_id(number) else None

    def _head(self) -> Block:
        """Report and site of all anomalies in one line, so that the form fits a telephone."""
        text = subject(self.words, self.choice("siteId"), self.choice("reportId"))
        text = text[:1].upper() + text[1:]
        change = block_kit.button(CHANGE_HEAD, self.words("draft.change"))
        return block_kit.section(block_kit.plain(text), accessory=change, block_id="head")

    def _other_site(self) -> Iterator[Block]:
        """A warning when the report is of another site: KARE would take it."""
        here = self.choice("siteId")
        if self.context.report_sites and here:
            there = ", ".join(site_name(self.words, site) for site in self.context.report_sites)
            text = self.words("anomaly.other_site", there=there, here=site_name(self.words, here))
            yield block_kit.alert(text, "warning", block_id="other_site")

    def _number(self, field: str) -> Iterator[Block]:
        """A searchable list; a number field with the reason where the list cannot be searched."""
        if field not in self.context.searchable:
            element = block_kit.number_input(initial=self.answers.text(field))
            yield self._field(field, element)
            if why := self.context.why_not.get(field):
                yield self._note(field, f"catalogue.why.{why}")
            return
        chosen = self.choice(field)
        element = block_kit.external_select(
            option(self.words, chosen) if chosen else None,
            placeholder=self.words(f"anomaly.{field}.choose"),
        )
        yield self._field(field, element, hint="search")
        if field == "technicalInstallationId" and self.context.no_installations:
            yield self._note(field, "catalogue.none_here")

    def _risk(self) -> Iterator[Block]:
        levels = [block_kit.option(self.label_of(level), level) for level in LEVELS]
        element = block_kit.radio_buttons(levels, self.answers.text("risk"))
        yield self._field("risk", element, hint="")
        if self.risk.alert:
            yield block_kit.alert(self.words("anomaly.grave"), "warning", block_id="risk.alert")

    def _texts(self) -> Iterator[Block]:
        for field, limit in TEXTS.items():
            yield self._field(field, self._text(field, limit, multiline=field == "description"))

    def _due_date(self, due: DueDate) -> Iterator[Block]:
        if self.risk.due != "hidden":
            picker = block_kit.datetime_picker(due.moment)
            optional = self.risk.due == "optional"
            yield self._field("dueAt", picker, hint="", optional=optional, block_id=due.block_id)

    def _places(self) -> Iterator[Block]:
        if self.risk.place == "hidden":
            return
        # Slack cannot require one of two fields. Both are optional, and `read` checks them.
        hint = "either" if self.risk.place == "required" else "hint"
        for field, limit in PLACES.items():
            yield self._field(field, self._text(field, limit), hint=hint, optional=True)
            hint = "hint"

    def _text(self, field: str, limit: int, *, multiline: bool = False) -> Block:
        initial = self.answers.text(field)
        return block_kit.text_input(initial=initial, limit=limit, multiline=multiline, heard=True)

    def _note(self, field: str, sentence: str) -> Block:
        return block_kit.context(block_kit.plain(self.words(sentence)), block_id=f"{field}.why")

    def _field(
        self,
        field: str,
        element: Block,
        *,
        hint: str = "hint",
        optional: bool = False,
        block_id: str | None = None,
    ) -> Block:
        """All fields of an anomaly are optional while nothing is typed in them and the form can be
        sent with the draft alone: Slack refuses a form with a required field that is blank. A
        person who has added an anomaly has read the hints, but for those that ask for something.
        """
        hinted = hint == "either" or (hint and not self.context.draft)
        return block_kit.field(
            field,
            element,
            label=self.words(f"anomaly.{field}.label"),
            hint=self.words(f"anomaly.{field}.{hint}") if hinted else "",
            optional=optional or (self._may_stay_blank and field in OWN_FIELDS),
            redraws=field in SENDS_EACH_CHANGE,
            block_id=block_id or self._block_id(field),
        )

    def _block_id(self, field: str) -> str:
        """Slack may still hold the value of a field that was on screen before it was hidden. A new
        block_id shows the value that counts.
        """
        if field in HEAD and self.metadata.state.head_hidden:
            return f"{field}#{self.metadata.redraws}"
        return self.answers.block_id(field, self.metadata.redraws)

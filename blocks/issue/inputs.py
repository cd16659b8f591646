"""The blocks of the form of `/report-issue`, and the changes after a choice in them."""

from collections.abc import Iterator, Mapping
from typing import Any

from blocks import block_kit
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.issue import field, listing_choice
from blocks.issue.field import APART, MAIN
from blocks.issue.listing import LookupResults
from blocks.issue.model import ACTIONS, FACETS, FIELD_LIMIT, KINDS
from blocks.issue.state import IssueMetadata
from blocks.words import Words

__all__ = ["APART", "HEARD_IN", "MAIN", "REDRAWS_ON", "SHOW_MORE", "Inputs", "pressed"]

SHOW_MORE = "comment.more.show"
"""action_id of the button that shows the second comment field."""
REDRAWS_ON = (
    "issueKind",
    "clusteringAction",
    SHOW_MORE,
    *listing_choice.REDRAWS_ON,
)
HIDDEN_BY_CHOICES = ("issueFacets", "clusteringAction")
"""The fields that belong to one kind of issue."""
HEARD_IN = (MAIN, APART)
"""The fields whose links are looked up while a person types. They send each character typed."""


def pressed(
    metadata: IssueMetadata, answers: Answers, action: Mapping[str, Any]
) -> tuple[IssueMetadata, Answers]:
    if action["action_id"] == SHOW_MORE:
        metadata = metadata.with_state(more=True)
    return metadata, field.joined(answers)


class Inputs:
    def __init__(
        self, words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
    ) -> None:
        self._words, self._metadata, self._answers = words, metadata, answers
        self._results = results

    def draw(self) -> Iterator[Block]:
        words, answers, results = self._words, self._answers, self._results
        kind = answers.text("issueKind") or results.last_kind or "data"
        yield self._text(MAIN, heard=True)
        yield from listing_choice.draw_found(words, self._metadata, answers, results)
        kinds = block_kit.radio_buttons(self._options("issueKind", KINDS), kind)
        yield self._field("issueKind", kinds, redraws=True)
        if kind == "data":
            facets = self._options("issueFacets", FACETS)
            ticked = answers.several("issueFacets")
            yield self._field("issueFacets", block_kit.checkboxes(facets, ticked))
        if kind == "clustering":
            yield from self._clustering()
        yield self._text("comment", optional=kind != "other")
        if self._metadata.state.more or answers.text("comment.more"):
            yield self._text("comment.more", optional=True)
        else:
            button = block_kit.button(SHOW_MORE, words("report_issue.comment.more.show"))
            yield block_kit.actions([button], block_id=SHOW_MORE)

    @property
    def listed(self) -> tuple[str, ...]:
        """As `IssueState.listed`, once this is drawn."""
        return listing_choice.listed(self._answers, self._results)

    def _clustering(self) -> Iterator[Block]:
        words, answers, results = self._words, self._answers, self._results
        action = answers.text("clusteringAction")
        radio = block_kit.radio_buttons(self._options("clusteringAction", ACTIONS), action)
        yield self._field("clusteringAction", radio, redraws=True)
        if action == "merge":
            yield from listing_choice.draw_one_property(words, answers, results)
        if not field.is_split(answers):
            return
        yield from listing_choice.draw_choice(words, self._metadata, answers, results)
        if listing_choice.shows_apart(answers, results):
            optional = listing_choice.is_apart_optional(answers, results)
            yield self._text(APART, optional=optional, heard=True)

    def _field(self, name: str, element: Block, **more: Any) -> Block:
        return block_kit.field(
            name,
            element,
            label=self._words(f"report_issue.{name}.label"),
            hint=self._words(f"report_issue.{name}.hint"),
            block_id=self._answers.block_id(name, self._metadata.redraws),
            **more,
        )

    def _options(self, name: str, values: tuple[str, ...]) -> list[Block]:
        return [
            block_kit.option(self._words(f"report_issue.{name}.{value}"), value) for value in values
        ]

    def _text(self, name: str, *, optional: bool = False, heard: bool = False) -> Block:
        """:param heard: whether Slack sends it while it is typed, so that a card can appear"""
        label = self._words("report_issue.propertyIds.classified") + " "
        element = block_kit.text_input(
            initial=field.in_words(self._answers.text(name), label),
            limit=FIELD_LIMIT,
            multiline=True,
            heard=heard,
            placeholder=self._words("report_issue.propertyIds.placeholder") if heard else "",
        )
        return self._field(name, element, optional=optional, redraws=heard)

"""How the form of `/report-issue` is drawn."""

from collections.abc import Iterator, Mapping
from typing import Any

from blocks import block_kit
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.issue import listing_choice
from blocks.issue.listing import LookupResults
from blocks.issue.model import ACTIONS, FACETS, FIELD_LIMIT, KINDS
from blocks.issue.state import SKIPPED, IssueMetadata
from blocks.modal import modal
from blocks.words import Words

CALLBACK_ID = "report_issue"
SHOW_MORE = "comment.more.show"
"""action_id of the button that shows the second comment field."""
REDRAWS_ON = (
    "issueKind",
    "clusteringAction",
    SHOW_MORE,
    *listing_choice.NAMED,
    listing_choice.SIBLINGS,
)
HEARD_IN = ("propertyIds", "classifiedIds")
"""The fields that a look-up may fill. While one is pending they send each character typed."""


def pressed(
    metadata: IssueMetadata, answers: Answers, action: Mapping[str, Any]
) -> tuple[IssueMetadata, Answers]:
    if action["action_id"] == SHOW_MORE:
        metadata = metadata.with_state(more=True)
    if action["action_id"] in (*listing_choice.NAMED, listing_choice.SIBLINGS):
        answers = listing_choice.pressed(answers, action)
    return metadata, answers


def draw(
    words: Words,
    metadata: IssueMetadata,
    answers: Answers,
    *,
    now: float,  # noqa: ARG001 - nothing here has a default in time
    context: LookupResults | None = None,
    field_errors: Mapping[str, str] | None = None,
) -> Block:
    """The whole view.

    :param context: what memory holds about the links and ids in the form
    """
    if skipped := answers.number(SKIPPED):
        metadata = metadata.with_state(skipped_links=skipped)
    return modal(
        CALLBACK_ID,
        words,
        metadata,
        _Fields(words, metadata, answers, context or LookupResults()).draw(),
        heading=words("report_issue.heading"),
        field_errors=field_errors,
    )


class _Fields:
    def __init__(
        self, words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
    ) -> None:
        self._words, self._metadata, self._answers = words, metadata, answers
        self._results = results

    def draw(self) -> Iterator[Block]:
        words, answers, results = self._words, self._answers, self._results
        kind = answers.text("issueKind") or results.last_kind or "data"
        action = answers.text("clusteringAction") if kind == "clustering" else ""
        kinds = block_kit.radio_buttons(self._options("issueKind", KINDS), kind)
        yield self._field("issueKind", kinds, redraws=True)
        if kind == "data":
            facets = self._options("issueFacets", FACETS)
            ticked = answers.several("issueFacets")
            yield self._field("issueFacets", block_kit.checkboxes(facets, ticked))
        if kind == "clustering":
            actions = self._options("clusteringAction", ACTIONS)
            yield self._field(
                "clusteringAction", block_kit.radio_buttons(actions, action), redraws=True
            )
        yield self._text("propertyIds")
        yield self._text("classifiedIds")
        yield from listing_choice.draw(words, self._metadata, answers, results)
        if action == "merge" and results.is_one_property(answers):
            text = words("report_issue.faults.one_home")
            yield block_kit.alert(text, "warning", block_id="listings.one_home")
        yield self._text("comment", optional=kind != "other")
        if self._metadata.state.more or answers.text("comment.more"):
            yield self._text("comment.more")
        else:
            button = block_kit.button(SHOW_MORE, words("report_issue.comment.more.show"))
            yield block_kit.actions([button], block_id=SHOW_MORE)

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

    def _text(self, name: str, *, optional: bool = True) -> Block:
        # What is typed while a look-up may still fill the field must not be lost by that.
        heard = self._results.pending and name in HEARD_IN
        element = block_kit.text_input(
            initial=self._answers.text(name), limit=FIELD_LIMIT, multiline=True, heard=heard
        )
        return self._field(name, element, optional=optional, redraws=heard)

"""How the form of `/report-issue` is drawn."""

from collections.abc import Iterator, Mapping
from typing import Any

from blocks import block_kit
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.issue import field, listing_choice, resolution
from blocks.issue.field import APART, MAIN
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
    *resolution.BOXES,
    resolution.CHOICE,
)
HEARD_IN = (MAIN, APART)
"""The fields whose links are looked up while a person types. They send each character typed."""


def pressed(
    metadata: IssueMetadata, answers: Answers, action: Mapping[str, Any]
) -> tuple[IssueMetadata, Answers]:
    if action["action_id"] == SHOW_MORE:
        metadata = metadata.with_state(more=True)
    return metadata, field.joined(answers)


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

    Whatever is needed in the end is required in Slack too. Slack then names all blank fields at
    once, and only what was filled in wrongly is refused by `reading`, again all at once. A field
    that Slack takes for optional is labelled "(optional)", so that is said of no other.

    :param context: what memory holds about the links and ids in the form
    """
    results = context or LookupResults()
    if skipped := answers.number(SKIPPED):
        metadata = metadata.with_state(skipped_links=skipped)
    fields = list(_Fields(words, metadata, answers, results).draw())
    return modal(
        CALLBACK_ID,
        words,
        metadata.with_state(listed=listing_choice.listed(answers, results)),
        fields,
        heading=words("report_issue.heading"),
        field_errors=_on_drawn(field_errors or {}, fields),
    )


def _on_drawn(field_errors: Mapping[str, str], fields: list[Block]) -> Mapping[str, str]:
    """The errors, with what an API says of listings on the field that names them."""
    drawn = {block["element"]["action_id"] for block in fields if block["type"] == "input"}
    place = {APART: MAIN, "links": MAIN}
    moved = dict(field_errors)
    for name in place.keys() & moved.keys() - drawn:
        if place[name] not in moved:
            moved[place[name]] = moved.pop(name)
    return moved


class _Fields:
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

    def _clustering(self) -> Iterator[Block]:
        words, answers, results = self._words, self._answers, self._results
        action = answers.text("clusteringAction")
        radio = block_kit.radio_buttons(self._options("clusteringAction", ACTIONS), action)
        yield self._field("clusteringAction", radio, redraws=True)
        if action == "merge":
            found = resolution.resolved(answers, results)
            if resolution.is_one_property(found, results):
                text = words("report_issue.faults.one_home")
                yield block_kit.alert(text, "warning", block_id="listings.one_home")
        if not field.is_split(answers):
            return
        yield from listing_choice.draw_choice(words, self._metadata, answers, results)
        if listing_choice.shows_apart(answers, results):
            main = field.of(answers).main
            # A listing in the first field is one to split, as long as none is named here.
            named = main.count > 1 or bool(resolution.classifieds_named(answers, results))
            optional = named or bool(main.links or listing_choice.siblings(answers, results))
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
        """:param heard: whether it is told to us while it is typed, so that a card can appear"""
        label = self._words("report_issue.propertyIds.classified") + " "
        element = block_kit.text_input(
            initial=field.in_words(self._answers.text(name), label),
            limit=FIELD_LIMIT,
            multiline=True,
            heard=heard,
            placeholder=self._words("report_issue.propertyIds.placeholder") if heard else "",
        )
        return self._field(name, element, optional=optional, redraws=heard)

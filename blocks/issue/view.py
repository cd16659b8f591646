"""How the form of `/report-issue` is drawn."""

from collections.abc import Mapping

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.issue.inputs import APART, HIDDEN_BY_CHOICES, MAIN, Inputs
from blocks.issue.listing import LookupResults
from blocks.issue.reading import wrong_so_far
from blocks.issue.state import SKIPPED, IssueMetadata
from blocks.modal import modal
from blocks.words import Words

CALLBACK_ID = "report_issue"


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

    The fields that a report needs are required in Slack too, so Slack names all blank ones at once.
    Errors of typed values are shown as soon as they are typed, so that nothing is left for a second
    round. A field that Slack takes for optional is labelled "(optional)", so that is said of no
    other.

    :param context: what memory holds about the links and ids in the form
    """
    results = context or LookupResults()
    if skipped := answers.number(SKIPPED):
        metadata = metadata.with_state(skipped_links=skipped)
    inputs = Inputs(words, metadata, answers, results)
    fields = list(inputs.draw())
    return modal(
        CALLBACK_ID,
        words,
        metadata.with_state(listed=inputs.listed, shows_results=results.any_known).setting_aside(
            answers.undrawn(HIDDEN_BY_CHOICES, fields)
        ),
        fields,
        heading=words("report_issue.heading"),
        field_errors=_on_drawn({**wrong_so_far(words, answers), **(field_errors or {})}, fields),
        photos_of=answers if results.takes_photos else None,
    )


def _on_drawn(field_errors: Mapping[str, str], fields: list[Block]) -> Mapping[str, str]:
    """The errors. Those of the API about listings stand on the field that names the listings."""
    drawn = {block["element"]["action_id"] for block in fields if block["type"] == "input"}
    place = {APART: MAIN, "links": MAIN}
    moved = dict(field_errors)
    for name in place.keys() & moved.keys() - drawn:
        if place[name] not in moved:
            moved[place[name]] = moved.pop(name)
    return moved

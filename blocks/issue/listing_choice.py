"""The listings that a `/report-issue` form is about, shown as lines that can be ticked or not."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from blocks import block_kit
from blocks.answers import Answers, Value
from blocks.block_kit import Block
from blocks.issue import targets
from blocks.issue.listing import Listing, LookupResults
from blocks.issue.model import FIELD_LIMIT
from blocks.issue.state import IssueMetadata
from blocks.mrkdwn import cut
from blocks.words import Words

NAMED = ("listings", "listings.more")
"""Checkboxes of ten listings each, of those that the form was opened with."""
SIBLINGS = "classifiedIds.choose"
"""A property's classifieds. Those that do not belong to it are ticked."""
_TEN, _HUNDRED = 10, 100


def is_split(answers: Answers) -> bool:
    return (answers.text("issueKind"), answers.text("clusteringAction")) == ("clustering", "split")


def classified_of(option: Block) -> str:
    """The id of the classified that an option stands for. Its property's id stands behind it."""
    return str(option["value"]).partition("/")[0]


def _property_of(option: Block) -> str:
    return str(option["value"]).partition("/")[2]


def draw(
    words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
) -> Iterator[Block]:
    named = targets.of(answers)
    properties, classifieds = named.properties, named.classifieds
    if results.pending:
        yield _note("listings.looking", words("listing.looking"))
    if skipped := metadata.state.skipped_links:
        yield _note("listings.skipped", words("listing.skipped", n=skipped))
    siblings = results.siblings.get(properties.ids[0], ()) if len(properties.ids) == 1 else ()
    if is_split(answers) and siblings:
        options = [_option(words, listing, listing.classified_id) for listing in siblings]
        yield _choice(words, metadata, answers, SIBLINGS, options[:_HUNDRED])
    else:
        yield from _lines(words, metadata, answers, results)
    for number, target in enumerate((*named.links, *properties.ids, *classifieds.ids)):
        if why := results.failures.get(target):
            text = words(f"listing.trouble.{why}", what=cut(target, 120))
            yield _note(f"listings.trouble.{number}", text)
    if is_split(answers):
        yield from _not_grouped(words, results, properties.ids, classifieds.ids)


def pressed(answers: Answers, action: Mapping[str, Any]) -> Answers:
    """The fields of ids after a listing was ticked or unticked.

    :param action: one of the actions of Slack's block_actions
    """
    name = action["action_id"]
    values = {option["value"] for option in action.get("selected_options") or ()}
    ticked, unticked = _sides(answers, name, values)
    named = targets.of(answers)
    properties, classifieds = named.properties.ids, named.classifieds.ids
    gone = {classified_of(option) for option in unticked}
    classifieds = tuple(classified for classified in classifieds if classified not in gone)
    classifieds += tuple(classified_of(option) for option in ticked)
    if name in NAMED and not is_split(answers):
        other_boxes = [box for box in NAMED if box != name]
        elsewhere = [option for box in other_boxes for option in _ticked(answers, box)]
        kept = {_property_of(option) for option in (*ticked, *elsewhere)}
        # A property goes with the last of its listings.
        gone = {_property_of(option) for option in unticked} - kept
        properties = tuple(property_id for property_id in properties if property_id not in gone)
        properties += tuple(_property_of(option) for option in ticked)
    return filled(answers, properties, classifieds)


def _sides(answers: Answers, name: str, values: Collection[str]) -> tuple[list[Block], list[Block]]:
    """The options of a box that are ticked, and those that are not.

    :param values: of the options that are ticked
    """
    options = answers.offered.get(name, ())
    return (
        [option for option in options if option["value"] in values],
        [option for option in options if option["value"] not in values],
    )


def _ticked(answers: Answers, name: str) -> list[Block]:
    return _sides(answers, name, answers.several(name))[0]


def filled(
    answers: Answers,
    properties: Sequence[str],
    classifieds: Sequence[str],
    *,
    without: Collection[str] = (),
) -> Answers:
    """The answers with these ids in the fields, before the links and whatever else is in them;
    unchanged where the fields cannot hold all of it.

    :param without: links that the ids replace
    """
    values: dict[str, Value] = {}
    named = targets.of(answers)
    fields = (
        ("propertyIds", named.properties, properties),
        ("classifiedIds", named.classifieds, classifieds),
    )
    for name, field, ids in fields:
        wanted = tuple(dict.fromkeys(ids))
        links = [link for link in field.links if link not in without]
        if wanted != field.ids or len(links) < len(field.links):
            values[name] = "\n".join([*wanted, *links, *field.others])
    if not values or any(len(str(text)) > FIELD_LIMIT for text in values.values()):
        return answers
    return answers.changed(values)


def _note(block_id: str, text: str) -> Block:
    return block_kit.context(block_kit.plain(text), block_id=block_id)


def _lines(
    words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
) -> Iterator[Block]:
    """One listing as a line; several as boxes, so that each can be ticked or not."""
    before = [classified_of(option) for name in NAMED for option in answers.offered.get(name, ())]
    ids = dict.fromkeys([*before, *targets.of(answers).classifieds.ids])
    listings = [results.listings[id_] for id_ in ids if id_ in results.listings]
    if len(listings) == 1 and not before:
        text = f"{listings[0].line(words)}\n{listings[0].origin(words)}"
        yield block_kit.section(block_kit.plain(text), block_id="listings.one")
        return
    for name, start in zip(NAMED, (0, _TEN), strict=True):
        options = [
            _option(words, listing, f"{listing.classified_id}/{listing.property_id}")
            for listing in listings[start : start + _TEN]
        ]
        if options:
            yield _choice(words, metadata, answers, name, options)


def _choice(
    words: Words, metadata: IssueMetadata, answers: Answers, name: str, options: list[Block]
) -> Block:
    """Options of which those in the field of classifieds are ticked."""
    classifieds = targets.of(answers).classifieds.ids
    ticked = [option["value"] for option in options if classified_of(option) in classifieds]
    values = [option["value"] for option in options]
    # Slack keeps what is ticked on screen. Other options, or others to be ticked, need a new block.
    same = [option["value"] for option in answers.offered.get(name, ())] == values
    same = same and set(ticked) == set(answers.several(name))
    make = block_kit.checkboxes if len(options) <= _TEN else block_kit.multi_select
    return block_kit.field(
        name,
        make(options, ticked),
        label=words(f"listing.{name}.label"),
        hint=words(f"listing.{name}.hint"),
        optional=True,
        redraws=True,
        block_id=answers.blocks.get(name, name) if same else f"{name}#{metadata.redraws}",
    )


def _option(words: Words, listing: Listing, value: str) -> Block:
    return block_kit.option(listing.line(words), value, listing.origin(words))


def _not_grouped(
    words: Words, results: LookupResults, properties: Sequence[str], classifieds: Sequence[str]
) -> Iterator[Block]:
    """A warning about a listing that is to be split from a property to which it does not belong."""
    listings = [results.listings[id_] for id_ in classifieds if id_ in results.listings]
    apart = [listing for listing in listings if listing.property_id not in properties]
    if properties and apart:
        text = words("listing.stranger", what=cut(apart[0].line(words), 80))
        yield block_kit.alert(cut(text, 200), "warning", block_id="listings.stranger")

"""The listings that a `/report-issue` form is about: shown as lines, taken or left."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from blocks import block_kit
from blocks.answers import Answers, Value
from blocks.block_kit import Block
from blocks.issue import targets
from blocks.issue.listing import Findings, Listing
from blocks.issue.model import FIELD_LIMIT
from blocks.issue.state import IssueMetadata
from blocks.mrkdwn import cut
from blocks.words import Words

TAKEN = ("listings", "listings.more")
"""Checkboxes of ten listings each, of those that the form was opened with."""
CHOSEN = "classifiedIds.choose"
"""A property's classifieds, to choose from those that do not belong."""
_TEN, _HUNDRED = 10, 100

Ids = Sequence[str]


def named(answers: Answers) -> tuple[targets.FieldTargets, targets.FieldTargets]:
    """What the fields of properties and classifieds hold."""
    properties, classifieds = (
        targets.read(answers.text(name)) for name in ("propertyIds", "classifiedIds")
    )
    return properties, classifieds


def splitting(answers: Answers) -> bool:
    return (answers.text("issueKind"), answers.text("clusteringAction")) == ("clustering", "split")


def classified_of(option: Block) -> str:
    """The classified that one of our boxes stands for; behind it stands its property's id."""
    return str(option["value"]).partition("/")[0]


def _home_of(option: Block) -> str:
    return str(option["value"]).partition("/")[2]


def draw(
    words: Words, metadata: IssueMetadata, answers: Answers, findings: Findings
) -> Iterator[Block]:
    properties, classifieds = named(answers)
    if findings.looking:
        yield block_kit.context(
            block_kit.plain(words("listing.looking")), block_id="listings.looking"
        )
    if metadata.state.skipped_links:
        text = words("listing.skipped", n=metadata.state.skipped_links)
        yield block_kit.context(block_kit.plain(text), block_id="listings.skipped")
    siblings = findings.siblings.get(properties.ids[0], ()) if len(properties.ids) == 1 else ()
    split = splitting(answers)
    if split and siblings:
        yield _choose(words, metadata, answers, siblings, classifieds.ids)
    else:
        yield from _lines(words, metadata, answers, findings, classifieds.ids)
    named_all = (*properties.links, *classifieds.links, *properties.ids, *classifieds.ids)
    for number, token in enumerate(named_all):
        if why := findings.troubles.get(token):
            text = words(f"listing.trouble.{why}", what=cut(token, 120))
            yield block_kit.context(block_kit.plain(text), block_id=f"listings.trouble.{number}")
    if split:
        yield from _strangers(words, findings, properties.ids, classifieds.ids)


def pressed(answers: Answers, action: Mapping[str, Any]) -> Answers:
    """A listing was taken or left: the fields of ids say so."""
    name = action["action_id"]
    ticked = {one["value"] for one in action.get("selected_options") or ()}
    taken, left = _sides(answers, name, ticked)
    properties, classifieds = (one.ids for one in named(answers))
    untaken = {classified_of(one) for one in left}
    classifieds = (*(one for one in classifieds if one not in untaken), *map(classified_of, taken))
    if name in TAKEN and not splitting(answers):
        others = [one for one in TAKEN if one != name]
        elsewhere = [one for box in others for one in _ticked(answers, box)]
        kept = {_home_of(one) for one in (*taken, *elsewhere)}
        # A property that only listings left behind stand for goes with them.
        gone = {_home_of(one) for one in left} - kept
        properties = (*(one for one in properties if one not in gone), *map(_home_of, taken))
    return filled(answers, properties, classifieds)


def _sides(answers: Answers, name: str, ticked: Collection[str]) -> tuple[list[Block], list[Block]]:
    """The options of a box that were ticked, and those that were not."""
    options = answers.offered.get(name, ())
    return (
        [one for one in options if one["value"] in ticked],
        [one for one in options if one["value"] not in ticked],
    )


def _ticked(answers: Answers, name: str) -> list[Block]:
    return _sides(answers, name, answers.several(name))[0]


def filled(
    answers: Answers, properties: Ids, classifieds: Ids, *, without: Collection[str] = ()
) -> Answers:
    """With these ids in the fields, in front of the links and whatever else is in them; unchanged
    where the fields cannot hold them all.

    :param without: links that the ids stand for
    """
    values: dict[str, Value] = {}
    fields = zip(("propertyIds", "classifiedIds"), (properties, classifieds), strict=True)
    for name, ids in fields:
        held, wanted = targets.read(answers.text(name)), tuple(dict.fromkeys(ids))
        left = [link for link in held.links if link not in without]
        if wanted != held.ids or len(left) < len(held.links):
            values[name] = "\n".join([*wanted, *left, *held.others])
    if not values or any(len(str(text)) > FIELD_LIMIT for text in values.values()):
        return answers
    return answers.changed(values)


def _lines(
    words: Words,
    metadata: IssueMetadata,
    answers: Answers,
    findings: Findings,
    taken: Sequence[str],
) -> Iterator[Block]:
    """One listing as a line; several as boxes, so that each can be taken or left."""
    before = [classified_of(one) for name in TAKEN for one in answers.offered.get(name, ())]
    known = dict.fromkeys([*before, *taken])
    shown = [findings.listings[one] for one in known if one in findings.listings]
    if len(shown) == 1 and not before:
        text = f"{shown[0].line(words)}\n{shown[0].origin(words)}"
        yield block_kit.section(block_kit.plain(text), block_id="listings.one")
        return
    for name, start in zip(TAKEN, (0, _TEN), strict=True):
        some = shown[start : start + _TEN]
        if some:
            options = [
                _option(words, one, f"{one.classified_id}/{one.property_id}") for one in some
            ]
            yield _boxes(words, metadata, answers, name, options, taken)


def _choose(
    words: Words,
    metadata: IssueMetadata,
    answers: Answers,
    siblings: Sequence[Listing],
    taken: Sequence[str],
) -> Block:
    options = [_option(words, one, one.classified_id) for one in siblings[:_HUNDRED]]
    return _boxes(words, metadata, answers, CHOSEN, options, taken)


def _boxes(
    words: Words,
    metadata: IssueMetadata,
    answers: Answers,
    name: str,
    options: list[Block],
    taken: Sequence[str],
) -> Block:
    chosen = [one["value"] for one in options if classified_of(one) in taken]
    make = block_kit.checkboxes if len(options) <= _TEN else block_kit.multi_select
    # Slack keeps what is ticked on screen: other options, or others to be ticked, need another
    # block.
    same = [one["value"] for one in answers.offered.get(name, ())] == [o["value"] for o in options]
    same = same and set(chosen) == set(answers.several(name))
    block_id = answers.blocks.get(name, name) if same else f"{name}#{metadata.redraws}"
    label, hint = (words(f"listing.{name}.{part}") for part in ("label", "hint"))
    return block_kit.field(
        name,
        make(options, chosen),
        label=label,
        hint=hint,
        optional=True,
        redraws=True,
        block_id=block_id,
    )


def _option(words: Words, listing: Listing, value: str) -> Block:
    return block_kit.option(listing.line(words), value, listing.origin(words))


def _strangers(
    words: Words, findings: Findings, properties: Sequence[str], classifieds: Sequence[str]
) -> Iterator[Block]:
    """A split of what was never together."""
    homes = {
        one: findings.listings[one].property_id for one in classifieds if one in findings.listings
    }
    if strange := [one for one, home in homes.items() if properties and home not in properties]:
        line = findings.listings[strange[0]].line(words)
        text = words("listing.stranger", what=cut(line, 80))
        yield block_kit.alert(cut(text, 200), "warning", block_id="listings.stranger")

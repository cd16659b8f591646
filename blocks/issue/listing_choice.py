"""The listings and properties in a `/report-issue` form: cards, boxes that can be unticked, and for
a split the choice of the listings that do not belong.
"""

from collections.abc import Collection, Iterator, Sequence

from blocks import block_kit
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.issue import field, resolution
from blocks.issue.field import APART
from blocks.issue.listing import Listing, LookupResults
from blocks.issue.resolution import BOXES, CHOICE
from blocks.issue.state import IssueMetadata
from blocks.mrkdwn import cut
from blocks.words import Words

REDRAWS_ON = (*BOXES, CHOICE)
"""The boxes whose choice redraws the form."""
_TEN, _HUNDRED = 10, 100
_CARDS = 5
"""Properties that are shown as cards."""


def draw_found(
    words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
) -> Iterator[Block]:
    """The listings that the fields name, and the targets that could not be found."""
    if results.pending:
        yield _note("listings.looking", words("listing.looking"))
    if skipped := metadata.state.skipped_links:
        yield _note("listings.skipped", words("listing.skipped", n=skipped))
    yield from _properties(words, answers, results)
    yield from _listings(words, metadata, answers, results)
    fields = field.of(answers)
    targets = (*fields.links, *fields.main.ids, *fields.main.classifieds, *fields.apart.ids)
    for number, target in enumerate(targets):
        if why := results.failures.get(target):
            text = words(f"listing.trouble.{why}", what=cut(target, 120))
            yield _note(f"listings.trouble.{number}", text)
    if field.is_split(answers):
        yield from _not_grouped(words, answers, results)


def siblings(answers: Answers, results: LookupResults) -> tuple[Listing, ...]:
    """The listings of the property that is to be split; none unless they are known."""
    home = resolution.split_property(answers, results)
    return results.siblings.get(home, ())[:_HUNDRED] if home else ()


def draw_choice(
    words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
) -> Iterator[Block]:
    """The listings of the property that is to be split: those that do not belong are ticked."""
    if not (listings := siblings(answers, results)):
        return
    options = [_option(words, listing) for listing in listings]
    targets = resolution.resolved(answers, results)
    offered_ids = {listing.classified_id for listing in listings}
    yield _choice(
        words,
        metadata,
        answers,
        CHOICE,
        options,
        _ticked(metadata, answers, results, options),
        optional=bool(set(targets.classifieds) - offered_ids or targets.links),
    )


def shows_apart(answers: Answers, results: LookupResults) -> bool:
    """Whether a split needs the field for the listings that do not belong: the choice of listings
    stands in its place as long as it can show all that is named there.
    """
    if not field.is_split(answers):
        return False
    offered_ids = {listing.classified_id for listing in siblings(answers, results)}
    targets = answers.parsed(APART, field.read)
    ids = {*targets.ids, *targets.classifieds}
    ids |= {results.links.get(link, link) for link in targets.links}
    return not offered_ids or bool(targets.others or targets.properties or not ids <= offered_ids)


def is_apart_optional(answers: Answers, results: LookupResults) -> bool:
    """Whether the field for the listings that do not belong may be blank: a listing in the first
    field is one to split, as long as none is named here.
    """
    main = field.of(answers).main
    targets = main.links or resolution.classifieds_named(answers, results)
    return main.count > 1 or bool(targets or siblings(answers, results))


def draw_one_property(words: Words, answers: Answers, results: LookupResults) -> Iterator[Block]:
    """A warning when all targets of a merge are one property already."""
    if resolution.is_one_property(resolution.resolved(answers, results), results):
        text = words("report_issue.faults.one_home")
        yield block_kit.alert(text, "warning", block_id="listings.one_home")


def listed(answers: Answers, results: LookupResults) -> tuple[str, ...]:
    """The classifieds that the fields name among those that a split offers."""
    offered_ids = {listing.classified_id for listing in siblings(answers, results)}
    return tuple(
        id_ for id_ in resolution.classifieds_named(answers, results) if id_ in offered_ids
    )


def _ticked(
    metadata: IssueMetadata, answers: Answers, results: LookupResults, options: Sequence[Block]
) -> list[str]:
    """The values of the options that a person ticked, and of those named in a field since then."""
    named_ids = set(listed(answers, results))
    ticked: Collection[str] = ()
    if resolution.choice_on_screen(answers, results):
        ticked, named_ids = answers.several(CHOICE), named_ids - set(metadata.state.listed)
    return [
        option["value"]
        for option in options
        if option["value"] in ticked or resolution.classified_of(option) in named_ids
    ]


def _properties(words: Words, answers: Answers, results: LookupResults) -> Iterator[Block]:
    """A card for each property that is named, unless one of its listings is named too."""
    classifieds = resolution.classifieds_named(answers, results)
    shown_with_listing = {
        results.listings[id_].property_id for id_ in classifieds if id_ in results.listings
    }
    property_ids = [
        home
        for home in resolution.properties_named(answers, results)
        if results.siblings.get(home) and home not in shown_with_listing
    ]
    for number, home in enumerate(property_ids[:_CARDS]):
        listings = results.siblings[home]
        count = words("listing.property", n=len(listings))
        text = block_kit.plain(f"{listings[0].line(words)}\n{count}")
        yield block_kit.section(text, block_id=f"listings.property.{number}")
    if len(property_ids) > _CARDS:
        more = words("listing.more_properties", n=len(property_ids) - _CARDS)
        yield _note("listings.property.more", more)


def _listings(
    words: Words, metadata: IssueMetadata, answers: Answers, results: LookupResults
) -> Iterator[Block]:
    """One listing as a card; several as boxes, so that each can be ticked or not."""
    classifieds = resolution.classifieds_named(answers, results)
    listings = [results.listings[id_] for id_ in classifieds if id_ in results.listings]
    if len(listings) == 1 or (listings and siblings(answers, results)):
        for number, listing in enumerate(listings[:_CARDS]):
            text = block_kit.plain(listing.card(words))
            yield block_kit.section(text, block_id=f"listings.card.{number}")
        return
    unticked, main = resolution.left_out(answers), field.of(answers).main
    targets = (*resolution.properties_named(answers, results), *main.links, *main.classifieds)
    found_links = {link for link in main.links if link in results.links}
    not_found = [
        name for name in targets if name not in found_links and name not in results.listings
    ]
    for name, start in zip(BOXES, (0, _TEN), strict=True):
        options = [_option(words, listing) for listing in listings[start : start + _TEN]]
        if options:
            ticked = [
                option["value"]
                for option in options
                if resolution.classified_of(option) not in unticked
            ]
            optional = bool(not_found) or name != BOXES[0]
            yield _choice(words, metadata, answers, name, options, ticked, optional=optional)


def _choice(
    words: Words,
    metadata: IssueMetadata,
    answers: Answers,
    name: str,
    options: list[Block],
    ticked: list[str],
    *,
    optional: bool,
) -> Block:
    values = [option["value"] for option in options]
    # Slack keeps the ticks on screen. Other options, or other ticks, need a new block.
    same = [option["value"] for option in answers.offered.get(name, ())] == values
    same = same and set(ticked) == set(answers.several(name))
    make = block_kit.checkboxes if len(options) <= _TEN else block_kit.multi_select
    return block_kit.field(
        name,
        make(options, ticked),
        label=words(f"listing.{name}.label"),
        hint=words(f"listing.{name}.hint"),
        optional=optional,
        redraws=True,
        block_id=answers.blocks.get(name, name) if same else f"{name}#{metadata.redraws}",
    )


def _option(words: Words, listing: Listing) -> Block:
    value = f"{listing.classified_id}/{listing.property_id}"
    return block_kit.option(listing.line(words), value, listing.origin(words))


def _note(block_id: str, text: str) -> Block:
    return block_kit.context(block_kit.plain(text), block_id=block_id)


def _not_grouped(words: Words, answers: Answers, results: LookupResults) -> Iterator[Block]:
    """A warning about a listing that is to be split from a property to which it does not belong."""
    targets = resolution.resolved(answers, results)
    listings = [results.listings[id_] for id_ in targets.classifieds if id_ in results.listings]
    apart = [listing for listing in listings if listing.property_id not in targets.properties]
    if targets.properties and apart:
        text = words("listing.stranger", what=cut(apart[0].line(words), 80))
        yield block_kit.alert(cut(text, 200), "warning", block_id="listings.stranger")

"""The targets of a form after look-ups: the properties and classifieds to report, and the links
that are still to be looked up.

A listing that was found counts with its property. In a split, some listings do not belong to the
property, and others only name it: see `Resolved.split_from`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.issue import field
from blocks.issue.field import FieldTargets
from blocks.issue.listing import LookupResults

BOXES = ("listings", "listings.more")
"""Checkboxes of ten listings each: the listings that a form names. An unticked one is left out."""
CHOICE = "classifiedIds.choose"
"""A property's classifieds. Those that do not belong to it are ticked."""


@dataclass(frozen=True)
class Resolved:
    properties: tuple[str, ...] = ()
    classifieds: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """The links that were not found yet."""
    split_from: tuple[str, ...] = ()
    """Those of the links and classifieds that only name the property of a split. Their own listing
    is not split from it.
    """
    count: int = 0
    """How many targets the person named."""


@dataclass(frozen=True)
class _Side:
    """The targets of one field, sorted by the results of their look-ups."""

    properties: tuple[str, ...] = ()
    classifieds: tuple[str, ...] = ()
    """The classifieds that are named by their id, and those that a link led to."""
    owners: tuple[str, ...] = ()
    """The properties of the listings that count as listings without a label."""
    links: tuple[str, ...] = ()

    def without(self, left_out: Iterable[str], results: LookupResults) -> "_Side":
        """The same without some classifieds, and without the properties that only they name."""
        removed = frozenset(left_out) & set(self.classifieds)
        if not removed:
            return self
        remaining = tuple(id_ for id_ in self.classifieds if id_ not in removed)
        remaining_owners = {owner for id_ in remaining if (owner := _owner(id_, results))}
        removed_owners = {owner for id_ in removed if (owner := _owner(id_, results))}
        owners = tuple(
            owner
            for owner in self.owners
            if owner not in removed_owners or owner in remaining_owners
        )
        return replace(self, classifieds=remaining, owners=owners)


def classified_of(option: Block) -> str:
    """The id of an option's classified, which stands before that of its property."""
    return str(option["value"]).partition("/")[0]


def property_of(option: Block) -> str:
    return str(option["value"]).partition("/")[2]


def classifieds_named(answers: Answers, results: LookupResults) -> tuple[str, ...]:
    """The classifieds that the fields name, in order, whether ticked or not."""
    fields = field.of(answers)
    apart = _sorted(fields.apart, results, bare_is_classified=True)
    return _once([*_sorted(fields.main, results).classifieds, *apart.classifieds])


def properties_named(answers: Answers, results: LookupResults) -> tuple[str, ...]:
    """The properties that the first field names by their ids."""
    return _sorted(field.of(answers).main, results).properties


def split_property(answers: Answers, results: LookupResults) -> str | None:
    """The property that is to be split; None while it is unknown, or there are several."""
    if not field.is_split(answers):
        return None
    main = _sorted(field.of(answers).main, results)
    homes = set(main.properties or _known_owners(main.classifieds, results))
    return homes.pop() if len(homes) == 1 else None


def choice_on_screen(answers: Answers, results: LookupResults) -> tuple[Block, ...]:
    """The options of the choice on screen; none where it is of another property."""
    options = answers.offered.get(CHOICE, ()) if CHOICE in answers.blocks else ()
    home = split_property(answers, results)
    return options if all(property_of(option) == home for option in options) else ()


def resolved(answers: Answers, results: LookupResults) -> Resolved:
    """The targets to report."""
    fields, unticked = field.of(answers), left_out(answers)
    main = _sorted(fields.main, results).without(unticked, results)
    apart = _sorted(fields.apart, results, bare_is_classified=True).without(unticked, results)
    if field.is_split(answers):
        return _split(answers, results, main, apart)
    properties = (*main.properties, *apart.properties, *main.owners, *apart.owners)
    classifieds = _once([*main.classifieds, *apart.classifieds])
    return Resolved(
        _once(properties or _owners(classifieds, results)),
        classifieds,
        (*main.links, *apart.links),
        count=_count(main) + _count(apart),
    )


def is_one_property(targets: Resolved, results: LookupResults) -> bool:
    """Whether several targets were named and all are of one property, as far as is known."""
    if targets.links:
        return False
    homes = set(targets.properties)
    homes |= {_owner(classified, results) or classified for classified in targets.classifieds}
    return len(homes) == 1 and targets.count > 1


def left_out(answers: Answers) -> frozenset[str]:
    """The classifieds whose boxes are on screen and not ticked."""
    return frozenset(
        classified_of(option)
        for name in BOXES
        if name in answers.blocks
        for option in answers.offered.get(name, ())
        if option["value"] not in answers.several(name)
    )


def _split(answers: Answers, results: LookupResults, main: _Side, apart: _Side) -> Resolved:
    """A split of the property that the first field names by an id, or else by its listings.

    The listings of the first field are split from it only where nothing else says which are.
    """
    options = choice_on_screen(answers, results)
    offered = {classified_of(option) for option in options}
    ticked = [
        classified_of(option) for option in options if option["value"] in answers.several(CHOICE)
    ]
    explicit = (*main.properties, *apart.properties)
    only_names = not explicit and bool(options or apart.classifieds or apart.links)
    if only_names:
        unknown = tuple(id_ for id_ in main.classifieds if not _owner(id_, results))
        own, split_from = unknown, (*unknown, *main.links)
        properties = _known_owners(main.classifieds, results)
    else:
        own = tuple(id_ for id_ in main.classifieds if id_ not in offered)
        split_from = ()
        properties = explicit or main.owners or _owners(main.classifieds, results)
    classifieds = _once([*ticked, *own, *apart.classifieds])
    if not properties and not split_from:
        properties = _owners(classifieds, results)
    return Resolved(
        _once(properties),
        classifieds,
        (*main.links, *apart.links),
        split_from,
        count=_count(main) + _count(apart) + len(ticked),
    )


def _sorted(
    targets: FieldTargets, results: LookupResults, *, bare_is_classified: bool = False
) -> _Side:
    """:param bare_is_classified: whether an id without a label is always one of a classified"""
    if not targets.count:
        return _Side()
    bare = [id_ for id_ in targets.ids if bare_is_classified or id_ in results.listings]
    by_link = [results.links[link] for link in targets.links if link in results.links]
    with_owner = [*by_link] if bare_is_classified else [*bare, *by_link]
    return _Side(
        _once([*(id_ for id_ in targets.ids if id_ not in bare), *targets.properties]),
        _once([*bare, *targets.classifieds, *by_link]),
        _once(results.listings[id_].property_id for id_ in with_owner),
        tuple(link for link in targets.links if link not in results.links),
    )


def _owners(classifieds: Sequence[str], results: LookupResults) -> tuple[str, ...]:
    """The properties of these classifieds. None unless all are known: the worker looks all of them
    up then.
    """
    if results.classifieds_alone or not all(_owner(id_, results) for id_ in classifieds):
        return ()
    return _known_owners(classifieds, results)


def _known_owners(classifieds: Sequence[str], results: LookupResults) -> tuple[str, ...]:
    return _once(owner for id_ in classifieds if (owner := _owner(id_, results)))


def _owner(classified: str, results: LookupResults) -> str | None:
    listing = results.listings.get(classified)
    return listing.property_id if listing else None


def _count(side: _Side) -> int:
    return len(side.properties) + len(side.classifieds) + len(side.links)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

"""What `/report-issue` shows about the links and ids in its form.

A form waits for its look-ups for `BUDGET` seconds at most. Results that come later are used by the
next form, and by the worker that sends the report.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import Report
from blocks.issue import links, listing_choice, targets
from blocks.issue.listing import Listing, LookupResults
from blocks.issue.state import IssueMetadata
from blocks.words import Words
from bot.clock import Clock
from bot.immoteur.listing_cache import ListingCache, Lookup
from bot.immoteur.lookup_api import LookupFailure
from storage import cache
from storage.store import Store

BUDGET = 2.5
"""Seconds that a form waits for all its look-ups together."""
LAST_KIND = "issueKind"


class Lookups:
    """:param classifieds_alone: whether classifieds are sent without their property"""

    def __init__(
        self, listings: ListingCache, store: Store, clock: Clock, *, classifieds_alone: bool = False
    ) -> None:
        self._listings, self._store, self._clock = listings, store, clock
        self._classifieds_alone = classifieds_alone
        self._last_kinds: dict[str, str] = {}

    async def load(self) -> None:
        self._last_kinds = dict(await self._store.run(cache.habits, LAST_KIND))

    def prefill(self, user: str, metadata: IssueMetadata, answers: Answers) -> Answers:
        """Replace links by the ids of the listings that memory holds, and look up the others."""
        del user, metadata
        for lookup in _lookups(answers):
            self._listings.begin(lookup)
        return self._filled(answers)

    def context(self, user: str, metadata: IssueMetadata, answers: Answers) -> LookupResults:
        """The results that memory holds. No request is made."""
        del metadata
        listings: dict[str, Listing] = {}
        failures: dict[str, str] = {}
        siblings: dict[str, tuple[Listing, ...]] = {}
        lookups = _lookups(answers)
        for lookup in (*lookups, *_offered(answers)):
            match self._listings.get_cached(lookup):
                case Listing() as listing:
                    listings[listing.classified_id] = listing
                case tuple() as several:
                    siblings[lookup.name] = several
                    listings |= {listing.classified_id: listing for listing in several}
                case LookupFailure(why):
                    failures[lookup.typed] = why
        pending = any(self._listings.is_pending(lookup) for lookup in lookups)
        return LookupResults(pending, listings, failures, siblings, self._last_kinds.get(user))

    async def refresh(
        self, user: str, metadata: IssueMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Look everything up side by side, within the budget. A listing's ids then replace its
        link, and the property is added of classifieds whose property nobody named.
        """
        del user, metadata
        ends = self._clock.time() + BUDGET
        lookups = _lookups(answers)
        await self._listings.wait_for(lookups, ends=ends)
        # The property whose classifieds a split chooses from may be known only now.
        siblings = [one for one in _lookups(self._filled(answers)) if one.kind == "siblings"]
        await self._listings.wait_for(siblings, ends=ends)
        return self._filled if lookups else None

    async def before_read(self, user: str, metadata: IssueMetadata, answers: Answers) -> None:
        del user, metadata, answers

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: IssueMetadata
    ) -> Sequence[Block]:
        """None: no field of this form is searchable."""
        del words, name, query, user, metadata
        return ()

    def on_stored(
        self, user: str, metadata: IssueMetadata, report: Report
    ) -> Coroutine[Any, Any, object] | None:
        """Remember the kind of issue, which the person's next form offers first."""
        del metadata
        kind = str(report.body()["issueKind"])
        if self._last_kinds.get(user) == kind:
            return None
        self._last_kinds[user] = kind
        return self._store.run(cache.remember_habit, user, LAST_KIND, kind)

    async def resolve(
        self, listing_links: Sequence[str], classified_ids: Sequence[str]
    ) -> Mapping[str, Listing | LookupFailure]:
        """Look up each link and classified for the worker, for as long as it takes.

        :returns: by the link as typed, or the id
        """
        lookups = [
            *(Lookup.link(link) for link in listing_links),
            *(Lookup.classified(classified_id) for classified_id in classified_ids),
        ]
        results = await asyncio.gather(
            *(self._listings.get(lookup, again=True) for lookup in lookups)
        )
        return {
            lookup.typed: result
            if isinstance(result, (Listing, LookupFailure))
            else LookupFailure("broken")
            for lookup, result in zip(lookups, results, strict=True)
        }

    def _filled(self, answers: Answers) -> Answers:
        """The answers with the ids of listings in the place of their links."""
        named = targets.of(answers)
        if not (named.links or named.classifieds.ids):
            return answers
        found = {
            link: listing
            for link in named.links
            if isinstance(listing := self._listings.get_cached(Lookup.link(link)), Listing)
        }
        classifieds = [*named.classifieds.ids]
        classifieds += [listing.classified_id for listing in found.values()]
        properties = [*named.properties.ids]
        if not (properties and listing_choice.is_split(answers)):
            # For a split, the property that was named is kept. A listing's own is not added.
            properties += [listing.property_id for listing in found.values()]
        if not properties and not self._classifieds_alone:
            properties = self._properties_of(classifieds)
        return listing_choice.filled(answers, properties, classifieds, without=found)

    def _properties_of(self, classifieds: Sequence[str]) -> list[str]:
        """The properties of these classifieds; none unless all are known, as the worker looks all
        of them up then.
        """
        results = [self._listings.get_cached(Lookup.classified(one)) for one in classifieds]
        properties = [result.property_id for result in results if isinstance(result, Listing)]
        return properties if len(properties) == len(results) else []


def _lookups(answers: Answers) -> list[Lookup]:
    """What a form looks up: its links and classifieds, and the classifieds of a property that is
    to be split.
    """
    named = targets.of(answers)
    lookups = [Lookup.link(link) for link in named.links if links.fault(link) is None]
    lookups = lookups[: links.MOST]
    lookups += [Lookup.classified(one) for one in named.classifieds.ids[: links.MOST]]
    if listing_choice.is_split(answers) and len(named.properties.ids) == 1:
        lookups.append(Lookup.siblings(named.properties.ids[0]))
    return lookups


def _offered(answers: Answers) -> list[Lookup]:
    """The classifieds of the boxes on screen, ticked or not."""
    boxes = (option for name in listing_choice.NAMED for option in answers.offered.get(name, ()))
    return [Lookup.classified(listing_choice.classified_of(option)) for option in boxes]

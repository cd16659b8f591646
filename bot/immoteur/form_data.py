"""What `/report-issue` knows of the links and ids in its form.

A form waits for its look-ups no longer than a budget: what comes later is there for the next form,
and for the worker.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import Report
from blocks.issue import links, listing_choice
from blocks.issue.listing import Findings, Listing
from blocks.issue.state import IssueMetadata
from blocks.words import Words
from bot.clock import Clock
from bot.immoteur.listing_cache import ListingCache, Lookup
from bot.immoteur.lookup_api import LookupFailure
from storage import cache
from storage.store import Store

BUDGET = 2.5
"""Seconds that a form waits for its look-ups, all together."""
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
        """With the ids of the listings that memory knows; the others are looked up from now on."""
        del user, metadata
        for one in _wanted(answers):
            self._listings.begin(one)
        return self._filled(answers)

    def context(self, user: str, metadata: IssueMetadata, answers: Answers) -> Findings:
        """At once, from memory."""
        del metadata
        listings: dict[str, Listing] = {}
        troubles: dict[str, str] = {}
        siblings: dict[str, tuple[Listing, ...]] = {}
        wanted = _wanted(answers)
        for one in (*wanted, *(Lookup.classified(each) for each in _offered(answers))):
            match self._listings.get_cached(one):
                case Listing() as listing:
                    listings[listing.classified_id] = listing
                case tuple() as several:
                    siblings[one.name] = several
                    listings |= {each.classified_id: each for each in several}
                case LookupFailure(why):
                    troubles[one.typed] = why
        looking = any(self._listings.is_pending(one) for one in wanted)
        return Findings(looking, listings, troubles, siblings, self._last_kinds.get(user))

    async def refresh(
        self, user: str, metadata: IssueMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Look everything up side by side, within the budget; what is found takes the place of its
        link, and stands for the classifieds whose property nobody named.
        """
        del user, metadata
        ends = self._clock.time() + BUDGET
        wanted = _wanted(answers)
        await self._listings.wait_for(wanted, ends=ends)
        # Only now it may be known whose classifieds a split chooses from.
        homes = [one for one in _wanted(self._filled(answers)) if one.kind == "home"]
        await self._listings.wait_for(homes, ends=ends)
        return self._filled if wanted else None

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
        del metadata
        kind = str(report.body()["issueKind"])
        if self._last_kinds.get(user) == kind:
            return None
        self._last_kinds[user] = kind
        return self._store.run(cache.remember_habit, user, LAST_KIND, kind)

    async def resolve(
        self, found_links: Sequence[str], classified_ids: Sequence[str]
    ) -> Mapping[str, Listing | LookupFailure]:
        """For the worker: each link and classified looked up, waited for as long as it takes.

        :returns: by the link as typed, or the id
        """
        wanted = [Lookup.link(one) for one in found_links]
        wanted += [Lookup.classified(one) for one in classified_ids]
        found = await asyncio.gather(*(self._listings.get(one, again=True) for one in wanted))
        return {
            one.typed: each
            if isinstance(each, (Listing, LookupFailure))
            else LookupFailure("broken")
            for one, each in zip(wanted, found, strict=True)
        }

    def _filled(self, answers: Answers) -> Answers:
        """What is at hand takes the place of the links that stand for it."""
        properties, classifieds = listing_choice.named(answers)
        if not (properties.links or classifieds.links or classifieds.ids):
            return answers
        homes, named = list(properties.ids), list(classifieds.ids)
        behind = {
            link: listing
            for link in (*properties.links, *classifieds.links)
            if isinstance(listing := self._listings.get_cached(Lookup.link(link)), Listing)
        }
        named += [one.classified_id for one in behind.values()]
        if not (homes and listing_choice.splitting(answers)):
            # What a listing is split from is the property that was named, not its own.
            homes += [one.property_id for one in behind.values()]
        if not homes and not self._classifieds_alone:
            known = [self._listings.get_cached(Lookup.classified(one)) for one in named]
            homes = [one.property_id for one in known if isinstance(one, Listing)]
            if len(homes) < len(known):
                homes = []  # the worker asks for all of them
        return listing_choice.filled(answers, homes, named, without=behind)


def _wanted(answers: Answers) -> list[Lookup]:
    """What a form looks up: its links and classifieds, and what a split chooses from."""
    properties, classifieds = listing_choice.named(answers)
    in_fields = [*properties.links, *classifieds.links]
    wanted = [Lookup.link(one) for one in in_fields if links.fault(one) is None][: links.MOST]
    wanted += [Lookup.classified(one) for one in classifieds.ids[: links.MOST]]
    if listing_choice.splitting(answers) and len(properties.ids) == 1:
        wanted.append(Lookup.home(properties.ids[0]))
    return wanted


def _offered(answers: Answers) -> list[str]:
    """The classified ids of the boxes on screen, ticked or not."""
    boxes = (option for name in listing_choice.TAKEN for option in answers.offered.get(name, ()))
    return [listing_choice.classified_of(option) for option in boxes]

"""What `/report-issue` shows about the links and ids in its form.

A form waits for its look-ups for `BUDGET` seconds at most. Results that come later are used by the
next form, and by the worker that sends the report.
"""

from collections.abc import Callable

from blocks.answers import Answers
from blocks.issue.listing import LookupResults
from blocks.issue.state import IssueMetadata
from bot.form_data import NoSearchedFields
from bot.immoteur.form_lookups import filled, lookups_of, results_for, siblings_of
from bot.immoteur.last_kinds import LastKinds
from bot.immoteur.listing_cache import ListingCache
from storage.store import Store

BUDGET = 2.5
"""Seconds that a form waits for all its look-ups together."""


class Lookups(NoSearchedFields):
    """:param classifieds_alone: whether classifieds are sent without their property"""

    def __init__(
        self, listings: ListingCache, store: Store, *, classifieds_alone: bool = False
    ) -> None:
        self.listings, self._last_kinds = listings, LastKinds(store)
        self._classifieds_alone = classifieds_alone
        self.on_stored = self._last_kinds.on_stored

    async def load(self) -> None:
        """Read from the file what people reported last."""
        await self._last_kinds.load()

    def prefill(self, user: str, metadata: IssueMetadata, answers: Answers) -> Answers:
        """Replace links by the ids of the listings that memory holds, and look up the others."""
        del user, metadata
        for lookup in lookups_of(answers):
            self.listings.begin(lookup)
        return self._filled(answers)

    def context(self, user: str, metadata: IssueMetadata, answers: Answers) -> LookupResults:
        """The results that memory holds. No request is made."""
        del metadata
        return results_for(answers, self.listings, self._last_kinds.of(user))

    async def refresh(
        self, user: str, metadata: IssueMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Look everything up side by side, within the budget. A listing's ids then replace its
        link, and the property is added of classifieds whose property nobody named.
        """
        del user, metadata
        ends = self.listings.deadline(BUDGET)
        lookups = lookups_of(answers)
        await self.listings.wait_for(lookups, ends=ends)
        # The property whose classifieds a split chooses from may be known only now.
        await self.listings.wait_for(siblings_of(self._filled(answers)), ends=ends)
        return self._filled if lookups else None

    def _filled(self, answers: Answers) -> Answers:
        return filled(answers, self.listings, classifieds_alone=self._classifieds_alone)

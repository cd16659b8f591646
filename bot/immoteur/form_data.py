"""What `/report-issue` shows about the links and ids in its form.

A form waits for its look-ups for `BUDGET` seconds at most. Results that come later are used by the
next form, and by the worker that sends the report.
"""

from collections.abc import Callable

from blocks.answers import Answers
from blocks.issue.listing import LookupResults
from blocks.issue.state import IssueMetadata
from bot.form_data import NoSearchedFields
from bot.immoteur.form_lookups import lookups_of, results_for
from bot.immoteur.last_kinds import LastKinds
from bot.immoteur.listing_cache import ListingCache
from storage.store import Store

BUDGET = 2.5
"""Seconds that a form waits for all its look-ups together."""


class Lookups(NoSearchedFields):
    """:param classifieds_alone: whether classifieds are sent without their property
    :param takes_photos: whether photos can be added in the form
    """

    def __init__(
        self,
        listings: ListingCache,
        store: Store,
        *,
        classifieds_alone: bool = False,
        takes_photos: bool = False,
    ) -> None:
        self.listings, self._last_kinds = listings, LastKinds(store)
        self._classifieds_alone, self._takes_photos = classifieds_alone, takes_photos
        self.on_stored = self._last_kinds.on_stored

    async def load(self) -> None:
        """Read from the file what people reported last."""
        await self._last_kinds.load()

    def begin(self, user: str, metadata: IssueMetadata, answers: Answers) -> None:
        """Begin to look up the targets in the form."""
        del user, metadata
        for lookup in lookups_of(answers, self.listings):
            self.listings.begin(lookup)

    def context(self, user: str, metadata: IssueMetadata, answers: Answers) -> LookupResults:
        """The results that memory holds. No request is made."""
        del metadata
        return results_for(
            answers,
            self.listings,
            self._last_kinds.of(user),
            classifieds_alone=self._classifieds_alone,
            takes_photos=self._takes_photos,
        )

    async def refresh(
        self, user: str, metadata: IssueMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Look everything up side by side, within the budget."""
        del user, metadata
        ends = self.listings.deadline(BUDGET)
        await self.listings.wait_for(lookups_of(answers, self.listings), ends=ends)
        # The type of an id, and the property of a split's choice, may be looked up only now.
        lookups = lookups_of(answers, self.listings)
        await self.listings.wait_for(lookups, ends=ends)
        return _as_typed if lookups else None

    async def before_read(self, user: str, metadata: IssueMetadata, answers: Answers) -> None:
        """Load the results that the form showed and that memory has no more, from the file.

        A form that showed none is read as the person saw it, without a query.
        """
        del user
        if metadata.state.shows_results:
            await self.listings.load(lookups_of(answers, self.listings))


def _as_typed(answers: Answers) -> Answers:
    return answers

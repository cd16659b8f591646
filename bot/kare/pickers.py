"""The searchable lists of `/anomaly`: what can be searched, and the options of each field."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.anomaly.options import OPTIONS_LIMIT, Choice, option
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.words import Words
from bot.kare.catalogue import LIST_OF_FIELD, Catalogue
from bot.kare.recents import INSTALLATION, REPORT, SITE, Recents
from storage.store import Store


class Pickers:
    """Everything is answered from memory. KARE is asked in the background."""

    def __init__(self, catalogue: Catalogue, store: Store, kind: str) -> None:
        """:param kind: whose reports say which numbers were used last"""
        self._catalogue, self._recents = catalogue, Recents(store, kind)

    async def fetch(self) -> None:
        """Load the rows that any process has stored since then."""
        await self._recents.catch_up()
        await self._catalogue.load()

    def want(self) -> None:
        """Ask KARE for the lists that are missing."""
        self._catalogue.want()

    def searchable(self) -> frozenset[str]:
        """The fields whose list can be searched."""
        return frozenset(LIST_OF_FIELD.keys() - self.why_not().keys())

    def why_not(self) -> Mapping[str, str]:
        """Why fields cannot be searched, as keys of the words' `catalogue.why`; nothing for the
        fields that can.
        """
        reasons = {field: self._catalogue.why_not(name) for field, name in LIST_OF_FIELD.items()}
        return {field: why for field, why in reasons.items() if why is not None}

    def chosen(self, answers: Answers) -> Mapping[str, Choice]:
        """The options of the numbers that the fields hold, where the lists have them."""
        index = self._catalogue.index
        at_site = index.at_site(_number(answers.text(SITE)))
        indexes = {SITE: index.sites, INSTALLATION: at_site, REPORT: index.visits}
        return {
            name: choice
            for name, search_index in indexes.items()
            if (number := _number(answers.text(name))) is not None
            and (choice := search_index.get(number)) is not None
        }

    def has_no_installations(self, site: str) -> bool:
        """Whether a site was chosen where the lists have no installation."""
        number = _number(site)
        return number is not None and not self._catalogue.index.at_site(number)

    def may_have(self, site: str, installation: str) -> bool:
        """Whether an installation is at a site; True when the lists do not have the site."""
        site_number, number = _number(site), _number(installation)
        index = self._catalogue.index
        if site_number is None or number is None or not index.knows(site_number):
            return True
        return index.at_site(site_number).get(number) is not None

    def sites_of(self, report: str) -> Sequence[int]:
        """The sites of a report's visit, as far as the lists have them."""
        return self._catalogue.index.sites_of(_number(report))

    def sites_elsewhere(self, report: str, site: str) -> tuple[Choice, ...]:
        """The sites of a report, when a chosen site is not among them."""
        sites, number = self.sites_of(report), _number(site)
        if number is None or number in sites:
            return ()
        listed = self._catalogue.index.sites
        return tuple(listed.get(other) or Choice(other) for other in sites)

    def name_of(self, field: str, text: str) -> Choice | None:
        """The option of a number; one without a name where the list does not have it."""
        number, index = _number(text), self._catalogue.index
        if number is None:
            return None
        listed = index.sites if field == SITE else index.visits
        return listed.get(number) or Choice(number)

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: AnomalyMetadata
    ) -> Sequence[dict[str, Any]]:
        """The options of a field for the text in it, 100 at most."""
        index, site = self._catalogue.index, _number(metadata.state.site)
        if name == SITE:
            choices = index.sites.search(query, self._first_sites(user, metadata))
        elif name == INSTALLATION:
            recent = self._recents.of(user, INSTALLATION)
            choices = index.at_site(site).search(query, recent)
        else:
            choices = self._reports(query, site, metadata.origin.channel)
        if not any(choice.listed for choice in choices):
            self._catalogue.want(old_too=True)
        return [option(words, choice) for choice in choices]

    def _first_sites(self, user: str, metadata: AnomalyMetadata) -> Sequence[int]:
        """The sites of the chosen report go before those that the person used last."""
        return [*self.sites_of(metadata.state.report), *self._recents.of(user, SITE)]

    def _reports(self, query: str, site: int | None, channel: str) -> list[Choice]:
        """Once a site is chosen, reports of other sites are found by a search only."""
        visits, here = self._catalogue.index.visits, self._catalogue.index.visits_at(site)
        used = self._recents.of(channel, REPORT)
        if not here:
            return visits.search(query, used)
        first = [*(number for number in used if number in here), *here]
        if query.strip():
            return visits.search(query, first)
        listed = (visits.get(number) for number in dict.fromkeys(first))
        return [choice for choice in listed if choice][:OPTIONS_LIMIT]


def _number(text: str) -> int | None:
    """The number that a field holds as text; None when a list cannot hold it."""
    try:
        return int(text) if text and len(text) <= 17 else None
    except ValueError:
        return None

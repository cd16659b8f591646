"""What is known to the form of `/anomaly`: lists to search, a draft, and what was used last."""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from blocks.anomaly.context import Known, Offer
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import Anomaly
from blocks.anomaly.options import Choice, option
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import Report
from blocks.words import Words
from bot.clock import Clock
from bot.kare.catalogue import Catalogue
from bot.kare.drafts import Drafts
from bot.kare.paging import Asks
from bot.kare.recents import INSTALLATION, REPORT, SITE, Recents
from bot.kare.search_index import SearchIndex
from storage.catalogue import Name
from storage.database import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

LISTS: dict[str, Name] = {SITE: "sites", INSTALLATION: "installations", REPORT: "visits"}


class AnomalyFormData:
    def __init__(
        self, form: AnomalyForm, catalogue: Catalogue, drafts: Drafts, recents: Recents
    ) -> None:
        self.form, self.catalogue, self.drafts = form, catalogue, drafts
        self.recents = recents

    @classmethod
    def of(cls, form: AnomalyForm, kare: Asks, store: Store, clock: Clock) -> "AnomalyFormData":
        return cls(
            form, Catalogue(kare, store, clock), Drafts(store, clock), Recents(store, "anomaly")
        )

    async def load(self) -> None:
        """What earlier runs left."""
        await self.catalogue.load()
        await self.drafts.load()
        await self.recents.catch_up()

    def prefill(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> Answers:
        del user, metadata
        return answers

    def context(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> Known:
        why_not = {name: self.catalogue.why_not(rows) for name, rows in LISTS.items()}
        site = _number(answers.text(SITE))
        here = self.catalogue.index.at_site(site)
        draft = self._draft(metadata, answers)
        return Known(
            searchable=frozenset(name for name, why in why_not.items() if why is None),
            why_not={name: why for name, why in why_not.items() if why is not None},
            chosen=self._chosen(answers, here),
            none_here=site is not None and not here,
            finding=metadata.state.finding,
            draft=draft,
            lost=metadata.state.gathered and not draft,
            offer=None if draft or metadata.edits else self._offer(user, metadata),
        )

    async def refresh(
        self, user: str, metadata: AnomalyMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """What other processes changed; KARE is asked behind this, and not waited for."""
        self.catalogue.want()
        before = self.context(user, metadata, answers)
        try:
            brought = self.form.brought(answers)
            if brought and self.drafts.of(metadata.key) is None:
                await self.put(user, metadata, answers, brought)
            await self.recents.catch_up()
            await self.catalogue.load()
            await self.drafts.fetch(user)
        except StorageError:
            log.exception("what is known for %s could not be read", user)
            return None
        after = self.context(user, metadata, answers)
        if (before.draft, before.offer) == (after.draft, after.offer):
            return None
        return lambda answers: answers

    async def before_read(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> None:
        """Another process may have filled or filed the draft: the database has it as it is."""
        if metadata.state.gathered:
            await self.refresh(user, metadata, answers)

    def on_stored(
        self, user: str, metadata: AnomalyMetadata, report: Report
    ) -> Coroutine[Any, Any, object]:
        del metadata, report
        return self.drafts.fetch(user)

    async def put(
        self,
        user: str,
        metadata: AnomalyMetadata,
        answers: Answers,
        findings: Mapping[int, Anomaly],
    ) -> bool:
        """Into the form's draft, with what all have in common.

        :returns: False when the form was sent meanwhile: nothing was stored then
        """
        return await self.drafts.put(
            metadata.key,
            {number: one.body() for number, one in findings.items()},
            who=user,
            channel=metadata.origin.channel,
            head={name: answers.text(name) for name in (REPORT, SITE)},
            edits=metadata.edits.number if metadata.edits else None,
        )

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: AnomalyMetadata
    ) -> Sequence[Block]:
        return [option(words, choice) for choice in self.search(name, query, user, metadata)]

    def search(
        self, name: str, query: str, user: str, metadata: AnomalyMetadata
    ) -> Sequence[Choice]:
        """What a field's list offers, from memory."""
        search_index, first = self._search_index(name, user, metadata)
        found = search_index.search(query, first)
        if not any(one.listed for one in found):
            self.catalogue.want(old_too=True)
        return found

    def stays(self, site: str, installation: str) -> bool:
        """Whether an installation is at a site too, as far as the lists know the site."""
        here, number = _number(site), _number(installation)
        if here is None or number is None or not self.catalogue.index.knows(here):
            return True
        return self.catalogue.index.at_site(here).get(number) is not None

    def _search_index(
        self, name: str, user: str, metadata: AnomalyMetadata
    ) -> tuple[SearchIndex, Sequence[int]]:
        """What to search in, and what to offer first."""
        index, site = self.catalogue.index, _number(metadata.state.site)
        if name == SITE:
            return index.sites, self.recents.of(user, SITE)
        if name == INSTALLATION:
            return index.at_site(site), self.recents.of(user, INSTALLATION)
        used = self.recents.of(metadata.origin.channel, REPORT)
        return index.visits, [*used, *index.visits_at(site)]

    def _chosen(self, answers: Answers, here: SearchIndex) -> dict[str, Choice]:
        index = self.catalogue.index
        indexes = {SITE: index.sites, INSTALLATION: here, REPORT: index.visits}
        return {
            name: choice
            for name, search_index in indexes.items()
            if (number := _number(answers.text(name))) is not None
            and (choice := search_index.get(number)) is not None
        }

    def _draft(self, metadata: AnomalyMetadata, answers: Answers) -> Mapping[int, Anomaly]:
        if draft := self.drafts.of(metadata.key):
            return {n: Anomaly.model_validate(one) for n, one in draft.findings.items()}
        return self.form.brought(answers)

    def _offer(self, user: str, metadata: AnomalyMetadata) -> Offer | None:
        channel = metadata.origin.channel
        if (draft := self.drafts.unsent(user, channel)) is None:
            return None
        return Offer(
            key=draft.key,
            findings=len(draft.findings),
            report=str(draft.head.get(REPORT, "")),
            changed_at=draft.changed_at,
            elsewhere=draft.channel if draft.channel != channel else None,
        )


def _number(text: Any) -> int | None:
    """A number that a list may hold. Slack gives it as text."""
    try:
        return int(text) if text and len(text) <= 17 else None
    except ValueError:
        return None

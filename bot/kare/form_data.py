"""What is known to the form of `/anomaly`: lists to search, a draft, and what was used last."""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from blocks.anomaly.context import Known, Offer
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import Anomaly
from blocks.anomaly.options import Choice
from blocks.form import Answers, FormMetadata, Report
from bot.kare.catalogue import Catalogue
from bot.kare.drafts import Drafts
from bot.kare.recents import INSTALLATION, REPORT, SITE, Recents
from bot.kare.search_index import SearchIndex
from storage.catalogue import Name
from storage.database import StorageError

log = logging.getLogger(__name__)

LISTS: dict[str, Name] = {SITE: "sites", INSTALLATION: "installations", REPORT: "visits"}


class AnomalyFormData:
    def __init__(
        self, form: AnomalyForm, catalogue: Catalogue, drafts: Drafts, recents: Recents
    ) -> None:
        self.form, self.catalogue, self.drafts = form, catalogue, drafts
        self.recents = recents

    async def load(self) -> None:
        """What earlier runs left."""
        await self.catalogue.load()
        await self.drafts.load()
        await self.recents.catch_up()

    def ready(self, user: str, metadata: FormMetadata, answers: Answers) -> Answers:
        del user, metadata
        return answers

    def known(self, user: str, metadata: FormMetadata, answers: Answers) -> Known:
        why_not = {name: self.catalogue.why_not(rows) for name, rows in LISTS.items()}
        site = _number(answers.text(SITE))
        here = self.catalogue.index.at_site(site)
        draft = self._draft(metadata, answers)
        return Known(
            searchable=frozenset(name for name, why in why_not.items() if why is None),
            why_not={name: why for name, why in why_not.items() if why is not None},
            chosen=self._chosen(answers, here),
            none_here=site is not None and not here,
            finding=metadata.finding,
            draft=draft,
            lost=metadata.gathered and not draft,
            offer=None if draft or metadata.edits else self._offer(user, metadata),
        )

    async def look(
        self, user: str, metadata: FormMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """What other processes changed; KARE is asked behind this, and not waited for."""
        self.catalogue.want()
        before = self.known(user, metadata, answers)
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
        after = self.known(user, metadata, answers)
        if (before.draft, before.offer) == (after.draft, after.offer):
            return None
        return lambda answers: answers

    def sent(
        self, user: str, metadata: FormMetadata, report: Report
    ) -> Coroutine[Any, Any, object]:
        del metadata, report
        return self.drafts.fetch(user)

    async def put(
        self, user: str, metadata: FormMetadata, answers: Answers, findings: Mapping[int, Anomaly]
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

    def search(self, name: str, query: str, user: str, metadata: FormMetadata) -> Sequence[Choice]:
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
        self, name: str, user: str, metadata: FormMetadata
    ) -> tuple[SearchIndex, Sequence[int]]:
        """What to search in, and what to offer first."""
        index, site = self.catalogue.index, _number(metadata.site)
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

    def _draft(self, metadata: FormMetadata, answers: Answers) -> Mapping[int, Anomaly]:
        if draft := self.drafts.of(metadata.key):
            return {n: Anomaly.model_validate(one) for n, one in draft.findings.items()}
        return self.form.brought(answers)

    def _offer(self, user: str, metadata: FormMetadata) -> Offer | None:
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

"""The values in the form of `/anomaly` that nobody typed: its lists, and the draft."""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from blocks.anomaly.context import AnomalyContext, DraftOffer
from blocks.anomaly.state import AnomalyMetadata, with_head
from blocks.answers import Answers
from blocks.form import Report
from blocks.words import Words
from bot.kare.drafts import DraftAnomaly, Drafts, unfinished_words
from bot.kare.pickers import Pickers
from storage.engine import StorageError

log = logging.getLogger(__name__)


class AnomalyFormData:
    def __init__(self, pickers: Pickers, drafts: Drafts, *, takes_photos: bool = False) -> None:
        """:param takes_photos: whether photos can be added in the form"""
        self._pickers, self._drafts, self._takes_photos = pickers, drafts, takes_photos

    async def load(self) -> None:
        """Load what earlier runs stored."""
        await self._pickers.fetch()
        await self._drafts.load()

    def begin(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> None:
        """KARE's lists are kept fresh without it."""
        del user, metadata, answers

    def prefill(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> Answers:
        self._drafts.begin(user, metadata, answers)
        return self._with_site(with_head(metadata, answers))

    def context(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> AnomalyContext:
        draft = self._drafts.anomalies(user, metadata)
        added = self._drafts.added_from(user, metadata)
        number = self._drafts.edited_number(user, metadata, answers)
        report, site = answers.text("reportId"), answers.text("siteId")
        on_screen = frozenset(metadata.state.searched) if answers.blocks else None
        return AnomalyContext(
            searchable=self._pickers.searchable() if on_screen is None else on_screen,
            why_not=self._pickers.why_not(),
            chosen=self._pickers.chosen(answers),
            no_installations=self._pickers.has_no_installations(site),
            report_sites=self._pickers.sites_elsewhere(report, site),
            draft=draft,
            # An anomaly that was stored from these fields is not edited by them any more. The form
            # was not drawn again since, and the fields may hold the next anomaly by now.
            anomaly_number=None if number in added else number,
            added=added,
            lost=metadata.state.has_draft and not draft,
            offer=None if draft or metadata.edits else self._offer(user, metadata),
            is_copy=metadata.state.is_copy,
            takes_photos=self._takes_photos,
            photos=self._drafts.photos(user, metadata),
            keeps_what_is_typed=metadata.edits is None,
        )

    async def refresh(
        self, user: str, metadata: AnomalyMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Load what other processes stored. KARE is asked in the background."""
        del metadata, answers
        self._pickers.want()
        try:
            await self._pickers.fetch()
            await self._drafts.fetch(user)
        except StorageError:
            log.exception("drafts and lists could not be read", extra={"user": user})
            return None
        # The form is drawn again only where that changes its blocks.
        return self._with_site

    async def before_read(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> None:
        """Load the person's drafts. A draft can exist although the form on screen shows none: the
        form was not drawn again since its first anomaly was added.
        """
        del metadata, answers
        try:
            await self._drafts.fetch(user)
        except StorageError:
            log.exception("drafts could not be read", extra={"user": user})

    def draft(self, user: str, metadata: AnomalyMetadata) -> Mapping[int, DraftAnomaly]:
        draft = self._drafts.of(user, metadata.key)
        return draft.anomalies if draft else {}

    def on_stored(
        self, user: str, metadata: AnomalyMetadata, report: Report
    ) -> Coroutine[Any, Any, object]:
        del metadata, report
        return self._drafts.fetch(user)

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: AnomalyMetadata
    ) -> Sequence[dict[str, Any]]:
        return self._pickers.options(words, name, query, user, metadata)

    def site_chosen(
        self, metadata: AnomalyMetadata, answers: Answers
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form for the site that the person chose."""
        return metadata.with_state(chose_site=True), self.fitted(answers)

    def report_chosen(
        self, metadata: AnomalyMetadata, answers: Answers
    ) -> tuple[AnomalyMetadata, Answers]:
        """The form for the report that the person chose, with the report's site.

        A site that the person chose stays, and so does the site of a draft: the form warns then.
        """
        sites = self._pickers.sites_of(answers.text("reportId"))
        stays = metadata.state.chose_site or metadata.state.has_draft
        if not stays and sites and answers.text("siteId") not in map(str, sites):
            answers = answers.changed({"siteId": str(sites[0]) if len(sites) == 1 else None})
        return metadata, self.fitted(answers)

    def fitted(self, answers: Answers) -> Answers:
        """The answers without the installation, if the chosen site does not have it."""
        installation = "technicalInstallationId"
        if self._pickers.may_have(answers.text("siteId"), answers.text(installation)):
            return answers
        return answers.changed({installation: None})

    def _with_site(self, answers: Answers) -> Answers:
        """The answers with the report's site where no site is given."""
        sites = self._pickers.sites_of(answers.text("reportId"))
        if answers.text("siteId") or len(sites) != 1:
            return answers
        return answers.changed({"siteId": str(sites[0])})

    def _offer(self, user: str, metadata: AnomalyMetadata) -> DraftOffer | None:
        draft = self._drafts.unsent(user, metadata)
        if draft is None:
            return None
        channel = metadata.origin.channel
        return DraftOffer(
            key=draft.key,
            anomalies=len(draft.anomalies),
            site=self._pickers.name_of("siteId", str(draft.head.get("siteId", ""))),
            report=self._pickers.name_of("reportId", str(draft.head.get("reportId", ""))),
            changed_at=draft.changed_at,
            elsewhere=draft.channel if draft.channel != channel else None,
            unfinished=unfinished_words(draft),
        )

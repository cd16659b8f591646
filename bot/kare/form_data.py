"""What the form of `/anomaly` shows that nobody typed: its lists, and the draft."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.form import Report
from blocks.words import Words
from bot.kare.drafts import Drafts
from bot.kare.pickers import Pickers
from storage.database import StorageError

log = logging.getLogger(__name__)


class AnomalyFormData:
    def __init__(self, pickers: Pickers, drafts: Drafts) -> None:
        self._pickers, self._drafts = pickers, drafts

    async def load(self) -> None:
        """Load what earlier runs stored."""
        await self._pickers.fetch()
        await self._drafts.load()

    def prefill(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> Answers:
        self._drafts.begin(user, metadata, answers)
        return answers

    def context(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> AnomalyContext:
        draft = self._drafts.anomalies(user, metadata)
        added = self._drafts.added_from(user, metadata)
        number = self._drafts.edited_number(user, metadata, answers)
        return AnomalyContext(
            searchable=self._pickers.searchable(),
            why_not=self._pickers.why_not(),
            chosen=self._pickers.chosen(answers),
            no_installations=self._pickers.has_no_installations(answers.text("siteId")),
            draft=draft,
            # An anomaly that was stored from these fields is not edited by them any more. The form
            # was not drawn again since, and the fields may hold the next anomaly by now.
            anomaly_number=None if number in added else number,
            added=added,
            lost=metadata.state.has_draft and not draft,
            offer=None if draft or metadata.edits else self._drafts.offer(user, metadata),
        )

    async def refresh(
        self, user: str, metadata: AnomalyMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Load what other processes stored. KARE is asked in the background."""
        self._pickers.want()
        before = self.context(user, metadata, answers)
        try:
            await self._pickers.fetch()
            await self._drafts.fetch(user)
        except StorageError:
            log.exception("the drafts and lists for %s could not be read", user)
            return None
        after = self.context(user, metadata, answers)
        if (before.draft, before.offer) == (after.draft, after.offer):
            return None
        return lambda answers: answers

    async def before_read(self, user: str, metadata: AnomalyMetadata, answers: Answers) -> None:
        """Load the person's drafts. A draft can exist although the form on screen shows none: the
        form was not drawn again since its first anomaly was added.
        """
        del metadata, answers
        try:
            await self._drafts.fetch(user)
        except StorageError:
            log.exception("the drafts of %s could not be read", user)

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
        """The form without the installation, if the chosen site does not have it."""
        installation = "technicalInstallationId"
        if not self._pickers.may_have(answers.text("siteId"), answers.text(installation)):
            answers = answers.changed({installation: None})
        return metadata, answers

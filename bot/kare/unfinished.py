"""Stores the values of the form of `/anomaly` while a person types them.

Slack sends no values when a form is closed, and nothing at all when Slack itself is closed. So each
change of a field is stored, and the next form offers the unfinished anomaly.
"""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from blocks.anomaly.fields import ANOMALY_FIELDS
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.state import AnomalyMetadata, with_head
from blocks.answers import Answers
from bot.clock import Clock
from bot.kare.drafts import Drafts
from bot.slack.payloads import OpenForm

PAUSE = 0.5
"""Seconds between two writes of one form: a person types several characters in that time."""


@dataclass(frozen=True)
class Typed:
    """The fields of a form after a change."""

    user: str
    metadata: AnomalyMetadata
    answers: Answers
    at: float
    """The action_ts of the change."""


class Unfinished:
    def __init__(self, form: AnomalyForm, drafts: Drafts, clock: Clock) -> None:
        self._form, self._drafts, self._clock = form, drafts, clock
        self._newest: dict[str, Typed] = {}
        """The values to be stored next, by the key of the form."""
        self._storing: set[str] = set()
        """The keys of the forms whose changes are being stored."""

    def changed(self, form: OpenForm[Any]) -> Coroutine[Any, Any, None] | None:
        """Remember the fields of a form.

        :returns: work that stores them; None when earlier work goes on to do it, or when the form
            edits a stored report, which stays as it is until the edit is sent
        """
        metadata = form.metadata
        if form.action is None or metadata.edits:
            return None
        key = metadata.key
        before = self._newest.get(key)
        if before is None or before.at <= form.action.at:
            answers = with_head(metadata, form.answers)
            self._newest[key] = Typed(form.user, metadata, answers, form.action.at)
        if key in self._storing:
            return None
        self._storing.add(key)
        return self._store(key)

    async def _store(self, key: str) -> None:
        """:raises StorageError: when it could not be stored; the next change tries again"""
        try:
            while typed := self._newest.pop(key, None):
                await self._keep(typed)
                await self._clock.sleep(PAUSE)
        finally:
            self._storing.discard(key)

    async def _keep(self, typed: Typed) -> None:
        answers = typed.answers
        values = {name: answers.values.get(name) for name in sorted(ANOMALY_FIELDS)}
        blank = self._form.is_blank(answers)
        await self._drafts.keep(
            typed.user, typed.metadata, answers, values=None if blank else values, at=typed.at
        )

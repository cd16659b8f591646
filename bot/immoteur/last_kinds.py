"""The kind of issue that each person reported last. Their next form offers it first."""

from collections.abc import Coroutine
from typing import Any

from blocks.form import Report
from blocks.issue.state import IssueMetadata
from storage import cache
from storage.store import Store

HABIT = "issueKind"


class LastKinds:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._kinds: dict[str, str] = {}

    async def load(self) -> None:
        self._kinds = dict(await self._store.read(cache.habits, HABIT))

    def of(self, user: str) -> str | None:
        return self._kinds.get(user)

    def on_stored(
        self, user: str, metadata: IssueMetadata, report: Report
    ) -> Coroutine[Any, Any, object] | None:
        """As `bot.form_data.FormData`."""
        del metadata
        kind = str(report.body()["issueKind"])
        if self._kinds.get(user) == kind:
            return None
        self._kinds[user] = kind
        return self._store.write(cache.remember_habit, user, HABIT, kind)

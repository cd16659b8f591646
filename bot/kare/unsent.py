"""A person's unsent drafts outside of the form: each in a line."""

from collections.abc import Sequence

from blocks.anomaly import headline
from blocks.home.model import Draft
from blocks.words import Words
from bot.kare.drafts import Drafts


class Unsent:
    def __init__(self, drafts: Drafts, kind: str) -> None:
        self._drafts, self._kind = drafts, kind

    async def of(self, words: Words, user: str) -> Sequence[Draft]:
        """:raises StorageError: when the database cannot be read"""
        return [
            Draft(
                self._kind,
                draft.key,
                _title(words, [anomaly.body for anomaly in draft.anomalies.values()]),
                draft.changed_at,
            )
            for draft in await self._drafts.all_unsent(user)
        ]


def _title(words: Words, anomalies: Sequence[object]) -> str:
    """The name that a report with the draft's anomalies would have; else the kind's name."""
    title = headline.title(words, {"anomalies": anomalies}, {})
    return title.line(words) if title else words("anomaly.short")

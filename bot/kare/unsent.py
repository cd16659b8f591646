"""A person's unsent drafts outside of the form: each in a line."""

from collections.abc import Sequence

from blocks.anomaly import headline
from blocks.home.model import Draft
from blocks.words import Words
from bot.kare.drafts import Drafts, unfinished_words
from storage.drafts import Draft as StoredDraft


class Unsent:
    def __init__(self, drafts: Drafts, kind: str) -> None:
        self._drafts, self._kind = drafts, kind

    async def of(self, words: Words, user: str) -> Sequence[Draft]:
        """:raises StorageError: when the database cannot be read"""
        return [
            Draft(
                self._kind,
                draft.key,
                _title(words, draft),
                draft.changed_at,
            )
            for draft in await self._drafts.all_unsent(user)
        ]


def _title(words: Words, draft: StoredDraft) -> str:
    """The name that a report with the draft's anomalies would have; else the words of the anomaly
    that is being typed; else the kind's name.
    """
    anomalies = [anomaly.body for anomaly in draft.anomalies.values()]
    if title := headline.title(words, {"anomalies": anomalies}, {}):
        return title.line(words)
    return unfinished_words(draft) or words("anomaly.short")

"""Parts of a kind of report: unsent drafts and previews of posted links, which it may lack, and the
text by which its reports are searched.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from blocks.form import Report
from blocks.home.model import Draft
from blocks.receipt_facts import Labels
from blocks.words import Words
from bot.texts import searchable

UnsentDrafts = Callable[[Words, str], Awaitable[Sequence[Draft]]]
"""The drafts of a person, by their Slack user id."""


async def no_drafts(words: Words, user: str) -> Sequence[Draft]:
    """The drafts of a kind whose forms keep nothing that was not sent."""
    del words, user
    return ()


def text_of(report: Report, labels: Labels) -> str:
    """The text by which a report is searched.

    :param labels: the names of the things in it
    """
    return searchable(report.body(), labels)


@dataclass(frozen=True)
class Preview:
    """The listing or other thing behind a posted link."""

    name: str
    """An id that two links to the same thing share."""
    targets: tuple[str, ...]
    """The targets of a report about it, by which earlier reports are found."""
    card: Callable[[Words], str]
    """Its description in the form of its kind, as plain text."""


class Previews(Protocol):
    async def look_up(self, link: str) -> Preview | None:
        """Look up a link that was only posted. Nothing is stored.

        :returns: None if the link leads to nothing that can be reported, or that is not known now
        """

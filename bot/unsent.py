"""What people gathered in forms and did not send, for lists of reports."""

from collections.abc import Awaitable, Callable, Sequence

from blocks.home.model import Draft
from blocks.words import Words

UnsentDrafts = Callable[[Words, str], Awaitable[Sequence[Draft]]]
"""The drafts of a person, by their Slack user id."""


async def no_drafts(words: Words, user: str) -> Sequence[Draft]:
    """The drafts of a kind whose forms keep nothing that was not sent."""
    del words, user
    return ()

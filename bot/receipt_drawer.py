"""All messages of a receipt, drawn once from the stored report, in the language of their reader."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from blocks import receipt as drawing
from blocks.place import is_direct
from blocks.receipt_view import Message, ReceiptView
from blocks.words import Words
from bot.kind import AnyKind
from bot.receipt_view import view_of
from bot.slack.users import Users
from storage.receipts import Receipt, Report

__all__ = ["Kinds", "Message", "Messages", "ReceiptDrawer"]

Kinds = Mapping[str, AnyKind]
"""By name."""


@dataclass(frozen=True)
class Messages:
    """The messages that Slack must show for a report."""

    own: tuple[Message, ...]
    """The receipt, and ever shorter ones in case that Slack finds it too long."""
    further: tuple[Message, ...]
    """The further messages, in order, with the items that have no room in it."""
    opener: Message
    emptied: Message
    """The text of a further message that is not needed any more."""


class ReceiptDrawer:
    def __init__(
        self, users: Users, kinds: Kinds, offered: Callable[[Report], Collection[str]]
    ) -> None:
        """:param offered: the actions that a person may take on a report now"""
        self._users, self._kinds, self._offered = users, kinds, offered

    def draw(self, report: Report, receipt: Receipt) -> Messages:
        """:raises KeyError: for a kind that is not among ours"""
        words = self._words(report, receipt)
        view = self._view(words, report, receipt)
        return Messages(
            own=_ever_shorter(words, view),
            further=tuple(drawing.further(words, view)),
            opener=self._opener(words, view, report, receipt),
            emptied=drawing.emptied(words, view),
        )

    def _words(self, report: Report, receipt: Receipt) -> Words:
        """A channel reads the workspace's language; a direct message its reader's."""
        if receipt.direct or is_direct(receipt.thread_channel):
            return self._users.words(report.who)
        return self._users.channel_words

    def _opener(self, words: Words, view: ReceiptView, report: Report, receipt: Receipt) -> Message:
        """It is in the channel, also when the receipt itself is sent to the person.

        :param words: of the receipt, in whose language the view is
        """
        channel_words = self._users.channel_words
        if channel_words is not words:
            view = self._view(channel_words, report, receipt)
        return drawing.opener(channel_words, view)

    def _view(self, words: Words, report: Report, receipt: Receipt) -> ReceiptView:
        kind, allowed = self._kinds[report.kind], self._offered(report)
        return view_of(words, kind, report, receipt, allowed)


def _ever_shorter(words: Words, view: ReceiptView) -> tuple[Message, ...]:
    """The whole receipt; one without anybody's long words; and one without blocks."""
    cause = {name: fact for name, fact in view.cause.items() if name not in {"message", "fields"}}
    short = replace(view, cause=cause, summary=view.summary.shortened())
    shorter = drawing.draw(words, short)
    return drawing.draw(words, view), shorter, Message(shorter.text, [])

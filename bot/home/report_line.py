"""One report in a list, from its row: the same words as in its receipt."""

from blocks.home.model import Row
from blocks.words import Words
from bot.kind import AnyKind
from bot.receipt_view import row_of
from bot.slack.payloads import permalink
from storage.person_queries import Listed
from storage.states import ALLOWED, Action

_FOR_A_MOMENT = frozenset({Action.UNDO, Action.RESTORE})
"""Offered by a receipt for some seconds. A Home may be looked at much later."""
SLACK = "https://slack.com/"
"""Slack leads such an address to the workspace that the reader is in."""


def report_line(words: Words, kind: AnyKind, listed: Listed, base: str | None) -> Row:
    """:param base: the workspace's address, once Slack has named it"""
    report, place = listed.report, listed.place
    view = row_of(words, kind, report, ALLOWED[report.state] - _FOR_A_MOMENT)
    if place is None:
        return Row(view)
    return Row(view, permalink(base or SLACK, place.channel, place.ts, place.thread_ts))

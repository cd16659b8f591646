"""One report in a list, from its row: the same words as in its receipt."""

from dataclasses import replace
from functools import lru_cache

from blocks.home.model import Row
from blocks.home.rows import ROWS_KEPT
from blocks.words import Words
from bot.kind import AnyKind
from bot.receipt_view import row_of
from bot.slack.permalinks import permalink
from storage.person_queries import Listed
from storage.states import ALLOWED, Action

_FOR_A_MOMENT = frozenset({Action.UNDO, Action.RESTORE})
"""Offered by a receipt for some seconds. A Home may be looked at much later."""
KEPT_SIZE = 4000
"""Characters of a report at most whose line is kept: a long report would take much memory."""
SLACK = "https://slack.com/"
"""Slack leads such an address to the workspace that the reader is in."""


def report_line(words: Words, kind: AnyKind, listed: Listed, base: str | None) -> Row:
    """The lines of reports that were listed last are kept, because most reports in a list have not
    changed since it was shown before. Equal reports have the same line.

    :param base: the workspace's address, once Slack has named it
    """
    size = sum(len(value) for value in listed.content if isinstance(value, str))
    return (_kept if size <= KEPT_SIZE else _line)(words, kind, listed, base)


def _line(words: Words, kind: AnyKind, listed: Listed, base: str | None) -> Row:
    report, place = listed.report, listed.place
    view = row_of(words, kind, report, ALLOWED[report.state] - _FOR_A_MOMENT)
    view = replace(view, revision=listed.revision)
    if place is None:
        return Row(view)
    return Row(view, permalink(base or SLACK, place.channel, place.ts, place.thread_ts))


_kept = lru_cache(maxsize=ROWS_KEPT)(_line)

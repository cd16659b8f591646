"""The message of a week, made from the counts in the file."""

from datetime import date, datetime, timedelta
from statistics import median

from blocks import week as drawing
from blocks.receipt_view import Message
from blocks.week import Unsent, WeekView
from blocks.words import words
from bot.commands.people import People
from bot.commands.times import Span
from bot.commands.week_counts import count
from storage import week_queries
from storage.report_queries import Database, ReportRow


def message(db: Database, span: Span, language: str) -> Message:
    """Count a week, and draw its message. Call it in one transaction.

    :param span: from a Monday to the end of its Sunday
    :param language: of the channel
    """
    return drawing.draw(words(language), view(db, span))


def view(db: Database, span: Span) -> WeekView:
    """Count a week. Call it in one transaction.

    :param span: from a Monday to the end of its Sunday
    """
    people = People(db)
    week = count(db, span, people)
    monday = first_day(span)
    after = week.filed_after
    return WeekView(
        first=monday,
        last=monday + timedelta(days=6),
        total=week.total,
        counts={name: list(counts.items()) for name, counts in week.by.items()},
        filed_after=(median(after), after[-1]) if after else None,
        unsent=_unsent(db, week.oldest_unsent, people),
    )


def first_day(span: Span) -> date:
    """The Monday of a week, in the time zone of the machine."""
    return datetime.fromtimestamp(span.begin).astimezone().date()


def _unsent(db: Database, report: ReportRow | None, people: People) -> Unsent | None:
    if report is None:
        return None
    return Unsent(
        number=report.number,
        who=people.distinct_name(report.who),
        created_at=report.created_at,
        state=report.state,
        address=week_queries.address(db, report.number),
    )

"""The options of `constat log` that say which reports are listed."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from bot.commands.people import USER_ID, People
from bot.commands.subjects import SUBJECTS
from bot.commands.times import EXAMPLES, Span, SpanType
from bot.texts import text_search
from storage import report_queries
from storage.engine import Database
from storage.report_queries import ReportFilter
from storage.states import State

F = TypeVar("F", bound=Callable[..., Any])

STUCK_AFTER = 3600.0
"""Seconds after which a report that is still not sent counts as stuck."""
TIMES = f"Times are in the time zone of this machine. --since and --until take {EXAMPLES}."

_OPTIONS = (
    click.option("--since", type=SpanType(), help="Reports from this time on."),
    click.option("--until", type=SpanType(), help="Reports up to this time. A day counts whole."),
    click.option(
        "--state", "states", multiple=True,
        type=click.Choice([str(state) for state in State], case_sensitive=False),
        help="Reports in this state. Can be given several times.",
    ),
    click.option(
        "--kind", "kinds", multiple=True, metavar="KIND",
        help="Reports of this kind: report_issue or anomaly.",
    ),
    click.option("--who", metavar="NAME", help="Reports of people with this name or Slack id."),
    click.option(
        "--stuck", is_flag=True,
        help="Reports that need somebody: held, refused, unknown, or not sent for an hour.",
    ),
    click.option(
        "--text", metavar="WORDS", default="", help="Reports that contain all these words."
    ),
)  # fmt: skip


def filter_options(command: F) -> F:
    """The options that `filter_of` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filter_of(
    db: Database,
    people: People,
    *,
    since: Span | None,
    until: Span | None,
    states: Sequence[str],
    kinds: Sequence[str],
    who: str | None,
    stuck: bool,
    text: str,
) -> ReportFilter:
    """The reports that the options mean.

    :raises click.UsageError: when no report can be meant
    """
    if since and until and until.end < since.begin:
        raise click.UsageError("--until is before --since")
    _check_kinds(db, kinds)
    return ReportFilter(
        since=since.begin if since else None,
        until=until.end if until else None,
        states=states,
        kinds=kinds,
        people=_people(people, who) if who else None,
        stuck_since=time.time() - STUCK_AFTER if stuck else None,
        text=text_search(text),
    )


def _check_kinds(db: Database, kinds: Sequence[str]) -> None:
    there = {*SUBJECTS, *report_queries.kinds(db)}
    for kind in kinds:
        if kind not in there:
            known = ", ".join(sorted(there))
            raise click.UsageError(f"there is no kind {kind!r}; the kinds are {known}")


def _people(people: People, who: str) -> set[str]:
    """The ids of the people who are meant. If nobody is called so, stderr says it."""
    found = people.matching(who)
    if found == {people.identity(who)} and not USER_ID.fullmatch(who):
        click.echo(f"nobody is called {who!r}", err=True)
    return found

"""`constat forget`: erase the words and the name of a person, or old reports."""

import time
from datetime import timedelta
from pathlib import Path

import click

from bot.commands.database import (
    Database,
    DatabaseAddress,
    load_settings,
    open_writable,
    reading,
    transaction,
)
from bot.commands.decide import operator_name
from bot.commands.output import one_line, say
from bot.commands.people import OPERATOR, USER_ID, People
from bot.commands.times import DurationType
from storage import erasure, file_rewrite
from storage.audit import AuditTrailError
from storage.erasure import Rule

PORTION = 50
"""Reports in one transaction, so that a bot never waits long to store a form."""
SMALL = 32 * 2**20
"""Bytes of a file that is rewritten beside a running bot without a question."""


@click.command()
@click.option("--person", metavar="NAME", help="Reports of this person: a Slack id, or a name.")
@click.option("--older-than", type=DurationType(), help="Reports stored so long ago: 90d, 2y.")
@click.option("--as", "name", metavar="NAME", default="", callback=operator_name,
              help="The name for the history. Without it, your login name.")  # fmt: skip
@click.option("--rewrite", is_flag=True, help="Rewrite a large file beside a running bot, too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(
    person: str | None, older_than: timedelta | None, name: str, *, rewrite: bool, yes: bool
) -> None:
    """Erase what reports say, who wrote them, and records of calls and messages.

    With --person, the person's name, language, drafts and decisions are erased, too. Numbers,
    kinds, states, times and references stay. The history says when, by which rule and by whom it
    was erased, and constat log --verify still finds changes.

    Reports that are still to be sent are left and named. Refused and unknown ones are discarded.
    Slack, the APIs and your backups keep what they have. --rewrite alone only rewrites the file.

    \b
    Examples:
      constat forget --older-than 2y --yes
      constat forget --person U012AB3CD
    """
    address = load_settings().constat_db
    if person is None and older_than is None and not rewrite:
        raise click.UsageError("give --person, --older-than or --rewrite")
    problems = []
    if person is not None or older_than is not None:
        rule = _rule(address, person, older_than)
        _confirm(address, rule, yes=yes)
        problems += _erase(address, rule, f"{OPERATOR}{name}")
    if problem := _rewrite(address, in_any_case=rewrite):
        problems.append(problem)
    if problems:
        raise click.ClickException("; ".join(problems))


def _rule(address: DatabaseAddress, person: str | None, older_than: timedelta | None) -> Rule:
    """:raises ClickException: when the name is not that of exactly one person"""
    names = []
    if person is not None:
        names.append("a person's reports")
    if older_than is not None:
        names.append(f"reports older than {older_than.total_seconds() / 86_400:g} days")
    return Rule(
        name=" and ".join(names),
        person=_user(address, person) if person is not None else None,
        before=time.time() - older_than.total_seconds() if older_than is not None else None,
    )


def _user(address: DatabaseAddress, person: str) -> str:
    with reading(address) as db:
        people = People(db)
        if USER_ID.fullmatch(person):
            return people.identity(person)
        found = sorted(people.matching(person) - {people.identity(person)})
    if len(found) != 1:
        several = ", ".join(f"{people.name(user)} ({user})" for user in found)
        raise click.ClickException(
            f"{person!r} can be {several}: give the Slack id"
            if found
            else f"nobody is called {person!r}: give the Slack id"
        )
    return found[0]


def _confirm(address: DatabaseAddress, rule: Rule, *, yes: bool) -> None:
    with reading(address) as db:
        count = erasure.count_reports(db, rule)
        who = f" of {People(db).name(rule.person)} ({rule.person})" if rule.person else ""
    if not yes:
        question = f"Reports to erase{who}: {count:,}. There is no way back. Erase them?"
        click.confirm(one_line(question), abort=True, err=True)


def _erase(address: DatabaseAddress, rule: Rule, who: str) -> list[str]:
    """:returns: what was not erased, and what to do about it"""
    try:
        with open_writable(address) as db:
            reports = _erase_reports(db, rule, who)
            decisions = 0
            if rule.person and rule.before is None:
                decisions = _erase_person(db, rule.person, rule, who)
            left = [f"{number} ({state})" for number, state in erasure.not_erasable(db, rule)]
    except AuditTrailError as error:
        raise click.ClickException(
            f"{error}. Nothing more is erased, because that would hide the change"
        ) from error
    say(f"erased: reports {reports:,}, decisions about other reports {decisions:,}")
    if not left:
        return []
    return [f"still to be sent, so left: {', '.join(left)} (send or discard them, and try again)"]


def _erase_reports(db: Database, rule: Rule, who: str) -> int:
    """:returns: how many were erased"""
    count = last = 0
    while True:
        with transaction(db):
            numbers = erasure.erase_reports(
                db, rule, now=time.time(), limit=PORTION, after=last, who=who
            )
        count += len(numbers)
        if len(numbers) < PORTION:
            return count
        last = numbers[-1]


def _erase_person(db: Database, person: str, rule: Rule, who: str) -> int:
    """:returns: about how many other reports the person had decided"""
    numbers = erasure.decided_by(db, person)
    for begin in range(0, len(numbers), PORTION):
        portion = numbers[begin : begin + PORTION]
        with transaction(db):
            erasure.erase_decisions(db, person, portion, rule, now=time.time(), who=who)
    with transaction(db):
        erasure.erase_person(db, person)
    return len(numbers)


def _rewrite(address: DatabaseAddress, *, in_any_case: bool) -> str | None:
    """:returns: why the file may still have remnants, and what to do about it"""
    if not isinstance(address, Path):
        _vacuum(address)
        return None
    with open_writable(address) as opened:
        db = file_rewrite.of_file(opened)
        if address.stat().st_size > SMALL and not in_any_case and file_rewrite.is_used(db):
            return (
                "the rows are erased, but unused space of the file may still have copies, because"
                " the file is large and a bot uses it (no form can be stored while it is rewritten;"
                " at a quiet time, or without the bot, run: constat forget --rewrite)"
            )
        if not file_rewrite.rewrite(db):
            return (
                "the write-ahead log still has old pages, because another process reads the file"
                " all the time (stop it, and run: constat forget --rewrite)"
            )
    say("rewrote the file, so that no erased word is left in it")
    return None


def _vacuum(address: DatabaseAddress) -> None:
    with open_writable(address) as db:
        db.execute("vacuum full")
    say(
        "rewrote the tables, so that no erased word is left in them; the server's write-ahead log"
        " and its backups keep what they have"
    )

"""`constat forget`: the words are nowhere in the file's bytes, and the audit trail stays whole."""

import asyncio
import time
from pathlib import Path

import pytest

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from storage import cache, reports
from storage.database import open_database
from storage.reports import Change
from storage.states import State
from tests.commands.conftest import Run
from tests.commands.erasures import FITS, SECRET, left, rows, verified, wrote
from tests.commands.files import (
    ALICE,
    ANOMALY,
    ISSUE,
    T0,
    add,
    end,
    file_report,
    lose_answer,
    name,
    refuse,
    writing,
)
from tests.commands.files import BOB as REPORTER
from tests.world import ID, World, world

YEAR = 365 * 86_400.0


def test_what_a_person_wrote_is_nowhere_in_the_file(tmp_path: Path, run: Run) -> None:
    title = [{**ANOMALY["anomalies"][0], "title": SECRET, "description": SECRET}]
    with writing(tmp_path) as db:
        name(db, REPORTER, f"{SECRET} Martin")
        cache.keep(db, f"link:{SECRET}", {"city": "Lyon"}, until=T0, now=T0)
        cache.remember_habit(db, REPORTER, "site", SECRET)
        file_report(db, payload=wrote({**ISSUE}), targets=(SECRET,))
        file_report(db, payload={**ANOMALY, "anomalies": title}, targets=(f"1/{SECRET}",))
        refuse(db, payload=wrote({**ISSUE}))
        lose_answer(db, payload=wrote({**ISSUE}))
        db.execute("update reports set cause = json_set(cause, '$.message', ?)", [SECRET])
        db.execute("update calls set error = ?", [SECRET])
        db.execute("update reports set labels = json_object('street', ?)", [SECRET])
    ended = run("forget", "--person", REPORTER, "--yes")
    assert (ended.status, ended.err) == (0, "")
    assert left(tmp_path, SECRET, REPORTER) == []
    assert verified(run) == FITS


def test_other_people_keep_what_they_wrote(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        file_report(db, who=ALICE)
    before = run("show", "2", "--json").out
    run("forget", "--person", REPORTER, "--yes")
    assert run("show", "2", "--json").out == before


def test_numbers_kinds_states_times_and_references_stay(tmp_path: Path, run: Run) -> None:
    kept = "select number, kind, api, state, created_at, changed_at, attempts, remote_id"
    with writing(tmp_path) as db:
        file_report(db)
        file_report(db, payload=ANOMALY)
    before = rows(tmp_path, f"{kept} from reports")
    run("forget", "--person", REPORTER, "--yes")
    assert rows(tmp_path, f"{kept} from reports") == before


def test_an_erased_report_is_still_listed_and_counted(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        file_report(db, payload=ANOMALY)
    run("forget", "--person", REPORTER, "--yes")
    heading, *reports = run("log").lines
    assert "(erased)" not in heading
    assert len(reports) == 2
    assert [report for report in reports if "(erased)" not in report] == []
    assert "Reports: 2" in run("week", "--of", "2026-11-24").lines


def test_a_report_that_is_still_to_be_sent_is_left_and_named(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        held_number = add(db)
        end(db, held_number, Change(State.HELD, {"why": "token"}), at=T0)
        add(db, payload=wrote({**ISSUE}))
    ended = run("forget", "--person", REPORTER, "--yes")
    assert ended.status == 1
    assert "still to be sent, so left: 2 (held), 3 (waiting)" in ended.err
    assert left(tmp_path, SECRET, REPORTER) == [SECRET, REPORTER]
    assert verified(run) == FITS


@pytest.mark.parametrize("make", [refuse, lose_answer])
def test_a_report_that_nobody_decided_about_is_discarded_with_its_words(
    tmp_path: Path, run: Run, make: object
) -> None:
    assert callable(make)
    with writing(tmp_path) as db:
        make(db)
    run("forget", "--person", REPORTER, "--yes")
    assert rows(tmp_path, "select state from reports") == [("discarded",)]


def test_a_persons_decisions_about_other_reports_are_erased(tmp_path: Path, run: Run) -> None:
    decision = Change(State.DISCARDED, {"why": "discarded", "by": ALICE}, who=ALICE)
    with writing(tmp_path) as db:
        refuse(db, payload=wrote({**ISSUE}))
        reports.decide(db, 1, [State.REFUSED], decision, now=T0 + 60)
    ended = run("forget", "--person", ALICE, "--yes")
    assert ended.out.startswith("erased: reports 0, decisions about other reports 1\n")
    assert left(tmp_path, ALICE, REPORTER, SECRET) == [REPORTER, SECRET]
    assert verified(run) == FITS
    run("forget", "--person", REPORTER, "--yes")
    assert left(tmp_path, ALICE, REPORTER, SECRET) == []
    assert verified(run) == FITS


def test_old_reports_are_erased_and_young_ones_are_kept(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db, at=time.time() - 2 * YEAR - 60, payload=wrote({**ISSUE}))
        file_report(db, at=time.time() - 2 * YEAR + 60)
    assert run("forget", "--older-than", "2y", "--yes").status == 0
    erased = rows(tmp_path, "select number from reports where erased_at is not null")
    assert (erased, left(tmp_path, SECRET)) == ([(1,)], [])


def test_a_name_stands_for_the_person_who_alone_has_it(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, REPORTER, "Bob Martin")
        name(db, ALICE, "Alice Martin")
        file_report(db)
    several = run("forget", "--person", "martin", "--yes")
    assert several.status == 1
    assert several.err == (
        "constat: 'martin' can be Alice Martin (U0ALICE), Bob Martin (U0BOB): give the Slack id\n"
    )
    nobody = run("forget", "--person", "carol", "--yes")
    assert (nobody.status, nobody.err) == (
        1,
        "constat: nobody is called 'carol': give the Slack id\n",
    )
    assert run("forget", "--person", "bob", "--yes").status == 0
    assert left(tmp_path, REPORTER, "Bob Martin") == []


def test_it_is_asked_first(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db, payload=wrote({**ISSUE}))
    ended = run("forget", "--person", REPORTER, answers="n\n")
    assert "Reports to erase of U0BOB (U0BOB): 1. There is no way back. Erase them?" in ended.err
    assert (ended.status, left(tmp_path, SECRET)) == (1, [SECRET])


def test_words_that_sqlite_left_in_unused_space_are_erased(tmp_path: Path, run: Run) -> None:
    """Edits and rows that grow leave copies of what was there before."""
    with writing(tmp_path) as db:
        for number in range(1, 301):
            words = {**ISSUE, "comment": f"{SECRET} {number} " + "x" * (number * 7 % 900)}
            add(db, at=T0 + number, payload=words, targets=(f"{number * 7919 % 307} {SECRET}",))
            reports.edit(db, number, f"edit {number}", words, [f"{SECRET}"], who=REPORTER, now=T0)
            db.execute("insert into habits values (?, ?, ?)", [REPORTER, f"{number}", SECRET])
            refused = Change(State.REFUSED, {"why": "refused", "message": "y" * (number % 500)})
            end(db, number, refused, at=2e9)
    assert run("forget", "--person", REPORTER, "--yes").status == 0
    assert left(tmp_path, SECRET) == []
    assert verified(run) == FITS


async def file_both(bot: World, person: Person) -> None:
    await person.command("/report-issue", f"other {ID} {SECRET}", channel=ANNONCES)
    await person.view()
    await person.submit()
    await person.command("/anomaly", f"1204 {SECRET}", channel=SECURITE)
    await person.view()
    for field, text in (("siteId", "9"), ("technicalInstallationId", "7"), ("description", SECRET)):
        await person.enter(field, text)
    await person.choose("risk", "0")
    await person.submit()
    for number in (1, 2):
        await bot.state(number, "filed")


POSTED = "select 1 from receipts where posted = version"


async def test_a_running_bot_goes_on_beside_an_erasure(tmp_path: Path, run: Run) -> None:
    async with world(tmp_path) as bot:
        await file_both(bot, bot.person(BOB))
        await bot.until(lambda: len(bot.rows(POSTED)) == 2)
        ended = await asyncio.to_thread(run, "forget", "--person", BOB, "--yes")
        assert (ended.status, ended.err) == (0, "")
        assert left(tmp_path, SECRET, BOB) == []
        await bot.person(BOB).command("/report-issue", f"other {ID} once more", channel=ANNONCES)
        await bot.person(BOB).view()
        await bot.person(BOB).submit()
        await bot.state(3, "filed")
    assert verified(run) == FITS


async def test_a_bot_starts_and_works_with_erased_reports(tmp_path: Path, run: Run) -> None:
    async with world(tmp_path) as bot:
        await file_both(bot, bot.person(BOB))
        await bot.until(lambda: len(bot.rows(POSTED)) == 2)
    assert run("forget", "--older-than", "0d", "--yes").status == 0
    async with world(tmp_path) as bot:
        await bot.person(BOB).command("/anomaly", "1204 another", channel=SECURITE)
        assert (await bot.person(BOB).view()) is not None
        assert bot.rows("select 1 from receipts where posted < version") == []


def test_a_large_file_is_not_rewritten_beside_a_bot_unless_asked(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        db.execute("create table ballast (x)")
        db.execute("insert into ballast values (zeroblob(40000000))")
    bot = open_database(tmp_path / "constat.db")
    try:
        ended = run("forget", "--person", REPORTER, "--yes")
        assert ended.status == 1
        assert "at a quiet time, or without the bot, run: constat forget --rewrite" in ended.err
        assert run("forget", "--rewrite").status == 0
    finally:
        bot.close()
    assert run("forget", "--older-than", "1d", "--yes").status == 0


def test_without_a_rule_nothing_is_done(run: Run) -> None:
    ended = run("forget")
    assert ended.status == 2
    assert "give --person, --older-than or --rewrite" in ended.err

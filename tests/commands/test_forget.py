"""`constat forget`: the words are nowhere in the file's bytes, and the audit trail stays whole."""

import asyncio
import re
import sqlite3
import time
from pathlib import Path

import pytest
from sqlite_utils import Database

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from storage import audit, cache, erasure, reports
from storage.database import open_database
from storage.erasure import Rule
from storage.migrations import migrations
from storage.reports import Change
from storage.states import State
from tests.commands.conftest import Run
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
from tests.storage import old_chain
from tests.world import ID, World, world

SECRET = "Zanzibar-7391"
"""Words of a person that nothing else in the file has."""
YEAR = 365 * 86_400.0


def wrote(payload: dict[str, object]) -> dict[str, object]:
    return {**payload, "comment": f"{SECRET} is wrong"}


def left(folder: Path, *words: str) -> list[str]:
    """The words that are somewhere in the bytes of the file or its write-ahead log."""
    files = [file.read_bytes() for file in folder.glob("constat.db*")]
    return [word for word in words if any(word.encode() in content for content in files)]


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(folder / "constat.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def verified(run: Run) -> tuple[int, str]:
    ended = run("log", "--verify")
    return ended.status, ended.out


FITS = (0, "the history fits\n")


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


def test_the_history_says_when_by_which_rule_and_by_whom(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    begin = time.time()
    run("forget", "--person", REPORTER, "--yes", "--as", "jeanne")
    run("forget", "--older-than", "30d", "--yes")
    history = run("show", "1").out.partition("History")[2].partition("Calls")[0]
    assert re.split("  +", history.splitlines()[-2])[1:] == [
        "filed",
        "jeanne (operator)",
        "the words were erased: a person's reports",
    ]
    [(at,)] = rows(tmp_path, "select at from history where who is not null")
    assert isinstance(at, float)
    assert begin <= at <= time.time()


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
        held = add(db)
        end(db, held, Change(State.HELD, {"why": "token"}), at=T0)
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


def old_file(folder: Path) -> None:
    """The file of a version whose hashes had no salts, with one filed report."""
    db = Database(folder / "constat.db")
    db.conn.row_factory = sqlite3.Row
    migrations.apply(db, stop_before="2026-11-27 salts and erasures")
    db.execute(
        "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
        " changed_at, next_try) values ('k', 'report_issue', 'immoteur', ?, ?, '{}', ?,"
        " 'waiting', '{}', ?, ?)",
        [REPORTER, T0, f'{{"comment":"{SECRET}"}}', T0, T0],
    )
    for state in ("waiting", "filed"):
        db.execute("update reports set state = ?", [state])
        row = db.execute("select * from reports").fetchone()
        old_chain.append(db, row, {"why": "submitted", "by": REPORTER}, T0)
    db.conn.commit()
    db.close()
    open_database(folder / "constat.db").close()


def test_a_report_from_before_the_salts_is_erased_too(tmp_path: Path, run: Run) -> None:
    old_file(tmp_path)
    assert verified(run) == FITS
    assert run("forget", "--person", REPORTER, "--yes").status == 0
    assert left(tmp_path, SECRET, REPORTER) == []
    assert verified(run) == FITS


def erased_file(folder: Path) -> None:
    """Reports 1 and 2, of which the first is erased. History: 1 to 3, 4 to 6, and 7 for it."""
    with writing(folder) as db:
        file_report(db)
        file_report(db, who=ALICE)
        erasure.erase_reports(db, Rule("test", person=REPORTER), now=T0 + 60, limit=9)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update history set at = at + 1 where id = 2",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set state = 'held' where id = 2",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set cause = '{}' where id = 1",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set erased_by = 6 where id = 2",
         "history row 6 (report 2) does not fit the rows that it covers"),
        ("update history set erased_by = 7, who = null, salt = null where id = 4",
         "history row 7 (report 1) does not fit the rows that it covers"),
        ("update history set erased_by = 99, who = null, salt = null where id = 6",
         "history row 6 (report 2) was erased, and no row says so"),
        ("update history set erased_by = null where id = 1",
         "history row 1 (report 1) does not fit the row before"),
        ("update history set who = 'U0SOMEBODY' where id = 2",
         "history row 2 (report 1) is marked as erased, and is not"),
        ("update history set hash = '' where id = 3",
         "history row 4 (report 2) does not fit the row before"),
        ("delete from history where id = 2", "history row 2 is missing"),
        ("delete from history where id = 7", "history row 7 is missing"),
        ("update reports set payload = '{\"x\":1}' where number = 1",
         "report 1 does not hold what its history says"),
        ("update reports set remote_id = 'another' where number = 1",
         "report 1 does not hold what its history says"),
        ("update reports set salt = null where number = 2",
         "report 2 does not hold what its history says"),
        ("update history set salt = null where id = 5",
         "history row 5 (report 2) does not fit the row before"),
        ("update reports set payload = '{}', salt = null, erased_at = 1 where number = 2",
         "report 2 does not hold what its history says"),
    ],
)  # fmt: skip
def test_a_change_after_an_erasure_is_found(
    tmp_path: Path, run: Run, statement: str, fault: str
) -> None:
    erased_file(tmp_path)
    assert verified(run) == FITS
    with writing(tmp_path) as db:
        assert db.execute(statement).rowcount == 1
    assert verified(run) == (1, f"{fault}\n")


@pytest.mark.parametrize(
    "statement",
    [
        "update history set at = at + 1 where id = 2",
        "update reports set payload = '{}' where number = 1",
        "update reports set state = 'discarded' where number = 1",
    ],
)
def test_an_erasure_does_not_hide_an_earlier_change(
    tmp_path: Path, run: Run, statement: str
) -> None:
    with writing(tmp_path) as db:
        file_report(db, payload=wrote({**ISSUE}))
        db.execute(statement)
    before = verified(run)
    ended = run("forget", "--person", REPORTER, "--yes")
    assert (before[0], ended.status) == (1, 1)
    assert "Nothing more is erased, because that would hide the change" in ended.err
    assert verified(run) == before


def test_a_person_cannot_be_found_by_trying_hashes(tmp_path: Path) -> None:
    """Everything under an old hash is known but the words, the person and the salt."""
    with writing(tmp_path) as db:
        file_report(db)
        report = db.execute("select * from reports").fetchone()
        history = db.execute("select * from history where id = 1").fetchone()
        erasure.erase_reports(db, Rule("test"), now=T0 + 60, limit=9)
    values = {key: history[key] for key in ("number", "at", "who", "state", "cause")}
    values["report_hash"] = history["report_hash"]
    held = [report[key] for key in old_chain.HELD]
    assert old_chain.digest(["0" * 64, values]) != history["hash"]
    assert old_chain.digest(held) != history["report_hash"]
    salts = "select 1 from history where salt is not null and erased_by is not null"
    assert rows(tmp_path, salts) == []


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


def test_the_words_of_the_audit_trail_have_no_person(tmp_path: Path, run: Run) -> None:
    erased_file(tmp_path)
    db = open_database(tmp_path / "constat.db")
    assert list(audit.faults(db)) == []
    db.close()
    assert REPORTER not in run("show", "1").out

"""`constat retry`, `discard` and `settle`: what the buttons do, from a shell."""

import asyncio
from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB
from storage import audit
from storage.database import open_for_reading
from storage.reports import Change
from storage.states import State
from tests.commands.conftest import Run
from tests.commands.files import add, end, file_report, lose_answer, refuse, writing
from tests.world import ID, World, world

SOON = 20.0
"""Seconds within which a bot notices what a command changed. It looks every 5 seconds."""
ALL_POSTED = "select 1 from receipts where posted = version"


@pytest.fixture
def one_in_each_state(tmp_path: Path) -> Path:
    """Reports 1 to 5: waiting, held, refused, unknown, filed."""
    with writing(tmp_path) as db:
        number = add(db, at=1.0)
        db.execute("update reports set next_try = 1e12 where number = 1")
        held_number = add(db)
        end(db, held_number, Change(State.HELD, {"why": "token"}), at=2_000_000_000.0)
        refuse(db)
        lose_answer(db)
        assert file_report(db) == number + 4
    return tmp_path


def states(folder: Path) -> list[str]:
    db = open_for_reading(folder / "constat.db")
    try:
        assert list(audit.faults(db)) == []
        return [row[0] for row in db.execute("select state from reports order by number")]
    finally:
        db.close()


@pytest.mark.parametrize(
    ("arguments", "after", "unchanged"),
    [
        (["retry"], ["waiting", "waiting", "waiting", "unknown", "filed"], [4, 5]),
        (["retry", "--send-again"], ["waiting", "waiting", "waiting", "waiting", "filed"], [5]),
        (
            ["discard", "--yes"],
            ["discarded", "discarded", "discarded", "discarded", "filed"],
            [5],
        ),
        (["settle", "--yes"], ["waiting", "held", "refused", "filed", "filed"], [1, 2, 3, 5]),
    ],
)
def test_a_command_changes_the_reports_whose_state_allows_it(
    one_in_each_state: Path, run: Run, arguments: list[str], after: list[str], unchanged: list[int]
) -> None:
    before = states(one_in_each_state)
    ended = run(*arguments, "1", "2", "3", "4", "5")
    assert states(one_in_each_state) == after
    assert ended.status == 1
    objections = [f"report {n} is {before[n - 1]}, which does not allow this" for n in unchanged]
    assert ended.err == f"constat: {'; '.join(objections)}\n"


def test_the_history_has_the_name_of_the_operator(one_in_each_state: Path, run: Run) -> None:
    assert run("discard", "3", "--yes", "--as", "jeanne").status == 0
    last = run("show", "3").out.partition("History")[2].partition("Calls")[0].splitlines()[-2]
    assert last.split("  ")[1:] == [
        "discarded",
        "jeanne (operator)",
        "discarded: by the operator jeanne",
    ]


def test_without_a_name_it_is_that_of_the_login(
    one_in_each_state: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "marie")
    run("retry", "3")
    assert "by the operator marie" in run("show", "3").out


@pytest.mark.parametrize("command", ["discard", "settle"])
def test_what_has_no_way_back_is_asked_first(
    one_in_each_state: Path, run: Run, command: str
) -> None:
    before = states(one_in_each_state)
    assert run(command, "4", answers="n\n").status == 1
    assert run(command, "4", answers="").status == 1
    assert states(one_in_each_state) == before
    assert run(command, "4", answers="y\n").status == 0


def test_a_number_without_a_report_is_named(one_in_each_state: Path, run: Run) -> None:
    ended = run("retry", "99")
    assert (ended.status, ended.err) == (1, "constat: there is no report 99\n")


async def refused_report(bot: World, person: Person, fault: str, state: str) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault(fault))
    await person.command("/report-issue", f"other {ID} the link is dead", channel=ANNONCES)
    await person.view()
    await person.submit()
    await bot.state(1, state)


async def test_a_running_bot_sends_what_is_retried(tmp_path: Path, run: Run) -> None:
    async with world(tmp_path) as bot:
        await refused_report(bot, bot.person(BOB), "422", "refused")
        assert (await asyncio.to_thread(run, "retry", "1")).status == 0
        await bot.until(lambda: bot.rows("select 1 from reports where state = 'filed'"), SOON)


async def test_the_receipt_names_the_operator_and_mentions_nobody(tmp_path: Path, run: Run) -> None:
    async with world(tmp_path) as bot:
        await refused_report(bot, bot.person(BOB), "500", "unknown")
        await bot.until(lambda: bot.rows(ALL_POSTED))
        await asyncio.to_thread(run, "settle", "1", "--yes", "--as", "<jeanne>")
        await bot.until(lambda: bot.rows(ALL_POSTED), SOON)
        receipt = await bot.receipt(ANNONCES, says="&lt;jeanne&gt;")
    assert "<@>" not in receipt.text

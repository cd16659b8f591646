"""The counts in the message of a week are those of the reports' histories."""

from collections import Counter
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from blocks.receipt_view import Message
from blocks.words import words
from bot.commands.times import week_of
from bot.week_message import message
from tests.commands.files import ALICE, ANOMALY, T0, add, file_report, lose_answer, refuse, writing

WEEK = week_of(date(2026, 11, 24))
ENGLISH = words("en")


def counted(drawn: Message, title: str) -> dict[str, int]:
    """A list of the message, by name."""
    texts = [block["text"]["text"] for block in drawn.blocks]
    lines = next(text for text in texts if text.startswith(f"*{title}*")).splitlines()[1:]
    return {name: int(n) for name, _, n in (line[2:].rpartition(": ") for line in lines)}


def by_history(db: Database, column: str) -> Counter[str]:
    """Reports of the week by the first and the last row of their history."""
    rows = db.execute(
        "select number, min(id) as first, max(id) as last from history group by number"
    ).fetchall()
    found: Counter[str] = Counter()
    for _, first, last in map(tuple, rows):
        at, who = db.execute("select at, who from history where id = ?", [first]).fetchone()
        [state] = db.execute("select state from history where id = ?", [last]).fetchone()
        if WEEK.begin <= at < WEEK.end:
            found[{"who": who, "state": state}[column]] += 1
    return found


def fill(db: Database) -> None:
    """Reports in several states, and two of other weeks."""
    file_report(db)
    file_report(db, payload=ANOMALY, who=ALICE)
    refuse(db, who=ALICE)
    lose_answer(db)
    add(db, at=T0 + 60)
    add(db, at=WEEK.begin - 1)
    add(db, at=WEEK.end)


def test_the_states_are_those_of_the_last_row_of_each_history(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        fill(db)
        shown = counted(message(db, WEEK, "en"), "By state")
        expected = by_history(db, "state")
    assert shown == {ENGLISH(f"state.{state}"): n for state, n in expected.items()}
    assert sum(shown.values()) == 5


def test_the_people_are_those_of_the_first_row_of_each_history(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        fill(db)
        assert counted(message(db, WEEK, "en"), "By person") == by_history(db, "who")


def test_the_oldest_unsent_report_has_the_link_to_its_message(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        add(db)
        head = message(db, WEEK, "en").blocks[0]["text"]["text"]
    assert "Oldest unsent: <https://agency.slack.com/archives/C1/p1|no. 1>" in head


def test_the_message_has_no_words_of_a_report(tmp_path: Path) -> None:
    with writing(tmp_path) as db:
        add(db)
        drawn = message(db, WEEK, "en")
    assert "Le prix est faux" not in str(drawn)

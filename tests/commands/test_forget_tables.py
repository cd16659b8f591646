"""`constat forget` reaches every table that holds something of a person, also tables to come."""

import json
from pathlib import Path

from sqlite_utils import Database

from storage import cache
from tests.commands.conftest import Run
from tests.commands.erasures import FITS, SECRET, left, verified, wrote
from tests.commands.files import ALICE, ANOMALY, BOB, T0, file_report, name, writing

IMPERSONAL = {
    "_sqlite_migrations",  # names of steps
    "sqlite_sequence",  # SQLite's own
    "sites", "installations", "visits", "catalogue",  # KARE's lists
    "outages",  # an API or a channel
    "report_counts", "posted_weeks",  # numbers
    "unfurls",  # hashes
    "back_office", "moves", "workspaces",  # processes, databases and workspaces
}  # fmt: skip
"""Tables that hold nothing of a person, with the reason."""

OTHERS = (
    ("receipt_parts", "1, 1, 'C1', '1.0', :secret"),
    ("alerts", "1, :person, 1.0"),
    ("notices (key, what, who, number, place, channel, ts, next_try)",
     ":secret, 'refused', :person, 1, :person, :secret, '1.0', 1.0"),
    ("notices (key, what, place, channel, ts, next_try)",
     "'admin ' || :secret, 'outage', :person, :secret, '1.0', 1.0"),
    ("events (id, type, received_at, facts, next_try)", "'Ev1', 'message.im', 1.0, :facts, 1.0"),
    ("homes (user, team, channel, sees_all, opened_at, shown, notice, next_try)",
     ":person, 'T1', :secret, 0, 1.0, :facts, :facts, 1.0"),
    ("drafts (key, who, channel, head, changed_at, last_number, unfinished)",
     "'draft', :person, 'C1', :facts, 1.0, 1, :facts"),
    ("photos (number, thing, file, name, mimetype, size, state, changed_at, next_try)",
     "1, 0, 'F1', :secret, 'image/png', 1, 'sent', 1.0, 1.0"),
    ("report_texts", "1, :secret"),
    ("draft_anomalies (key, number, body, fields_version)", "'draft', 1, :facts, 1"),
)  # fmt: skip
"""Rows as the bot stores them, with the words in every column that can have some."""


def fill(db: Database) -> None:
    """A row in every table that can hold something of a person."""
    name(db, BOB, f"{SECRET} Martin")
    cache.keep(db, f"link:{SECRET}", {"city": SECRET}, until=T0, now=T0)
    cache.remember_habit(db, BOB, "site", SECRET)
    file_report(db, payload=wrote({**ANOMALY}), targets=(SECRET,))
    facts = {"person": BOB, "secret": SECRET, "facts": json.dumps({"user": BOB, "text": SECRET})}
    for table, values in OTHERS:
        db.execute(f"insert into {table} values ({values})", facts)  # noqa: S608 - of this file


def test_no_table_is_left_out(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        fill(db)
        filled = {table.name for table in db.tables if table.count}
        assert filled | IMPERSONAL == {table.name for table in db.tables}
    ended = run("forget", "--person", BOB, "--yes")
    assert (ended.status, ended.err) == (0, "")
    assert left(tmp_path, SECRET, BOB) == []
    assert verified(run) == FITS


def test_an_event_is_recognized_after_its_words_were_erased(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        fill(db)
        db.execute(
            "insert into events (id, type, received_at, facts, next_try)"
            " values ('Ev2', 'message.im', 1.0, ?, 1.0)",
            [json.dumps({"user": ALICE, "text": "hello"})],
        )
    run("forget", "--person", BOB, "--yes")
    with writing(tmp_path) as db:
        events = {row["id"]: (row["facts"], row["next_try"]) for row in db["events"].rows}
    assert events == {
        "Ev1": ("{}", None),
        "Ev2": (json.dumps({"user": ALICE, "text": "hello"}), 1.0),
    }

"""Drafts in the database: numbers are given once, and nothing replaces what it does not edit."""

import pytest

from storage import drafts, reports
from storage.drafts import Draft, DraftAnomaly, Outcome
from storage.engine import Database
from storage.reports import NewReport

DRAFT = Draft("k", "U1", "C1", None, {"reportId": "1204"}, 1.0)


def add(db: Database, title: str, version: int = 0, limit: int = 50) -> Outcome:
    return drafts.add(db, DRAFT, {"title": title}, fields_version=version, limit=limit)


def replace(db: Database, number: int, title: str, version: int = 0, limit: int = 50) -> Outcome:
    body = {"title": title}
    return drafts.replace(db, DRAFT, number, body, fields_version=version, limit=limit)


def titles(db: Database, who: str = "U1") -> dict[int, str]:
    return {
        number: anomaly.body["title"]
        for draft in drafts.of_person(db, who)
        for number, anomaly in draft.anomalies.items()
    }


def send(db: Database, key: str = "k") -> None:
    reports.add(db, NewReport(key, "anomaly", "kare", "U1", {}, {}), now=1.0)


def test_each_anomaly_gets_the_next_number_whatever_its_form_carries(db: Database) -> None:
    outcomes = [add(db, title) for title in ("a", "b", "c")]
    assert outcomes == [Outcome.STORED] * 3
    assert titles(db) == {1: "a", 2: "b", 3: "c"}


def test_the_same_anomaly_of_the_same_fields_is_added_once(db: Database) -> None:
    outcomes = [add(db, "a", version) for version in (0, 0, 4, 4)]
    assert outcomes == [Outcome.STORED] * 4
    assert titles(db) == {1: "a", 2: "a"}


@pytest.mark.parametrize("removed", [1, 2, 3])
def test_a_removed_number_is_not_given_again(db: Database, removed: int) -> None:
    for title in ("a", "b", "c"):
        add(db, title)
    drafts.take_out(db, "k", removed, who="U1", now=2.0)
    add(db, "d")
    assert removed not in titles(db)
    assert titles(db)[4] == "d"


def test_a_full_draft_takes_no_anomaly_more_but_edits_of_its_own(db: Database) -> None:
    outcomes = [add(db, title, limit=2) for title in ("a", "b", "c")]
    edited = replace(db, 2, "B", version=5, limit=2)
    assert outcomes == [Outcome.STORED, Outcome.STORED, Outcome.FULL]
    assert edited == Outcome.STORED
    assert titles(db) == {1: "a", 2: "B"}


def test_an_edit_of_a_removed_anomaly_stores_nothing(db: Database) -> None:
    add(db, "a")
    add(db, "b")
    drafts.take_out(db, "k", 2, who="U1", now=2.0)
    assert replace(db, 2, "B") == Outcome.GONE
    assert titles(db) == {1: "a"}


def test_the_same_fields_replace_an_anomaly_once_and_then_add(db: Database) -> None:
    add(db, "a", version=0)
    outcomes = [replace(db, 1, title, version=3) for title in ("A", "A", "b")]
    assert outcomes == [Outcome.STORED] * 3
    assert titles(db) == {1: "A", 2: "b"}


def test_a_form_that_was_sent_has_no_draft_any_more(db: Database) -> None:
    add(db, "a")
    send(db)
    assert [add(db, "b"), replace(db, 1, "b")] == [Outcome.SENT, Outcome.SENT]
    assert titles(db) == {}


def test_the_draft_of_an_edit_is_made_once_and_never_over_what_was_edited(db: Database) -> None:
    draft = Draft("k", "U1", "C1", 7, {}, 1.0, {1: DraftAnomaly({"title": "a"})})
    drafts.fill(db, draft)
    replace(db, 1, "A", version=2)
    drafts.fill(db, draft)
    assert titles(db) == {1: "A"}


def test_a_draft_in_another_form_forgets_the_versions_of_the_first_forms_fields(
    db: Database,
) -> None:
    add(db, "a", version=0)
    drafts.hand_over(db, "k", "other", who="U1", channel="C2", now=2.0)
    other = Draft("other", "U1", "C2", None, {}, 3.0)
    drafts.add(db, other, {"title": "a"}, fields_version=0, limit=50)
    assert titles(db) == {1: "a", 2: "a"}


def test_nobody_changes_the_draft_of_another_person(db: Database) -> None:
    add(db, "a")
    drafts.take_out(db, "k", 1, who="U2", now=2.0)
    drafts.discard(db, "k", who="U2")
    taken = drafts.hand_over(db, "k", "other", who="U2", channel="C1", now=2.0)
    assert taken is False
    assert titles(db) == {1: "a"}

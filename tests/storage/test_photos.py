"""The queue of photos: each is claimed once, and what may have been taken is not sent again."""

import sqlite_utils

from storage import photo_choices, photo_queue, photos, reports
from storage.engine import Database
from storage.erasure import Rule, erase_reports
from storage.photos import NewPhoto, Photo, PhotoState
from storage.reports import Change, NewReport
from storage.states import State

NOW, LEASE = 1_800_000_000.0, 60.0


def add(db: Database, *files: str, key: str = "k", filed: bool = True) -> int:
    new = NewReport(key, "anomaly", "kare", "U1", {}, {}, photos=[NewPhoto(file) for file in files])
    number, _ = reports.add(db, new, now=NOW)
    if filed:
        reports.decide(db, number, [State.WAITING], Change(State.FILED), now=NOW)
    return number


def claim(db: Database, owner: str = "me", now: float = NOW) -> Photo | None:
    return photo_queue.claim(db, owner, now=now, lease=LEASE)


def states(db: Database, number: int = 1) -> list[str]:
    return [photo.state.value for photo in photos.of_report(db, number)]


def test_a_photo_is_stored_with_its_report(db: Database) -> None:
    number = add(db, "F1", "F2", filed=False)
    assert [photo.file for photo in photos.of_report(db, number)] == ["F1", "F2"]


def test_a_photo_is_claimed_only_after_its_report_was_filed(db: Database) -> None:
    number = add(db, "F1", filed=False)
    assert claim(db) is None
    assert photo_queue.next_due(db) is None
    reports.decide(db, number, [State.WAITING], Change(State.FILED), now=NOW)
    assert photo_queue.next_due(db) == NOW
    assert claim(db) is not None


def test_a_photo_is_claimed_by_one_process(db: Database) -> None:
    add(db, "F1")
    assert claim(db, "one") is not None
    assert claim(db, "two") is None


def test_a_photo_that_nobody_asked_the_api_about_is_free_after_its_lease(db: Database) -> None:
    add(db, "F1")
    claim(db, "one")
    taken = claim(db, "two", NOW + LEASE + 1)
    assert taken is not None
    assert taken.file == "F1"


def test_a_photo_that_the_api_was_asked_about_is_unclear_after_its_lease(db: Database) -> None:
    add(db, "F1")
    photo = claim(db, "one")
    assert photo is not None
    assert photo_queue.begin(db, photo, "one", now=NOW)
    assert claim(db, "two", NOW + LEASE + 1) is None
    assert states(db) == ["unclear"]


def test_an_owner_whose_lease_has_ended_may_not_ask_the_api(db: Database) -> None:
    add(db, "F1")
    photo = claim(db, "one")
    assert photo is not None
    claim(db, "two", NOW + LEASE + 1)
    assert not photo_queue.begin(db, photo, "one", now=NOW)


def test_an_owner_whose_lease_has_ended_changes_nothing(db: Database) -> None:
    add(db, "F1")
    photo = claim(db, "one")
    assert photo is not None
    claim(db, "two", NOW + LEASE + 1)
    photo_queue.finish(db, photo, "one", PhotoState.SENT, {}, now=NOW)
    photo_queue.postpone(db, photo, "one", {"why": "slack"}, until=NOW, now=NOW)
    assert states(db) == ["sending"]


def test_a_photo_that_its_owner_claims_again_is_sent_in_one_of_the_claims(db: Database) -> None:
    """A process that stood still for longer than its claim counts still has it in hand."""
    add(db, "F1")
    late, current = claim(db, "one"), claim(db, "one", NOW + LEASE + 1)
    assert late is not None
    assert current is not None
    assert photo_queue.begin(db, current, "one", now=NOW)
    assert not photo_queue.begin(db, late, "one", now=NOW)


def test_an_erased_photo_in_hand_is_not_taken_for_the_photo_that_got_its_id(db: Database) -> None:
    number = add(db, "F1")
    erased = claim(db)
    assert erased is not None
    reports.decide(db, number, [State.WAITING], Change(State.FILED), now=NOW)
    assert erase_reports(db, Rule("test"), now=NOW, limit=1) == [number]
    db.execute("update photos set id = ? where number = ?", [erased.id, add(db, "F2", key="l")])
    assert claim(db) is not None
    photo_queue.finish(db, erased, "me", PhotoState.SENT, {}, now=NOW)
    photo_queue.postpone(db, erased, "me", {"why": "slack"}, until=NOW, now=NOW)
    photo_queue.fail(db, erased, "me", until=NOW, now=NOW)
    photos.learn(db, erased, name="a.jpg", mimetype="image/jpeg", size=1)
    assert not photo_queue.begin(db, erased, "me", now=NOW)
    [photo] = photos.of_report(db, number + 1)
    assert (photo.state, photo.name) == (PhotoState.SENDING, "")


def test_what_a_person_chose_for_one_thing_is_not_found_for_another(db: Database) -> None:
    new = NewReport(
        "k",
        "anomaly",
        "kare",
        "U1",
        {},
        {},
        photos=[NewPhoto("F1", thing=0), NewPhoto("F2", thing=1)],
    )
    reports.add(db, new, now=NOW)
    reports.decide(db, 1, [State.WAITING], Change(State.FILED), now=NOW)
    first = claim(db)
    assert first is not None
    assert photo_choices.choose(db, 1, {1: "7"}, who="U1", press="p", now=NOW)
    assert not photo_queue.set_target(db, first, "7")
    assert photo_queue.set_target(db, first, "8")
    assert [photo.target for photo in photos.of_report(db, 1)] == ["8", "7"]


def test_each_change_marks_the_receipt_as_outdated(db: Database) -> None:
    number = add(db, "F1", "F2")
    version = "select version from receipts where number = ?"
    before = db.execute(version, [number]).fetchone()[0]
    for state in (PhotoState.SENT, PhotoState.REFUSED):
        photo = claim(db)
        assert photo is not None
        photo_queue.finish(db, photo, "me", state, {}, now=NOW)
    assert db.execute(version, [number]).fetchone()[0] == before + 2


def test_the_same_reason_again_does_not_mark_the_receipt(db: Database) -> None:
    number = add(db, "F1")
    version = "select version from receipts where number = ?"
    versions = []
    for _ in range(3):
        photo = claim(db)
        assert photo is not None
        photo_queue.postpone(db, photo, "me", {"why": "slack"}, until=NOW, now=NOW)
        versions.append(db.execute(version, [number]).fetchone()[0])
    assert len(set(versions)) == 1


def test_the_photos_of_the_back_office_before_are_free_at_once_for_the_next(db: Database) -> None:
    add(db, "F1", "F2")
    for began in (True, False):
        photo = claim(db, "dead")
        assert photo is not None
        assert not began or photo_queue.begin(db, photo, "dead", now=NOW)
    photo_queue.free_claims(db, "new", now=NOW, lease=60.0)
    assert states(db) == ["unclear", "waiting"]
    photo = claim(db, "new")
    assert photo is not None
    photo_queue.free_claims(db, "new", now=NOW, lease=60.0)
    assert states(db) == ["unclear", "sending"]
    assert not photo_queue.begin(db, photo, "dead", now=NOW)


def test_a_fault_makes_a_photo_unclear_only_if_the_api_was_asked(db: Database) -> None:
    add(db, "F1", "F2")
    for began in (True, False):
        photo = claim(db)
        assert photo is not None
        assert not began or photo_queue.begin(db, photo, "me", now=NOW)
        photo_queue.fail(db, photo, "me", until=NOW + 5, now=NOW)
    assert states(db) == ["unclear", "waiting"]


def test_an_edit_moves_the_photos_of_what_it_left(db: Database) -> None:
    new = NewReport("k", "anomaly", "kare", "U1", {}, {}, photos=[NewPhoto("F1", thing=0),
        NewPhoto("F2", thing=1), NewPhoto("F3", thing=2)])  # fmt: skip
    number, _ = reports.add(db, new, now=NOW)
    photos.move(db, number, {0: 0, 2: 1})
    moved = [(photo.file, photo.thing) for photo in photos.of_report(db, number)]
    assert moved == [("F1", 0), ("F3", 1)]


def test_a_report_that_is_submitted_twice_has_its_photos_once(db: Database) -> None:
    add(db, "F1")
    add(db, "F1")
    assert states(db) == ["waiting"]


def test_an_erased_report_has_no_photos(db: Database) -> None:
    number = add(db, "F1")
    assert erase_reports(db, Rule("all"), now=NOW + 1, limit=10) == [number]
    assert photos.of_report(db, number) == ()


def test_the_queue_needs_no_scan_of_all_photos(file: sqlite_utils.Database) -> None:
    plan = file.execute(f"explain query plan {photo_queue.NEXT_DUE}").fetchall()
    assert [row["detail"] for row in plan if row["detail"].startswith("SCAN photos")] == []

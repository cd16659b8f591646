"""Reports: their submission, edits and decisions.

Each function runs inside the caller's transaction, whole or not at all. `Store` runs several in one
transaction.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from storage import audit, drafts, notices, photos
from storage.canonical_json import to_json
from storage.earlier import find_earlier, make_findable
from storage.photos import NewPhoto
from storage.states import Action, State, states_allowing
from storage.transitions import (
    INSTALLED,
    Change,
    Cursor,
    Database,
    Json,
    Report,
    apply_change,
    fetch_one,
    report_of,
)

__all__ = ["Change", "Json", "NewPhoto", "NewReport", "Report", "State"]


@dataclass(frozen=True)
class NewReport:
    """A validated submission."""

    key: str
    """The form's own key: a form that is submitted twice makes one report."""
    kind: str
    api: str
    who: str
    origin: Json
    payload: Json
    targets: Sequence[str] = ()
    """The things that the report is about. They find earlier reports of the same things."""
    thread_channel: str = ""
    thread_ts: str | None = None
    alerts: Sequence[str] = ()
    """Where a grave report is announced at once: channels, or people who get it directly."""
    undo_seconds: float = 0.0
    """Seconds for which it is not sent, so that it can be undone."""
    labels: Json | None = None
    """The known names of the things in the report. They are no part of the audit trail."""
    photos: Sequence[NewPhoto] = ()
    """The files in Slack that are sent once the report is filed."""
    text: str | None = None
    """By which it is searched: `text_search.searchable` of payload and labels. None leaves it to
    `report_texts.fill`."""
    draft: Mapping[int, drafts.DraftAnomaly] | None = None
    """The anomalies in the form's draft, as the form was read. None for a form without a draft."""


def add(db: Database, new: NewReport, *, now: float) -> tuple[int, bool]:
    """Store a submission. A key that is stored already returns the report that it made.

    :returns: the report's number, and whether it is new
    :raises DraftChangedError: when the draft of the form has changed since the form was read
    """
    return _add(db, new, db.execute(_NUMBERS, {"key": new.key}), now=now)


def _add(db: Database, new: NewReport, numbers: Cursor, *, now: float) -> tuple[int, bool]:
    """`add`, with the result of `_NUMBERS`."""
    row = {
        "key": new.key,
        "kind": new.kind,
        "api": new.api,
        "who": new.who,
        "created_at": now,
        "origin": to_json(new.origin),
        "payload": to_json(new.payload),
        "state": State.WAITING.value,
        "remote_id": None,
        "answer": "{}",
        "salt": audit.new_salt(),
        "next_try": now + new.undo_seconds,
        "late_at": now + notices.LATE_AFTER,
        "labels": _labels(new.labels),
    }
    # "on conflict do nothing" would use up a number, and a gap looks like a lost report.
    stored, last = numbers.fetchall()[0]
    if stored is not None:
        return int(stored), False
    drafts.check(db, new.key, new.draft)
    db.execute(_NEW, row)
    # Nobody else writes meanwhile, and to ask for it would cost a way to the server and back.
    number = (last or 0) + 1
    drafts.delete(db, new.key)
    make_findable(db, number, new.kind, new.targets, new.text)
    db.execute(
        "insert into receipts (number, next_try, thread_channel, thread_ts) values (?, ?, ?, ?)",
        [number, now, new.thread_channel, new.thread_ts],
    )
    photos.add(db, number, new.photos, now=now)
    notices.note_alert(db, number, new.alerts, now=now)
    audit.append(db, {**row, "number": number}, {"why": "submitted"}, now, who=new.who)
    return number, True


_NEW = (
    "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"  # noqa: S608 - ours
    " changed_at, next_try, remote_id, answer, salt, late_at, labels, team)"
    " values (:key, :kind, :api, :who, :created_at, :origin, :payload, :state, '{}', :created_at,"
    f" :next_try, :remote_id, :answer, :salt, :late_at, :labels, {INSTALLED})"
)
# The number of the report with a key, or null; and the highest number, or null.
_NUMBERS = """
select (select number from reports where key = :key),
    (select last from heads where name = 'reports')
"""


def add_unless_known(
    db: Database,
    new: NewReport,
    *,
    now: float,
    since: float | None,
    is_same: Callable[[Report], bool] = lambda _: True,
    shown: Collection[int] = (),
) -> tuple[int, bool] | list[Report]:
    """Store a submission, unless another form has reported the same.

    :param since: as of `find_earlier`; None skips the question
    :param is_same: as of `find_earlier`
    :param shown: the numbers of the earlier reports that the person has seen
    :returns: the result of `add`; or the earlier reports, newest first, and nothing is stored
    :raises DraftChangedError: as `add`
    """
    # PostgreSQL gets both questions in one packet.
    numbers = db.execute(_NUMBERS, {"key": new.key})
    if since is not None:
        earlier = find_earlier(db, new.kind, new.targets, since=since, is_same=is_same)
        unseen = any(report.number not in shown for report in earlier)
        if unseen and fetch_one(db, "select 1 from reports where key = ?", [new.key]) is None:
            return earlier
    return _add(db, new, numbers, now=now)


def edit(
    db: Database,
    number: int,
    key: str,
    payload: Json,
    targets: Sequence[str],
    *,
    who: str,
    now: float,
    of: Collection[State] = states_allowing(Action.EDIT),
    alerts: Sequence[str] = (),
    labels: Json | None = None,
    text: str | None = None,
    new_photos: Sequence[NewPhoto] = (),
    photo_places: Mapping[int, int] | None = None,
    draft: Mapping[int, drafts.DraftAnomaly] | None = None,
) -> bool:
    """Replace the payload of a report that was not filed, and have it sent.

    :param key: of the form or the press: sent twice, it is one edit, whatever came between
    :param of: the states in which the report may be edited
    :param alerts: where it is announced if it is grave now, and was not before
    :param labels: as of `NewReport`; None keeps those that are stored
    :param text: as of `NewReport`
    :param new_photos: are added to those that the report has
    :param photo_places: as of `photos.move`; None leaves the photos where they are
    :param draft: as of `NewReport`
    :returns: False when the report is in another state now
    :raises DraftChangedError: as `add`
    """
    if audit.has_press(db, number, key):
        return True
    drafts.check(db, key, draft)
    values = [to_json(payload), key, _labels(labels), number, json.dumps(sorted(of))]
    row = fetch_one(db, _REPLACE, values)
    if row is None:
        return sent_by(db, key) == number
    drafts.delete(db, key)
    db.execute("delete from targets where number = ?", [number])
    # A trigger has deleted the text before.
    make_findable(db, number, row["kind"], targets, text)
    if photo_places is not None:
        photos.move(db, number, photo_places)
    photos.add(db, number, new_photos, now=now)
    notices.note_alert(db, number, alerts, now=now)
    change = Change(State.WAITING, {"why": "edited", "press": key}, who=who, next_try=now)
    return apply_change(db, change, now, "number = ?", [number])


_REPLACE = (
    "update reports set payload = ?, edit_key = ?, labels = coalesce(?, labels)"
    " where number = ? and state in (select value from json_each(?)) returning kind"
)


def _labels(labels: Json | None) -> str | None:
    return None if labels is None else to_json(labels)


def sent_by(db: Database, key: str) -> int | None:
    """The number of the report that a form made or edited; None when it was not submitted."""
    row = fetch_one(db, "select number from reports where key = ? or edit_key = ?", [key, key])
    return int(row["number"]) if row else None


def get(db: Database, number: int) -> Report | None:
    row = fetch_one(db, "select * from reports where number = ?", [number])
    return report_of(row) if row else None


def decide(db: Database, number: int, of: Collection[State], change: Change, *, now: float) -> bool:
    """Apply a decision to a report that is still in one of these states.

    A press of a button that Slack sends twice is one decision: its `press` stands in the cause.

    :returns: False when the report is in another state now
    """
    press = change.cause.get("press")
    if press is not None and audit.has_press(db, number, press):
        return True
    where = "number = ? and state in (select value from json_each(?))"
    return apply_change(db, change, now, where, [number, json.dumps(sorted(of))])

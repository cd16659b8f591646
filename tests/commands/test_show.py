"""`constat show`: everything that is stored about one report."""

import json
from pathlib import Path

from storage import photo_queue, photos
from storage.photos import NewPhoto, PhotoState
from tests.commands.conftest import Run
from tests.commands.files import ANOMALY, BOB, add, file_report, name, writing


def test_a_report_is_shown_whole(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        file_report(db)
    assert (
        run("show", "1").out
        == """\
Report 1 (report_issue, to immoteur)
  what       Wrong price, Wrong photos · Le prix est faux
  who        Bob Martin (U0BOB)
  when       2026-11-24 11:00:00
  state      filed since 2026-11-24 11:00:02
  reason     confirmed by the API
  attempts   1
  reference  R-1

Content
  comment        Le prix est faux
                 et la photo aussi
  issueFacets.1  price
  issueFacets.2  media
  issueKind      data
  propertyIds.1  0f8fad5b-d9cb-469f-a165-70867728950e

Answer
  createdAt  x

Origin
  channel  C1
  link     https://agency.slack.com/archives/C1/p1
  team     T1

History
when                 state    who         reason
2026-11-24 11:00:00  waiting  Bob Martin  submitted
2026-11-24 11:00:02  sending              being sent
2026-11-24 11:00:02  filed                confirmed by the API

Calls
when                 API       request       answer   took
2026-11-24 11:00:02  immoteur  POST /issues  201     0.1 s

Messages
when                 what     link
2026-11-24 11:00:02  receipt  https://slack.com/archives/C1/p1795514400000100
"""
    )


def test_every_anomaly_of_a_report_is_shown(tmp_path: Path, run: Run) -> None:
    many = [{**ANOMALY["anomalies"][0], "title": f"No. {n}"} for n in range(1, 51)]
    with writing(tmp_path) as db:
        add(db, payload={**ANOMALY, "anomalies": many})
    out = run("show", "1").out
    assert [n for n in range(1, 51) if f"No. {n}\n" not in out] == []


def test_json_has_the_report_its_history_calls_and_messages(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    found = json.loads(run("show", "1", "--json").out)
    assert found["payload"]["issueKind"] == "data"
    assert [row["state"] for row in found["history"]] == ["waiting", "sending", "filed"]
    assert [(call["path"], call["status"]) for call in found["calls"]] == [("/issues", 201)]
    assert [message["what"] for message in found["messages"]] == ["receipt"]


def test_a_number_without_a_report_is_named(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    ended = run("show", "7")
    assert (ended.status, ended.out, ended.err) == (1, "", "constat: there is no report 7\n")


def test_the_photos_of_a_report_are_shown_with_what_became_of_them(
    tmp_path: Path, run: Run
) -> None:
    with writing(tmp_path) as db:
        number = file_report(db)
        photos.add(db, number, [NewPhoto("F012", "exit.jpg", "image/jpeg", 5)], now=1.0)
        claimed = photo_queue.claim(db, "me", now=2.0, lease=60.0)
        assert claimed is not None
        cause = {"why": "gone"}
        photo_queue.finish(db, claimed, "me", PhotoState.REFUSED, cause, now=3.0)
    lines = run("show", "1").out.splitlines()
    assert "F012  exit.jpg  refused  gone    -" in [line.strip() for line in lines]
    [photo] = json.loads(run("show", "1", "--json").out)["photos"]
    assert photo["state"] == "refused"

"""A form that another release opened is read by this one, and keeps what a person typed."""

import json

from blocks.anomaly.state import AnomalyMetadata, AnomalyState
from blocks.form_state import Edited, Origin
from blocks.issue.state import IssueMetadata, IssueState

ORIGIN = {"team": "T1", "channel": "C1"}


def test_what_a_newer_release_added_is_ignored() -> None:
    carried = {
        "key": "k",
        "origin": {**ORIGIN, "canvas": "F1"},
        "state": {"more": True, "colour": "red"},
        "edits": {"number": 3, "since": 1},
        "shade": "blue",
    }
    metadata = IssueMetadata.model_validate_json(json.dumps(carried))
    assert metadata == IssueMetadata(
        key="k", origin=Origin(**ORIGIN), state=IssueState(more=True), edits=Edited(number=3)
    )


def test_a_form_whose_state_stood_beside_its_key_keeps_it() -> None:
    carried = {"key": "k", "origin": ORIGIN, "redraws": 4, "searched": ["siteId"]}
    metadata = AnomalyMetadata.model_validate_json(json.dumps(carried))
    state = AnomalyState(searched=("siteId",))
    assert metadata == AnomalyMetadata(key="k", origin=Origin(**ORIGIN), state=state, redraws=4)


def test_what_is_carried_holds_no_default() -> None:
    metadata = IssueMetadata(key="k", origin=Origin(**ORIGIN), state=IssueState())
    carried = json.loads(metadata.model_dump_json(exclude_defaults=True))
    assert carried == {"key": "k", "origin": ORIGIN, "state": {}}

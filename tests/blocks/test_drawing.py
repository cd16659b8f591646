"""Slack takes every state of every form in both languages, and people can read it."""

from typing import Any

import pytest

from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import Anomaly, AnomalyReport, Location
from blocks.anomaly.state import AnomalyMetadata, AnomalyState
from blocks.form_state import Earlier, Edited, Origin
from blocks.issue.form import ReportIssueForm
from blocks.issue.model import IssueReport
from blocks.words import LANGUAGES, words
from sandbox.slack.blockkit import elements_of
from tests.blocks.form_states import CONTEXTS, FULL, states
from tests.blocks.forms import ANOMALY_META, NOW, PLACE, AnyForm, answered, block_of, drawn

NO_HINT = {"text": "none"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_every_form_is_taken_by_slack(language: str) -> None:
    refused = []
    for form, values in states():
        first = form.metadata_type.model_validate({"key": "k", "origin": PLACE})
        later = form.metadata_type.model_validate(
            {"key": "k", "origin": PLACE, "redraws": 7, "state": {"more": True}}
        )
        for metadata in (first, later):
            try:
                drawn(form, values, words=words(language), metadata=metadata)
            except Exception as error:  # noqa: BLE001 - all of them are shown
                refused.append((form.callback_id, values.get("issueKind"), repr(error)))
    assert refused == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", CONTEXTS)
def test_every_context_of_the_form_is_taken_by_slack(
    context: AnomalyContext, language: str
) -> None:
    """At the gravest risk, edited, after an earlier report, and with an error for each field."""
    earlier = (Earlier(number=1, who="U1", at=int(NOW), state="filed", remote_id="1" * 16),) * 3
    edits = Edited(number=1, doubtful=True)
    metadata = ANOMALY_META.model_copy(update={"edits": edits, "earlier": earlier})
    first = drawn(AnomalyForm(), {"risk": "3"}, context=context, words=words(language))
    errors = dict.fromkeys([*answered(first).blocks, *(f"other.{n}" for n in range(60))], "x" * 300)
    view = drawn(
        AnomalyForm(),
        {**FULL, "siteId": "9", "risk": "3"},
        context=context,
        words=words(language),
        metadata=metadata,
        field_errors=errors,
    )
    assert len(view["private_metadata"]) < 3000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_has_a_label_and_no_hint_is_blank(language: str) -> None:
    blank = [
        block["block_id"]
        for form, values in states()
        for block in drawn(form, values, words=words(language))["blocks"]
        if block["type"] == "input"
        and not all(text["text"].strip() for text in (block["label"], block.get("hint", NO_HINT)))
    ]
    assert blank == []


def test_a_field_of_the_form_is_named_as_the_api_names_it() -> None:
    """The exceptions: the second half of the comment; the parts of a place, which lie in
    `location`; the links, which become ids; and the second field of ids, which only a split has.
    """
    drawn_names = {
        block["element"]["action_id"]
        for form, values in states()
        for block in drawn(form, values)["blocks"]
        if block["type"] == "input"
    }
    api_names = {
        *IssueReport.model_fields,
        *Anomaly.model_fields,
        *AnomalyReport.model_fields,
        *(f"location.{name}" for name in Location.model_fields),
    }
    assert (drawn_names - api_names, api_names - drawn_names) == (
        {"comment.more"},
        {"anomalies", "location", "links", "splitFrom", "classifiedIds"},
    )


@pytest.mark.parametrize("form", [ReportIssueForm(), AnomalyForm()], ids=["issue", "anomaly"])
def test_a_form_survives_its_own_drawing_in_the_other_language(form: AnyForm) -> None:
    """Redrawn in the person's language, the same blocks hold the same answers."""
    ids = []
    for language in LANGUAGES:
        view = drawn(form, FULL, words=words(language))
        ids.append(
            [
                (block["block_id"], element["action_id"])
                for block in view["blocks"]
                for element in elements_of(block)
            ]
        )
    assert ids[0] == ids[1]


def test_a_form_carries_a_long_place_in_less_than_slack_keeps() -> None:
    link = f"https://{'d' * 80}.slack.com/archives/C0123456789/p1700000000000000?thread_ts=17"
    origin = Origin(team="T" * 20, channel="C" * 20, thread_ts="1700000000.000000", link=link)
    state = AnomalyState(suggested_due=1_700_000_000)
    metadata = AnomalyMetadata(key="k" * 32, origin=origin, redraws=9999, state=state)
    view = drawn(AnomalyForm(), FULL, metadata=metadata)
    assert len(view["private_metadata"]) < 3000


def test_what_was_answered_is_drawn_again_and_read_the_same() -> None:
    form = ReportIssueForm()
    first = drawn(form, {"issueKind": "clustering", "clusteringAction": "split", "comment": "x"})
    again = drawn(form, answers=answered(first))
    assert (answered(again), again["blocks"]) == (answered(first), first["blocks"])


def test_a_choice_that_redraws_is_sent_at_once() -> None:
    kinds: list[tuple[AnyForm, str]] = [(ReportIssueForm(), "issueKind"), (AnomalyForm(), "risk")]
    dispatches: list[Any] = [block_of(drawn(form), name)["dispatch_action"] for form, name in kinds]
    assert dispatches == [True, True]

"""Every state of every form, in both languages, is one that Slack takes and people can read."""

from collections.abc import Iterator
from itertools import product
from typing import Any, get_args

import pytest

from blocks import photos
from blocks.anomaly.context import AnomalyContext, DraftOffer
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import Anomaly, AnomalyReport, Location
from blocks.anomaly.options import Choice
from blocks.anomaly.risk import LEVELS, SHIPPED, Asked, Risk
from blocks.anomaly.state import AnomalyMetadata, AnomalyState
from blocks.answers import Value
from blocks.attachment import Attachment
from blocks.form import InvalidFormError
from blocks.form_state import Earlier, Edited, Origin
from blocks.issue.form import ReportIssueForm
from blocks.issue.model import IssueFacet, IssueKind, IssueReport
from blocks.issue.photo_links import with_links
from blocks.words import LANGUAGES, Words, words
from sandbox.slack.blockkit import elements_of
from tests.blocks.forms import ANOMALY_META, NOW, PLACE, AnyForm, answered, answers, block_of, drawn

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
FULL: dict[str, Value] = {
    "propertyIds": "x" * 5000,
    "classifiedIds": "x" * 5000,
    "comment": "&<>" * 1500,
    "comment.more": "é" * 5000,
    "issueFacets": get_args(IssueFacet),
    "clusteringAction": "merge",
    "reportId": "9" * 16,
    "title": "t" * 9000,
    "description": "d" * 9000,
    "dueAt": int(NOW) + 60,
    "location.floor": "f" * 9000,
}
POLICIES = [
    SHIPPED,
    *(
        dict.fromkeys(LEVELS, Risk(due=due, place=place, due_in_hours=hours, alert=alert))
        for due, place in product(get_args(Asked), repeat=2)
        for hours, alert in ((None, False), (24, True))
    ),
    dict.fromkeys(LEVELS, Risk(label="L" * 60)),
    dict.fromkeys(LEVELS, Risk(label={"en": "E" * 60, "fr": "F" * 60})),
]

LONG = Anomaly(
    title="&" * 250,
    description="d" * 2500,
    risk=3,
    technicalInstallationId=9,
    siteId=9,
    dueAt="2025-11-30T10:00:00.000Z",
    location=Location(floor="f" * 250, room="<" * 250),
)
NAMES = ("siteId", "technicalInstallationId", "reportId")
FULL_DRAFT = dict.fromkeys(range(1, 51), LONG)
WHY = ("loading", "forbidden", "unreachable", "unreadable", "empty")
CONTEXTS = [
    *(AnomalyContext(why_not=dict.fromkeys(NAMES, why)) for why in WHY),
    AnomalyContext(searchable=frozenset(NAMES), no_installations=True),
    AnomalyContext(
        searchable=frozenset(NAMES),
        chosen={name: Choice(9, ("e" * 200, "n" * 200, "c" * 200)) for name in NAMES},
        offer=DraftOffer(
            key="k" * 32,
            anomalies=50,
            site=Choice(9, ("e" * 200, "c" * 200)),
            report=Choice(8, ("2025-01-01", "n" * 200)),
            changed_at=NOW,
            elsewhere="C2",
            unfinished="&" * 250,
        ),
    ),
    AnomalyContext(draft={1: LONG}, anomaly_number=1),
    AnomalyContext(draft={1: LONG}),
    AnomalyContext(searchable=frozenset(NAMES), draft=FULL_DRAFT, no_installations=True),
    AnomalyContext(draft=FULL_DRAFT, anomaly_number=50, lost=True),
    AnomalyContext(draft=FULL_DRAFT, anomaly_number=99),
    AnomalyContext(
        searchable=frozenset(NAMES),
        draft=dict.fromkeys(range(1, 201), LONG),
        anomaly_number=7,
        no_installations=True,
    ),
]

SAID = {"text": "said"}
LONG_AGO = 1_700_000_000.0
"""UNIX seconds, before `LONG` is due."""
EN_KEYS = Words("en", {key: key for key in words("en").texts})
"""A language in which each sentence is its own key."""


def states() -> Iterator[tuple[AnyForm, dict[str, Value]]]:
    for kind in ("", *get_args(IssueKind)):
        for values in ({}, FULL):
            yield ReportIssueForm(), {**values, "issueKind": kind}
    for config in POLICIES:
        for level in ("", *LEVELS):
            for values in ({}, FULL):
                yield AnomalyForm(config), {**values, "risk": level}


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
    """At the gravest risk, edited, asked about, and with a complaint about each field."""
    earlier = (Earlier(number=1, who="U1", at=int(NOW), state="filed", remote_id="1" * 16),) * 3
    edits = Edited(number=1, doubtful=True)
    metadata = ANOMALY_META.model_copy(update={"edits": edits, "earlier": earlier})
    first = drawn(AnomalyForm(), {"risk": "3"}, context=context, words=words(language))
    said = dict.fromkeys([*answered(first).blocks, *(f"other.{n}" for n in range(60))], "x" * 300)
    view = drawn(
        AnomalyForm(),
        {**FULL, "siteId": "9", "risk": "3"},
        context=context,
        words=words(language),
        metadata=metadata,
        field_errors=said,
    )
    assert len(view["private_metadata"]) < 3000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_has_a_label_and_no_hint_is_blank(language: str) -> None:
    blank = [
        block["block_id"]
        for form, values in states()
        for block in drawn(form, values, words=words(language))["blocks"]
        if block["type"] == "input"
        and not all(text["text"].strip() for text in (block["label"], block.get("hint", SAID)))
    ]
    assert blank == []


def test_a_field_of_the_form_is_named_as_the_api_names_it() -> None:
    """But for the second half of the comment, a place's parts, which lie in `location`, the
    links, which become ids, and the second field of ids, which only a split has.
    """
    asked = {
        block["element"]["action_id"]
        for form, values in states()
        for block in drawn(form, values)["blocks"]
        if block["type"] == "input"
    }
    named = {
        *IssueReport.model_fields,
        *Anomaly.model_fields,
        *AnomalyReport.model_fields,
        *(f"location.{name}" for name in Location.model_fields),
    }
    assert (asked - named, named - asked) == (
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
                (block["block_id"], one["action_id"])
                for block in view["blocks"]
                for one in elements_of(block)
            ]
        )
    assert ids[0] == ids[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_fits_in_an_alert(language: str) -> None:
    """Where a fault's field is not on screen yet, an alert of 200 characters says it."""
    said = [sentence for one in faults(words(language)) for sentence in one.values()]
    assert [one for one in said if len(one) > 200] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_drawn_with_its_faults_is_taken_by_slack(language: str) -> None:
    spoken = words(language)
    shown = []
    for form, values in states():
        try:
            form.read(spoken, answers(**values), now=NOW)
        except InvalidFormError as invalid:
            view = drawn(form, values, words=spoken, field_errors=invalid.field_errors)
            alerts = [one["text"]["text"] for one in view["blocks"] if one["type"] == "alert"]
            shown.append(set(invalid.field_errors.values()) <= set(alerts))
    assert all(shown)
    assert len(shown) > 20


def test_a_form_carries_a_long_place_in_less_than_slack_keeps() -> None:
    link = f"https://{'d' * 80}.slack.com/archives/C0123456789/p1700000000000000?thread_ts=17"
    origin = Origin(team="T" * 20, channel="C" * 20, thread_ts="1700000000.000000", link=link)
    state = AnomalyState(suggested_due=1_700_000_000)
    metadata = AnomalyMetadata(key="k" * 32, origin=origin, redraws=9999, state=state)
    view = drawn(AnomalyForm(), FULL, metadata=metadata)
    assert len(view["private_metadata"]) < 3000


LINKS: list[dict[str, Value]] = [
    {"propertyIds": "http://10.0.0.1/a"},
    {"propertyIds": "pap.fr/" + "y" * 2048},
    {"propertyIds": " ".join(f"pap.fr/{n}" for n in range(21))},
    {"propertyIds": ID, "classifiedIds": ID},
]


def photo_faults(spoken: Words) -> Iterator[dict[str, str]]:
    """The field_errors about files."""
    film, large = Attachment(file="F1", mimetype="video/mp4"), Attachment(file="F2", size=10**9)
    many = [Attachment(file=f"F{n}") for n in range(11)]
    for files in ([film], [large], many):
        yield photos.faults(spoken, answers(photos=tuple(file.packed() for file in files)))
    links = [Attachment(file=f"F{n}", permalink="https://" + "x" * 900) for n in range(5)]
    report = IssueReport(propertyIds=(ID,), issueKind="other", comment="x")
    try:
        with_links(spoken, answers(photos=tuple(file.packed() for file in links)), report)
    except InvalidFormError as invalid:
        yield dict(invalid.field_errors)


def faults(spoken: Words) -> Iterator[dict[str, str]]:
    """The field_errors about each state, and about nonsense typed into it."""
    nonsense: dict[str, Value] = {
        "propertyIds": " ".join("x" * 60 + str(n) for n in range(9)),
        "comment.more": "y" * 3000,
        "dueAt": 1,
    }
    late: dict[str, Value] = {"dueAt": 10**12}
    typed: list[dict[str, Value]] = [{}, nonsense, late, {"classifiedIds": ID}, {"propertyIds": ID}]
    typed.append({"propertyIds": ID, "classifiedIds": "", "clusteringAction": "split"})
    for form, values in states():
        for more in (*typed, *LINKS):
            try:
                form.read(spoken, answers(**{**values, **more}), now=NOW)
            except InvalidFormError as invalid:
                yield dict(invalid.field_errors)
    for context in CONTEXTS:
        try:
            AnomalyForm().read(spoken, answers(title="x"), now=NOW, context=context)
        except InvalidFormError as invalid:
            yield {name: said for name, said in invalid.field_errors.items() if name != "draft"}
    yield from photo_faults(spoken)
    copied = AnomalyContext(draft={1: LONG}, is_copy=True)
    copy = answers(**AnomalyForm().from_payload({"reportId": 1, "anomalies": [LONG.body()]}))
    try:
        AnomalyForm().read(spoken, copy, now=LONG_AGO, context=copied)
    except InvalidFormError as invalid:
        yield dict(invalid.field_errors)


def test_the_faults_tried_here_are_all_there_are() -> None:
    said = {sentence for one in faults(EN_KEYS) for sentence in one.values()}
    there = {key for key in EN_KEYS.texts if ".faults." in key}
    assert said == there


def test_what_was_answered_is_drawn_again_and_read_the_same() -> None:
    form = ReportIssueForm()
    first = drawn(form, {"issueKind": "clustering", "clusteringAction": "split", "comment": "x"})
    again = drawn(form, answers=answered(first))
    assert (answered(again), again["blocks"]) == (answered(first), first["blocks"])


def test_a_choice_that_redraws_is_sent_at_once() -> None:
    kinds: list[tuple[AnyForm, str]] = [(ReportIssueForm(), "issueKind"), (AnomalyForm(), "risk")]
    heard: list[Any] = [block_of(drawn(form), name)["dispatch_action"] for form, name in kinds]
    assert heard == [True, True]

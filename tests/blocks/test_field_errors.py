"""All errors of all fields, in both languages: they fit, and Slack takes the form with them."""

from collections.abc import Iterator

import pytest

from blocks import photos
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.form import AnomalyForm
from blocks.answers import Value
from blocks.attachment import Attachment
from blocks.form import InvalidFormError
from blocks.issue.model import IssueReport
from blocks.issue.photo_links import with_links
from blocks.words import LANGUAGES, Words, words
from tests.blocks.form_states import CONTEXTS, ID, LONG, states
from tests.blocks.forms import NOW, answers, drawn

LONG_AGO = 1_700_000_000.0
"""UNIX seconds, before `LONG` is due."""
EN_KEYS = Words("en", {key: key for key in words("en").texts})
"""A language in which each sentence is its own key."""


LINKS: list[dict[str, Value]] = [
    {"propertyIds": "http://10.0.0.1/a"},
    {"propertyIds": "pap.fr/" + "y" * 2048},
    {"propertyIds": " ".join(f"pap.fr/{n}" for n in range(21))},
    {"propertyIds": ID, "classifiedIds": ID},
]


def photo_errors(catalogue: Words) -> Iterator[dict[str, str]]:
    """The errors of files."""
    film, large = Attachment(file="F1", mimetype="video/mp4"), Attachment(file="F2", size=10**9)
    many = [Attachment(file=f"F{n}") for n in range(11)]
    for files in ([film], [large], many):
        yield photos.faults(catalogue, answers(photos=tuple(file.packed() for file in files)))
    links = [Attachment(file=f"F{n}", permalink="https://" + "x" * 900) for n in range(5)]
    report = IssueReport(propertyIds=(ID,), issueKind="other", comment="x")
    try:
        with_links(catalogue, answers(photos=tuple(file.packed() for file in links)), report)
    except InvalidFormError as invalid:
        yield dict(invalid.field_errors)


def field_errors(catalogue: Words) -> Iterator[dict[str, str]]:
    """The errors of each state, and of nonsense that is typed into it."""
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
                form.read(catalogue, answers(**{**values, **more}), now=NOW)
            except InvalidFormError as invalid:
                yield dict(invalid.field_errors)
    for context in CONTEXTS:
        try:
            AnomalyForm().read(catalogue, answers(title="x"), now=NOW, context=context)
        except InvalidFormError as invalid:
            yield {name: text for name, text in invalid.field_errors.items() if name != "draft"}
    yield from photo_errors(catalogue)
    copied = AnomalyContext(draft={1: LONG}, is_copy=True)
    copy = answers(**AnomalyForm().from_payload({"reportId": 1, "anomalies": [LONG.body()]}))
    try:
        AnomalyForm().read(catalogue, copy, now=LONG_AGO, context=copied)
    except InvalidFormError as invalid:
        yield dict(invalid.field_errors)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_fits_in_an_alert(language: str) -> None:
    """An error whose field is not on screen yet is shown in an alert of 200 characters."""
    sentences = [text for errors in field_errors(words(language)) for text in errors.values()]
    assert [text for text in sentences if len(text) > 200] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_drawn_with_its_errors_is_taken_by_slack(language: str) -> None:
    catalogue = words(language)
    shown = []
    for form, values in states():
        try:
            form.read(catalogue, answers(**values), now=NOW)
        except InvalidFormError as invalid:
            view = drawn(form, values, words=catalogue, field_errors=invalid.field_errors)
            alerts = [block["text"]["text"] for block in view["blocks"] if block["type"] == "alert"]
            shown.append(set(invalid.field_errors.values()) <= set(alerts))
    assert all(shown)
    assert len(shown) > 20


def test_every_error_of_the_catalogue_is_tried_here() -> None:
    keys = {key for errors in field_errors(EN_KEYS) for key in errors.values()}
    assert keys == {key for key in EN_KEYS.texts if ".faults." in key}

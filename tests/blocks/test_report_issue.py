"""The form of /report-issue, without Slack: what words and messages fill in, and how it is read."""

from typing import Any

import pytest

from blocks.answers import Answers
from blocks.form import InvalidFormError
from blocks.issue.form import ReportIssueForm
from blocks.issue.model import IssueReport
from tests.blocks.forms import EN, FR, META, NOW, answered, answers, block_of, drawn, fields

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
C = "11111111-2222-3333-4444-555555555555"
FORM = ReportIssueForm()
MERGE = {"issueKind": "clustering", "clusteringAction": "merge"}
SPLIT = {"issueKind": "clustering", "clusteringAction": "split"}


def read(values: dict[str, Any]) -> IssueReport:
    return FORM.read(EN, Answers(values), now=NOW)


def field_errors(values: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidFormError) as invalid:
        read(values)
    return dict(invalid.value.field_errors)


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({"issueKind": "data", "propertyIds": A, "issueFacets": ("price", "link")},
         {"issueKind": "data", "propertyIds": [A], "issueFacets": ["price", "link"]}),
        (MERGE | {"propertyIds": f"{B.upper()}\n{A} {A}", "comment": "  same \n"},
         MERGE | {"propertyIds": [B, A], "comment": "same"}),
        (SPLIT | {"propertyIds": A, "classifiedIds": f"{B};{C}"},
         SPLIT | {"propertyIds": [A], "classifiedIds": [B, C]}),
        ({"issueKind": "other", "propertyIds": A, "comment": "<!channel> *x*"},
         {"issueKind": "other", "propertyIds": [A], "comment": "<!channel> *x*"}),
        ({"issueKind": "other", "propertyIds": A, "comment.more": "only here"},
         {"issueKind": "other", "propertyIds": [A], "comment": "only here"}),
    ],
)  # fmt: skip
def test_a_form_gives_the_body_without_keys_that_say_nothing(
    values: dict[str, Any], body: dict[str, Any]
) -> None:
    assert read(values).body() == body


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("data", {"issueFacets": ["price"]}),
        ("clustering", {"clusteringAction": "merge"}),
        ("other", {}),
    ],
)
def test_what_the_last_choice_hid_is_not_sent(kind: str, kept: dict[str, Any]) -> None:
    values = {
        "issueKind": kind,
        "issueFacets": ("price",),
        "clusteringAction": "merge",
        "propertyIds": f"{A} {B}",
        "comment": "c",
    }
    named = {"issueKind": kind, "propertyIds": [A, B], "comment": "c"}
    assert read(values).body() == named | kept


def test_a_comment_of_4000_characters_fits_in_two_fields() -> None:
    values = {"issueKind": "other", "propertyIds": A, "comment": "a" * 3000}
    report = read(values | {"comment.more": "b" * 999})
    assert report.comment == "a" * 3000 + "\n" + "b" * 999


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, {"issueKind": "Choose what is wrong.",
              "propertyIds": "Paste the link of a listing, or the id of a property."}),
        ({"issueKind": "data", "propertyIds": A}, {"issueFacets": "Choose at least one."}),
        ({"issueKind": "clustering", "propertyIds": A},
         {"clusteringAction": "Choose whether to merge or to split.",
          "propertyIds": "To merge, paste at least two different links or ids."}),
        (MERGE | {"propertyIds": f"{A} {A.upper()}"},
         {"propertyIds": "To merge, paste at least two different links or ids."}),
        ({"issueKind": "other", "propertyIds": A, "comment": " \n "},
         {"comment": "Describe the problem in a few words."}),
        ({"issueKind": "other", "comment": "x", "propertyIds": "http://127.0.0.1/a"},
         {"propertyIds": "This is not the link of a public web page: http://127.0.0.1/a"}),
        ({"issueKind": "other", "comment": "x", "classifiedIds": "seloger.com/" + "y" * 2037},
         {"classifiedIds": "This link is longer than 2,048 characters, the limit for a look-up:"
          " seloger.com/" + "y" * 27 + "…"}),
        ({"issueKind": "other", "comment": "x",
          "propertyIds": " ".join(f"pap.fr/{n}" for n in range(21))},
         {"propertyIds": "21 links: a report can have at most 20."}),
        ({"issueKind": "other", "comment": "x", "propertyIds": f"{A} nonsense"},
         {"propertyIds": "This is neither a link nor an id: nonsense"}),
        ({"issueKind": "other", "comment": "x", "propertyIds": f"{A} a b c d",
          "classifiedIds": "e f"},
         {"propertyIds": "4 of these are neither links nor ids: a, b, c, …",
          "classifiedIds": "2 of these are neither links nor ids: e, f"}),
        ({"issueKind": "other", "comment": "x", "propertyIds": A + " " + "y" * 100},
         {"propertyIds": "This is neither a link nor an id: " + "y" * 39 + "…"}),
        ({"issueKind": "other", "propertyIds": A, "comment": "x" * 3000,
          "comment.more": "y" * 2000},
         {"comment.more": "Your comment has 5,001 characters; the limit is 4,000."}),
        ({"issueKind": "other", "propertyIds": A, "comment": "x" * 5000},
         {"comment": "Your comment has 5,000 characters; the limit is 4,000."}),
    ],
)  # fmt: skip
def test_every_fault_is_named_on_its_field(values: dict[str, Any], errors: dict[str, str]) -> None:
    assert field_errors(values) == errors


@pytest.mark.parametrize(
    "blank", ["\u200b", "\ufeff \u2060", "\u00ad", "\u3164", "\u2800", "\ufe0f"]
)
@pytest.mark.parametrize("name", ["comment", "comment.more"])
def test_a_comment_of_which_a_reader_sees_nothing_is_missing(name: str, blank: str) -> None:
    values = {"issueKind": "other", "propertyIds": A, name: blank}
    assert field_errors(values) == {"comment": "Describe the problem in a few words."}


def test_a_blank_comment_that_nobody_needs_is_not_sent() -> None:
    values = {"issueKind": "data", "issueFacets": ("price",), "propertyIds": A, "comment": "\u200b"}
    body = {"issueKind": "data", "issueFacets": ["price"], "propertyIds": [A]}
    assert read(values).body() == body


def test_classifieds_are_taken_alone_their_property_is_looked_up_before_they_are_sent() -> None:
    values = {"issueKind": "other", "classifiedIds": B, "comment": "gone"}
    body = {"issueKind": "other", "classifiedIds": [B], "comment": "gone"}
    assert read(values).body() == body


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("", ["propertyIds", "issueKind", "issueFacets", "comment?"]),
        ("data", ["propertyIds", "issueKind", "issueFacets", "comment?"]),
        ("clustering",
         ["propertyIds", "issueKind", "clusteringAction", "comment?"]),
        ("other", ["propertyIds", "issueKind", "comment"]),
    ],
)  # fmt: skip
def test_a_kind_asks_only_for_what_it_needs(kind: str, shown: list[str]) -> None:
    assert fields(drawn(FORM, {"issueKind": kind})) == shown


def test_the_second_comment_field_comes_when_asked_for_and_when_it_holds_text() -> None:
    pressed, _ = FORM.pressed(META, Answers(), {"action_id": "comment.more.show"})
    assert "comment.more?" not in fields(drawn(FORM))
    assert "comment.more?" in fields(drawn(FORM, metadata=pressed))
    assert "comment.more?" in fields(drawn(FORM, {"comment.more": "x"}))


def test_a_prefilled_form_is_read_as_it_was_filled() -> None:
    values = FORM.from_words(f"merge {A} {B} classified:{C} same flat")
    report = FORM.read(EN, answered(drawn(FORM, values)), now=NOW)
    assert report.body() == MERGE | {
        "propertyIds": [A, B],
        "classifiedIds": [C],
        "comment": "same flat",
    }


def test_a_form_in_french_offers_the_same_values() -> None:
    views = [drawn(FORM, words=words) for words in (EN, FR)]
    facets = [block_of(view, "issueFacets")["element"]["options"] for view in views]
    offered = [[option["value"] for option in options] for options in facets]
    usual = ["price", "media", "status", "location"]
    assert offered[0] == offered[1]
    assert [*offered[0][:4], offered[0][-1]] == [*usual, "other"]


@pytest.mark.parametrize(
    ("values", "targets"),
    [
        ({"propertyIds": f"{A} {B}", "classifiedIds": C}, (A, B)),
        ({"classifiedIds": C}, (C,)),
    ],
)
def test_a_report_is_about_its_properties_or_else_its_classifieds(
    values: dict[str, Any], targets: tuple[str, ...]
) -> None:
    report = read({"issueKind": "other", "comment": "x", **values})
    assert report.targets() == targets


def test_answers_are_found_by_field_however_a_block_is_numbered() -> None:
    given = answers(propertyIds=A, comment="x")
    assert (given.text("propertyIds"), given.text("nothing"), given.several("comment")) == (
        A,
        "",
        (),
    )

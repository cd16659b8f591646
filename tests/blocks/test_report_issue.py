"""The form of /report-issue, without Slack: what words and messages fill in, and how it is read."""

from typing import Any

import pytest

from blocks.form import Answers, Faulty, Value
from blocks.issue_report import COMMENT_LIMIT, IssueReport
from blocks.report_issue import ReportIssueForm
from tests.blocks.forms import EN, FR, META, NOW, answered, answers, block_of, drawn, fields

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
C = "11111111-2222-3333-4444-555555555555"
FORM = ReportIssueForm()
MERGE = {"issueKind": "clustering", "clusteringAction": "merge"}
SPLIT = {"issueKind": "clustering", "clusteringAction": "split"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("   ", {}),
        ("data", {"issueKind": "data"}),
        ("DATA: wrong price", {"issueKind": "data", "comment": "wrong price"}),
        ("clustering", {"issueKind": "clustering"}),
        ("merge", MERGE),
        ("split,", SPLIT),
        ("other\nthe photos", {"issueKind": "other", "comment": "the photos"}),
        ("other\tthe photos", {"issueKind": "other", "comment": "the photos"}),
        ("other\u00a0the photos", {"issueKind": "other", "comment": "the photos"}),
        ("dataset is wrong", {"comment": "dataset is wrong"}),
        ("the other one", {"comment": "the other one"}),
        (A, {"propertyIds": A}),
        (f"{A.upper()} is sold", {"propertyIds": A, "comment": "is sold"}),
        (f"merge {A} {B}", MERGE | {"propertyIds": f"{A}\n{B}"}),
        (f"merge {A},{B}", MERGE | {"propertyIds": f"{A}\n{B}"}),
        (f"merge {A} , {B} same", MERGE | {"propertyIds": f"{A}\n{B}", "comment": "same"}),
        (f"merge “{A}” ‘{B}’", MERGE | {"propertyIds": f"{A}\n{B}"}),
        (f"{A} {A.upper()}", {"propertyIds": A}),
        (f"{A} is wrong\nand old", {"propertyIds": A, "comment": "is wrong\nand old"}),
        (f"split {A} classified:{B}", SPLIT | {"propertyIds": A, "classifiedIds": B}),
        (f"{A} classifieds: {B}, {C} not it",
         {"propertyIds": A, "classifiedIds": f"{B}\n{C}", "comment": "not it"}),
        (f"Classified: {B}", {"classifiedIds": B}),
        (f"classified:“{B}”", {"classifiedIds": B}),
        (f"classified:<https://immoteur.com/c/{B}>",
         {"classifiedIds": B, "comment": f"classified:https://immoteur.com/c/{B}"}),
        ("see <https://seloger.com/1.htm?a=1&amp;b=2>",
         {"issueKind": "other", "propertyIds": "https://seloger.com/1.htm?a=1&b=2",
          "comment": "see"}),
        ("see seloger.com/1.htm",
         {"issueKind": "other", "propertyIds": "seloger.com/1.htm", "comment": "see"}),
        ("the price of <https://seloger.com/1.htm|the listing>",
         {"issueKind": "data", "issueFacets": ("price",),
          "propertyIds": "https://seloger.com/1.htm", "comment": "the price of the listing"}),
        ("other the price of seloger.com/1.htm",
         {"issueKind": "other", "propertyIds": "seloger.com/1.htm", "comment": "the price of"}),
        (f"https://immoteur.com/p/{A}",
         {"propertyIds": A, "comment": f"https://immoteur.com/p/{A}"}),
        ("ask <@U0ALICE001|alice> in <#C0ANNONCES|annonces>",
         {"comment": "ask @alice in #annonces"}),
        ("price &lt; 3 &amp; rooms &gt; 2", {"comment": "price < 3 & rooms > 2"}),
        ("price < 3 & rooms > 2", {"comment": "price < 3 & rooms > 2"}),
        ("the payload is wrong", {"comment": "the payload is wrong"}),
        ("“smart” ‘quotes’ *bold* _it_", {"comment": "“smart” ‘quotes’ *bold* _it_"}),
    ],
)  # fmt: skip
def test_words_after_the_command_fill_the_form(text: str, values: dict[str, Value]) -> None:
    assert FORM.from_words(text) == values


MESSAGE = {"text": f"Same flat: <https://immoteur.com/p/{A}> &amp; {B}", "client_msg_id": C}
LINK = "https://atelier.slack.com/archives/C1/p1"


def test_a_message_gives_its_ids_its_text_and_its_link() -> None:
    assert FORM.from_message(MESSAGE, LINK) == {
        "propertyIds": f"{A}\n{B}",
        "comment": f"Same flat: https://immoteur.com/p/{A} & {B}\n{LINK}",
    }


def test_a_message_without_text_gives_its_link() -> None:
    assert FORM.from_message({"text": None}, LINK) == {"comment": LINK}


@pytest.mark.parametrize(
    "text",
    ["word " * 700, "w" * 3500, "word " * 500 + "w" * 1400, "word\n" * 780, "w" + " " * 3900],
)
def test_a_text_that_fits_in_both_comment_fields_is_not_cut(text: str) -> None:
    values = FORM.from_message({"text": text}, LINK)
    whole = read({"issueKind": "other", **values, "propertyIds": A}).comment
    assert whole.replace("\n", "").replace(" ", "") == (
        (text + LINK).replace("\n", "").replace(" ", "")
    )


@pytest.mark.parametrize("text", ["word " * 2000, "w" * 10_000, "word " * 500 + "w" * 9000])
def test_a_text_too_long_is_cut_with_a_mark_and_keeps_its_link(text: str) -> None:
    values = FORM.from_message({"text": text}, LINK)
    whole = read({"issueKind": "other", **values, "propertyIds": A}).comment
    assert (len(whole) <= COMMENT_LIMIT, whole.endswith(f"…\n{LINK}")) == (True, True)


def test_more_ids_than_the_field_takes_are_cut_between_two_with_a_mark() -> None:
    many = [f"{n:08x}-0000-0000-0000-000000000000" for n in range(100)]
    shown = str(FORM.from_message({"text": " ".join(many)}, None)["propertyIds"]).split("\n")
    assert (shown[:-1], shown[-1]) == (many[: len(shown) - 1], "…")


def read(values: dict[str, Any]) -> IssueReport:
    return FORM.read(EN, Answers(values), now=NOW)


def complaints(values: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Faulty) as faulty:
        read(values)
    return dict(faulty.value.complaints)


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
    held = {
        "issueKind": kind,
        "issueFacets": ("price",),
        "clusteringAction": "merge",
        "propertyIds": f"{A} {B}",
        "comment": "c",
    }
    named = {"issueKind": kind, "propertyIds": [A, B], "comment": "c"}
    assert read(held).body() == named | kept


def test_a_comment_of_4000_characters_fits_in_two_fields() -> None:
    values = {"issueKind": "other", "propertyIds": A, "comment": "a" * 3000}
    report = read(values | {"comment.more": "b" * 999})
    assert report.comment == "a" * 3000 + "\n" + "b" * 999


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, {"issueKind": "Choose what is wrong.",
              "propertyIds": "Give at least one property id."}),
        ({"issueKind": "data", "propertyIds": A}, {"issueFacets": "Choose at least one."}),
        ({"issueKind": "clustering", "propertyIds": A},
         {"clusteringAction": "Choose whether to merge or to split.",
          "propertyIds": "Merging or splitting needs at least two different ids, properties and"
          " classifieds together."}),
        (MERGE | {"propertyIds": f"{A} {A.upper()}"},
         {"propertyIds": "Merging or splitting needs at least two different ids, properties and"
          " classifieds together."}),
        ({"issueKind": "other", "propertyIds": A, "comment": " \n "},
         {"comment": "Describe the problem in a few words."}),
        ({"issueKind": "other", "comment": "x", "propertyIds": "http://127.0.0.1/a"},
         {"propertyIds": "This link does not lead to a portal: http://127.0.0.1/a"}),
        ({"issueKind": "other", "comment": "x", "classifiedIds": "seloger.com/" + "y" * 2037},
         {"classifiedIds": "This link is longer than the 2,048 characters that Immoteur looks up:"
          " seloger.com/" + "y" * 27 + "…"}),
        ({"issueKind": "other", "comment": "x",
          "propertyIds": " ".join(f"pap.fr/{n}" for n in range(21))},
         {"propertyIds": "These are 21 links; 20 are the most for one report."}),
        ({"issueKind": "other", "comment": "x", "propertyIds": f"{A} nonsense"},
         {"propertyIds": "This is not an id: nonsense"}),
        ({"issueKind": "other", "comment": "x", "propertyIds": f"{A} a b c d",
          "classifiedIds": "e f"},
         {"propertyIds": "4 of these are not ids: a, b, c, …",
          "classifiedIds": "2 of these are not ids: e, f"}),
        ({"issueKind": "other", "comment": "x", "propertyIds": A + " " + "y" * 100},
         {"propertyIds": "This is not an id: " + "y" * 39 + "…"}),
        ({"issueKind": "other", "propertyIds": A, "comment": "x" * 3000,
          "comment.more": "y" * 2000},
         {"comment.more": "This is 5001 characters long in all; 4,000 is the most that Immoteur"
          " takes."}),
        ({"issueKind": "other", "propertyIds": A, "comment": "x" * 5000},
         {"comment": "This is 5000 characters long in all; 4,000 is the most that Immoteur"
          " takes."}),
    ],
)  # fmt: skip
def test_every_fault_is_named_on_its_field(values: dict[str, Any], said: dict[str, str]) -> None:
    assert complaints(values) == said


def test_classifieds_are_taken_alone_their_property_is_looked_up_before_they_are_sent() -> None:
    values = {"issueKind": "other", "classifiedIds": B, "comment": "gone"}
    body = {"issueKind": "other", "classifiedIds": [B], "comment": "gone"}
    assert read(values).body() == body


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("", ["issueKind", "issueFacets", "propertyIds?", "classifiedIds?", "comment?"]),
        ("data", ["issueKind", "issueFacets", "propertyIds?", "classifiedIds?", "comment?"]),
        ("clustering",
         ["issueKind", "clusteringAction", "propertyIds?", "classifiedIds?", "comment?"]),
        ("other", ["issueKind", "propertyIds?", "classifiedIds?", "comment"]),
    ],
)  # fmt: skip
def test_a_kind_asks_only_for_what_it_needs(kind: str, shown: list[str]) -> None:
    assert fields(drawn(FORM, {"issueKind": kind})) == shown


def test_the_second_comment_field_comes_when_asked_for_and_when_it_holds_text() -> None:
    pressed, _ = FORM.pressed(META, Answers(), {"action_id": "comment.more.show"})
    shown = [drawn(FORM), drawn(FORM, meta=pressed), drawn(FORM, {"comment.more": "x"})]
    assert ["comment.more?" in fields(view) for view in shown] == [False, True, True]


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
    offered = [[one["value"] for one in options] for options in facets]
    assert offered[0] == offered[1] == sorted(offered[0])


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

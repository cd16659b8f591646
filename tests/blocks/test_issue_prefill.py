"""What the words after /report-issue, and a message, fill in."""

import pytest

from blocks.answers import Value
from blocks.issue.form import ReportIssueForm
from blocks.issue.model import COMMENT_LIMIT
from tests.blocks.test_report_issue import read

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
C = "11111111-2222-3333-4444-555555555555"
FORM = ReportIssueForm()
MERGE = {"issueKind": "clustering", "clusteringAction": "merge"}
WIDE = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789abcdef-"}
"""To full-width characters, as Asian keyboards have them."""
SPLIT = {"issueKind": "clustering", "clusteringAction": "split"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("   ", {}),
        ("data", {"issueKind": "data"}),
        ("DATA: wrong price",
         {"issueKind": "data", "issueFacets": ("price",), "comment": "wrong price"}),
        ("clustering", {"issueKind": "clustering"}),
        ("merge", MERGE),
        ("split,", SPLIT),
        ("other\nthe photos", {"issueKind": "other", "comment": "the photos"}),
        ("other\tthe photos", {"issueKind": "other", "comment": "the photos"}),
        ("other\u00a0the photos", {"issueKind": "other", "comment": "the photos"}),
        ("dataset is wrong", {"comment": "dataset is wrong"}),
        ("the other one", {"comment": "the other one"}),
        (A, {"propertyIds": A}),
        (f"{A.upper()} is sold",
         {"issueKind": "data", "issueFacets": ("status",), "propertyIds": A, "comment": "is sold"}),
        (f"merge {A} {B}", MERGE | {"propertyIds": f"{A}\n{B}"}),
        (f"merge {A},{B}", MERGE | {"propertyIds": f"{A}\n{B}"}),
        (f"merge {A} , {B} same", MERGE | {"propertyIds": f"{A}\n{B}", "comment": "same"}),
        (f"merge “{A}” ‘{B}’", MERGE | {"propertyIds": f"{A}\n{B}"}),
        (f"{A} {A.upper()}", {"propertyIds": A}),
        (f"{A} is wrong\nand old",
         {"issueKind": "other", "propertyIds": A, "comment": "is wrong\nand old"}),
        (f"split {A} classified:{B}", SPLIT | {"propertyIds": A, "classifiedIds": B}),
        (f"{A} classifieds: {B}, {C} not it",
         {"issueKind": "other", "comment": "not it",
          "propertyIds": f"{A}\nclassified: {B}\nclassified: {C}"}),
        (f"Classified: {B}", {"propertyIds": f"classified: {B}"}),
        (f"classified:“{B}”", {"propertyIds": f"classified: {B}"}),
        (f"classified:<https://immoteur.com/c/{B}>",
         {"issueKind": "other", "propertyIds": f"classified: {B}",
          "comment": f"classified:https://immoteur.com/c/{B}"}),
        (f"split {A} classified : {B}", SPLIT | {"propertyIds": A, "classifiedIds": B}),
        (f"split {A} classified\u00a0: {B}", SPLIT | {"propertyIds": A, "classifiedIds": B}),
        (f"split {A} Classifieds\u202f:\u202f{B}", SPLIT | {"propertyIds": A, "classifiedIds": B}),
        (f"split {A} classified：{B}", SPLIT | {"propertyIds": A, "classifiedIds": B}),
        (f"Séparer : bien : {A} annonces : {B} et {C}",
         SPLIT | {"propertyIds": A, "classifiedIds": f"{B}\n{C}"}),
        (f"Fusionner\u00a0: {A}, {B}", MERGE | {"propertyIds": f"{A}\n{B}"}),
        ("Données\u202f: le prix", {"issueKind": "data", "issueFacets": ("price",)}),
        ("Donne\u0301es : le prix", {"issueKind": "data", "issueFacets": ("price",)}),
        (f"property: {A} classified_id={B}", {"propertyIds": f"{A}\nclassified: {B}"}),
        (f"l’annonce : {B} est fausse",
         {"issueKind": "other", "propertyIds": f"classified: {B}",
          "comment": "l’annonce est fausse"}),
        (f"data {A.replace('-', '‑')} et {B.replace('-', '–')}",
         {"issueKind": "data", "propertyIds": f"{A}\n{B}"}),
        (f"data {A[:9]}\u200b{A[9:]}\ufeff le “prix”",
         {"issueKind": "data", "issueFacets": ("price",), "propertyIds": A,
          "comment": "le “prix”"}),
        (f"data {A.translate(WIDE)}", {"issueKind": "data", "propertyIds": A}),
        (f"<https://www.seloger.com/1.htm?searchId={A}> le prix",
         {"issueKind": "data", "issueFacets": ("price",),
          "propertyIds": f"https://www.seloger.com/1.htm?searchId={A}"}),
        (f"data https://immoteur.com/p/{A}?searchId={B}",
         {"issueKind": "data", "propertyIds": A,
          "comment": f"https://immoteur.com/p/{A}?searchId={B}"}),
        (f"data request id: {A}", {"issueKind": "data", "comment": f"request id: {A}"}),
        (f"data écrire à {A}@mail.fr", {"issueKind": "data", "comment": f"écrire à {A}@mail.fr"}),
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
         {"issueKind": "other", "propertyIds": A,
          "comment": f"https://immoteur.com/p/{A}"}),
        ("ask <@U0ALICE001|alice> in <#C0ANNONCES|annonces>",
         {"comment": "ask @alice in #annonces"}),
        ("price &lt; 3 &amp; rooms &gt; 2",
         {"issueKind": "data", "issueFacets": ("price", "attributes"),
          "comment": "price < 3 & rooms > 2"}),
        ("price < 3 & rooms > 2", {"issueKind": "data", "issueFacets": ("price", "attributes"),
          "comment": "price < 3 & rooms > 2"}),
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
        **MERGE,
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
    assert len(whole) <= COMMENT_LIMIT
    assert whole.endswith(f"…\n{LINK}")


def test_more_ids_than_the_field_takes_are_cut_between_two_with_a_mark() -> None:
    many = [f"{n:08x}-0000-0000-0000-000000000000" for n in range(100)]
    shown = str(FORM.from_message({"text": " ".join(many)}, None)["propertyIds"]).split("\n")
    assert (shown[:-1], shown[-1]) == (many[: len(shown) - 1], "…")

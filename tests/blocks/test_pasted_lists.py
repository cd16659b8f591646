"""A list that was copied from a document, behind `/report-issue`: its marks are no comment."""

import pytest

from blocks.issue.command import parse
from blocks.issue.form import ReportIssueForm

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
LINK = "https://www.seloger.com/annonces/123456.htm"
ANOTHER_LINK = "https://www.leboncoin.fr/ad/ventes/2345678"

BULLETS = [
    "•",
    "-",
    "–",
    "—",
    "*",
    "·",
    "▪",
    "◦",
    "○",
    "■",
    "→",
    "➔",
    "►",
    "->",
    "o",
    "\uf0b7",
    "§",
]
of_bullets = pytest.mark.parametrize("bullet", [*BULLETS, "1.", "2)", "12."])
of_targets = pytest.mark.parametrize("targets", [(A, B), (LINK, ANOTHER_LINK), (A, LINK)])


@of_targets
@of_bullets
@pytest.mark.parametrize("line", ["{} {}", "{}\t{}", "{}\u00a0{}", "  {}   {}"])
def test_the_marks_of_a_list_are_no_comment(
    bullet: str, line: str, targets: tuple[str, str]
) -> None:
    pasted = "\n".join(line.format(bullet, target) for target in targets)
    assert "comment" not in ReportIssueForm().from_words(pasted)
    assert "issueKind" not in parse(pasted).values
    assert len(parse(pasted).mentions) == 2


@of_bullets
def test_words_beside_the_targets_of_a_list_stay(bullet: str) -> None:
    pasted = f"à voir :\n{bullet} {A} trop petit\n{bullet} {B} trop grand"
    assert parse(pasted).comment == "à voir\ntrop petit\ntrop grand"


@of_targets
@pytest.mark.parametrize(
    "between",
    ["{} - {}", "{} / {}", "{} … {}", "{} -> {}", "« {} » « {} »", "“{}” – “{}”", "( {} ) ( {} )"],
)
def test_marks_around_and_between_targets_are_no_comment(
    between: str, targets: tuple[str, str]
) -> None:
    assert parse(between.format(*targets)).comment == ""


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        (f"{A} ???", "???"),
        (f"{A} ≠ {B}", "≠"),
        (f"- un\n\n- deux {A}", "- un\n\n- deux"),
        (f"{A}\n- un\n- deux", "- un\n- deux"),
        (f"le client dit « trop cher » {A}", "le client dit « trop cher »"),
        (f"{A} « trop cher » {B}", "« trop cher »"),
        (f"au numéro 2. {A}", "au numéro 2."),
        (f"{A} -3 %", "-3 %"),
        (f"{A} (en ruine)", "(en ruine)"),
        ("- en ruine", "- en ruine"),
        ("•", "•"),
    ],
)
def test_a_mark_that_says_something_stays(text: str, comment: str) -> None:
    assert parse(text).comment == comment


@of_bullets
def test_a_kind_and_its_facets_are_read_before_a_list(bullet: str) -> None:
    read = parse(f"données prix :\n{bullet} {A}\n{bullet} {B}")
    assert read.values == {"issueKind": "data", "issueFacets": ("price",)}
    assert read.comment == ""

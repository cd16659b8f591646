"""What a field of ids holds when people put links of listings there."""

import pytest

from blocks.issue import prefill, targets
from blocks.issue.targets import Targets

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PAP, ORPI = "https://www.pap.fr/annonces/r1?a=1&b=2", "orpi.com/annonce-1/"
LONG = "https://www.pap.fr/annonces/appartement-lyon-3e-69003-r{n}?utm_campaign=" + "x" * 300


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("", Targets((), (), ())),
        (A.upper(), Targets((A,), (), ())),
        (f"{A}, {B}; {A}", Targets((A, B), (), ())),
        (PAP, Targets((), (PAP,), ())),
        (f"{PAP}\n{ORPI}", Targets((), (PAP, ORPI), ())),
        (f"{PAP},{ORPI}", Targets((), (PAP, ORPI), ())),
        (f"{PAP};https://pap.fr/2|www.pap.fr/3",
         Targets((), (PAP, "https://pap.fr/2", "www.pap.fr/3"), ())),
        (f"<{PAP}>", Targets((), (PAP,), ())),
        (f"<{PAP}|the flat in Lyon>", Targets((), (PAP,), ())),
        (f"<{PAP.replace('&', '&amp;')}|x> <{ORPI}>", Targets((), (PAP, ORPI), ())),
        (f"« {PAP} », “{ORPI}”.", Targets((), (PAP, ORPI), ())),
        (f"«{PAP}»; ({ORPI})…", Targets((), (PAP, ORPI), ())),
        (f"{PAP} {PAP}&utm_source=x pap.fr/annonces/r1/?b=2&a=1", Targets((), (PAP,), ())),
        (f"https://immoteur.com/p/{A}", Targets((A,), (), ())),
        (f"{A} {PAP} {B}", Targets((A, B), (PAP,), ())),
        ("1. pap.fr/r1\n2. pap.fr/r2", Targets((), ("pap.fr/r1", "pap.fr/r2"), ())),
        ("nonsense", Targets((), (), ("nonsense",))),
        ("pap.fr", Targets((), (), ("pap.fr",))),
        ("ftp://pap.fr/r1", Targets((), (), ("ftp://pap.fr/r1",))),
        ("a@pap.fr", Targets((), (), ("a@pap.fr",))),
        ("http://127.0.0.1/r1", Targets((), ("http://127.0.0.1/r1",), ())),
    ],
)  # fmt: skip
def test_a_field_is_read_as_ids_links_and_the_rest(text: str, held: Targets) -> None:
    assert targets.read(text) == held


@pytest.mark.parametrize(
    ("named", "room", "text"),
    [
        ([], 5, ""),
        (["a", "b"], 3, "a\nb"),
        (["a", "b"], 2, "…"),
        (["aa", "bb", "cc"], 7, "aa\n…"),
        (["aa", "bb", "cc"], 8, "aa\nbb\ncc"),
    ],
)
def test_what_a_field_cannot_hold_is_marked(named: list[str], room: int, text: str) -> None:
    assert targets.lines(named, room=room) == text


def test_of_hundreds_of_links_the_first_20_are_taken_and_the_rest_counted() -> None:
    text = " ".join(f"<https://pap.fr/r{n}>" for n in range(300))
    values = prefill.from_message({"text": text}, None)
    taken = "\n".join(f"https://pap.fr/r{n}" for n in range(20))
    assert (values["propertyIds"], values[prefill.SKIPPED]) == (taken, 280)


def test_links_too_long_for_the_field_are_taken_without_their_tracking() -> None:
    text = " ".join(f"<{LONG.format(n=n)}>" for n in range(20))
    values = prefill.from_message({"text": text}, None)
    bare = [LONG.format(n=n).partition("?")[0] for n in range(20)]
    assert (values["propertyIds"], values.get(prefill.SKIPPED)) == ("\n".join(bare), None)


def test_links_that_do_not_fit_at_all_are_counted_as_left_out() -> None:
    long = [f"https://pap.fr/{n:02}".ljust(1000, "r") for n in range(5)]
    values = prefill.from_message({"text": " ".join(long)}, None)
    assert (values["propertyIds"], values[prefill.SKIPPED]) == ("\n".join(long[:2]), 3)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("data voir:pap.fr/r1", {"propertyIds": "pap.fr/r1", "comment": "voir:"}),
        ("data <http://pap.fr|pap.fr> pap.fr/r1",
         {"propertyIds": "pap.fr/r1", "comment": "http://pap.fr"}),
        ("data <https://a.slack.com/archives/C1/p1> pap.fr/r1",
         {"propertyIds": "pap.fr/r1", "comment": "https://a.slack.com/archives/C1/p1"}),
        ("data http://10.0.0.1/r1", {"comment": "http://10.0.0.1/r1"}),
        ("data pap.fr/r1,pap.fr/r2;", {"propertyIds": "pap.fr/r1\npap.fr/r2"}),
        (f"data {A} (pap.fr/r1)", {"propertyIds": f"{A}\npap.fr/r1"}),
    ],
)  # fmt: skip
def test_words_keep_what_is_no_listing(text: str, values: dict[str, str]) -> None:
    assert prefill.from_words(text) == {"issueKind": "data", **values}

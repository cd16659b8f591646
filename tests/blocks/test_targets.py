"""What a field of ids holds when people put links of listings there."""

import pytest

from blocks.issue import field, prefill
from blocks.issue.field import FieldTargets
from blocks.issue.state import SKIPPED

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PAP, ORPI = "https://www.pap.fr/annonces/r1?a=1&b=2", "orpi.com/annonce-1/"
LONG = "https://www.pap.fr/annonces/appartement-lyon-3e-69003-r{n}?utm_campaign=" + "x" * 300


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("", FieldTargets((), (), ())),
        (A.upper(), FieldTargets((A,), (), ())),
        (f"{A}, {B}; {A}", FieldTargets((A, B), (), ())),
        (PAP, FieldTargets((), (PAP,), ())),
        (f"{PAP}\n{ORPI}", FieldTargets((), (PAP, ORPI), ())),
        (f"{PAP},{ORPI}", FieldTargets((), (PAP, ORPI), ())),
        (f"{PAP};https://pap.fr/2|www.pap.fr/3",
         FieldTargets((), (PAP, "https://pap.fr/2", "www.pap.fr/3"), ())),
        (f"<{PAP}>", FieldTargets((), (PAP,), ())),
        (f"<{PAP}|the flat in Lyon>", FieldTargets((), (PAP,), ())),
        (f"<{PAP.replace('&', '&amp;')}|x> <{ORPI}>", FieldTargets((), (PAP, ORPI), ())),
        (f"« {PAP} », “{ORPI}”.", FieldTargets((), (PAP, ORPI), ())),
        (f"«{PAP}»; ({ORPI})…", FieldTargets((), (PAP, ORPI), ())),
        (f"{PAP} {PAP}&utm_source=x pap.fr/annonces/r1/?b=2&a=1", FieldTargets((), (PAP,), ())),
        (f"https://immoteur.com/p/{A}", FieldTargets((A,), (), ())),
        (f"{A} {PAP} {B}", FieldTargets((A, B), (PAP,), ())),
        ("1. pap.fr/r1\n2. pap.fr/r2", FieldTargets((), ("pap.fr/r1", "pap.fr/r2"), ())),
        (f"https://www.seloger.com/1.htm?searchId={A}",
         FieldTargets((), (f"https://www.seloger.com/1.htm?searchId={A}",), ())),
        (f"logic-immo.com/detail-vente-{A}.htm",
         FieldTargets((), (f"logic-immo.com/detail-vente-{A}.htm",), ())),
        (f"https://immoteur.com/search?searchId={A}",
         FieldTargets((), (f"https://immoteur.com/search?searchId={A}",), ())),
        (f"https://app.immoteur.com/#/p/{A}?searchId={B}", FieldTargets((A,), (), ())),
        (f"https://immoteur.com/p?ids={A}%2C{B}", FieldTargets((A, B), (), ())),
        (f"https://immoteur.com/p/{A.replace('-', '%2D')}", FieldTargets((A,), (), ())),
        (f"https://immoteur.com/p?propertyId={A}&searchId={B}", FieldTargets((A,), (), ())),
        (f"{A.replace('-', '‑')} {B.replace('-', '–')}", FieldTargets((A, B), (), ())),
        (f"{A[:5]}\u00ad{A[5:]}\u2060\u2800{B}", FieldTargets((A, B), (), ())),
        (f"{PAP[:12]}\u200b{PAP[12:]}\ufeff", FieldTargets((), (PAP,), ())),
        ("ｐａｐ．ｆｒ/r1", FieldTargets((), ("pap.fr/r1",), ())),
        (f"{A}\n\u200b\n\ufeff {B} \u2800", FieldTargets((A, B), (), ())),
        ("nonsense", FieldTargets((), (), ("nonsense",))),
        ("pap.fr", FieldTargets((), (), ("pap.fr",))),
        ("ftp://pap.fr/r1", FieldTargets((), (), ("ftp://pap.fr/r1",))),
        ("a@pap.fr", FieldTargets((), (), ("a@pap.fr",))),
        ("http://127.0.0.1/r1", FieldTargets((), ("http://127.0.0.1/r1",), ())),
    ],
)  # fmt: skip
def test_a_field_is_read_as_ids_links_and_the_rest(text: str, targets: FieldTargets) -> None:
    assert field.read(text) == targets


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
    assert field.lines(named, room=room) == text


def test_of_hundreds_of_links_the_first_20_are_taken_and_the_rest_counted() -> None:
    text = " ".join(f"<https://pap.fr/r{n}>" for n in range(300))
    values = prefill.from_message({"text": text}, None)
    taken = "\n".join(f"https://pap.fr/r{n}" for n in range(20))
    assert (values["propertyIds"], values[SKIPPED]) == (taken, 280)


def test_links_too_long_for_the_field_are_taken_without_their_tracking() -> None:
    text = " ".join(f"<{LONG.format(n=n)}>" for n in range(20))
    values = prefill.from_message({"text": text}, None)
    bare = [LONG.format(n=n).partition("?")[0] for n in range(20)]
    assert (values["propertyIds"], values.get(SKIPPED)) == ("\n".join(bare), None)


def test_links_that_do_not_fit_at_all_are_counted_as_left_out() -> None:
    long = [f"https://pap.fr/{n:02}".ljust(1000, "r") for n in range(5)]
    values = prefill.from_message({"text": " ".join(long)}, None)
    assert (values["propertyIds"], values[SKIPPED]) == ("\n".join(long[:2]), 3)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("data voir:pap.fr/r1", {"propertyIds": "pap.fr/r1", "comment": "voir"}),
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

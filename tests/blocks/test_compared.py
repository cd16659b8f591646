"""Texts that a reader takes for the same are the same wherever they are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.anomaly.model import Anomaly, AnomalyReport
from blocks.anomaly.options import number_in
from blocks.compared import compared, searched
from blocks.issue import field
from bot.kare.created_anomalies import _fits
from bot.kare.csv_import import read
from bot.kare.search_index import CatalogueIndex, normal
from storage.catalogue import Site, Stored

TITLE = "L'accès n° 2 de l'École est-il bloqué"
SAME = [
    TITLE.upper(),
    unicodedata.normalize("NFD", TITLE),
    TITLE.replace("'", "’"),
    TITLE.replace("'", "\u00b4"),
    TITLE.replace("-", "\u2011"),
    TITLE.replace(" ", "\u00a0"),
    TITLE.replace(" ", "\u202f \t"),
    TITLE.replace("c", "c\u200b").replace("q", "\ufeffq"),
    TITLE.replace("b", "\u00adb\u200d"),
    f"\u2060 {TITLE}\n",
    TITLE.replace("2", "\uff12"),
]
TEXTS = st.text(max_size=60) | st.text("aéÉe\u0301œßİıﬁ²'’\u200b \u00a0-‑", max_size=30)


def report(title: str) -> AnomalyReport:
    anomaly = Anomaly(title=title, description="d", risk=0, technicalInstallationId=1, siteId=2)
    return AnomalyReport(reportId=3, anomalies=(anomaly,))


@pytest.mark.parametrize("same", SAME)
def test_a_title_is_the_same_title_however_it_was_typed(same: str) -> None:
    assert report(same).targets() == report(TITLE).targets()


@pytest.mark.parametrize("other", [TITLE.replace("é", "e"), TITLE.replace("2", "3"), TITLE[1:]])
def test_a_title_that_reads_otherwise_is_another(other: str) -> None:
    assert report(other).targets() != report(TITLE).targets()


@pytest.mark.parametrize("same", SAME)
def test_kares_row_is_ours_however_kare_spells_the_title(same: str) -> None:
    sent = {"title": TITLE, "siteId": 2}
    assert _fits({"title": same, "siteId": 2}, sent)


@pytest.mark.parametrize("same", [*SAME, TITLE.replace("é", "e"), "acces ecole"])
def test_a_site_is_found_however_its_name_is_typed(same: str) -> None:
    sites = {"kare": [Site(1, TITLE), Site(2, "Gymnase")]}
    index = CatalogueIndex(Stored(sites, {}, {}, {}))
    assert [choice.number for choice in index.sites.search(same)] == [1]


@pytest.mark.parametrize("spelled", SAME)
def test_an_establishment_is_shown_once_however_the_site_spells_it(spelled: str) -> None:
    sites = {"kare": [Site(1, f"{spelled} - Gymnase", establishment=TITLE)]}
    index = CatalogueIndex(Stored(sites, {}, {}, {}))
    choice = index.sites.get(1)
    assert choice is not None
    assert choice.parts == (" ".join(TITLE.split()), "Gymnase")


@pytest.mark.parametrize(
    "typed",
    [
        "1204",
        "\uff11\uff12\uff10\uff14",
        "#12\u200b04",
        "\u00a01204 ",
        "n° 1204",
        "Nº1204",
        "№ 1204",
    ],
)
def test_a_number_is_a_number_however_it_is_typed(typed: str) -> None:
    assert number_in(typed) == 1204


@pytest.mark.parametrize(
    "label", ["annonce :", "ANNONCE\u00a0:", "an\u200bnonce\u202f:", "annonce\u2060 :"]
)
def test_a_label_says_what_an_id_names_however_it_is_typed(label: str) -> None:
    id_ = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert field.read(f"{label} {id_}") == field.FieldTargets(classifieds=(id_,))


@pytest.mark.parametrize("head", ["\ufeffID,Name", "i\u200bd,NAME\u00a0", "\uff49d,name"])
def test_a_column_is_the_same_column_however_it_is_written(head: str) -> None:
    assert list(read(f"{head}\n1,École\n".encode())) == [Site(1, "École")]


@given(TEXTS)
def test_what_is_compared_and_searched_is_its_own_form(text: str) -> None:
    assert compared(compared(text)) == compared(text)
    assert searched(compared(text)) == searched(text)
    assert normal(searched(text)) == normal(text)


@given(TEXTS)
def test_composition_case_and_what_is_invisible_make_no_difference(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert compared(unicodedata.normalize(form, text)) == compared(text)
    assert compared(f"\u200b{text}\ufeff") == compared(text)

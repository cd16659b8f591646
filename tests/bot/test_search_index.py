"""What people search in: names as they read them, in the order that helps."""

import pytest

from blocks.anomaly.options import Choice, label
from blocks.words import words
from bot.kare.search_index import CatalogueIndex, SearchIndex, normal, readable
from storage.catalogue import Installation, Site, Stored, Visit

LIFTS = "establishment_informations.installation_ascenseurs"


def buildings(
    sites: tuple[Site, ...] = (),
    installations: tuple[Installation, ...] = (),
    visits: tuple[Visit, ...] = (),
    csv_sites: tuple[Site, ...] = (),
    csv_installations: tuple[Installation, ...] = (),
) -> CatalogueIndex:
    return CatalogueIndex(
        Stored(
            {"kare": sites, "csv": csv_sites},
            {"kare": installations, "csv": csv_installations},
            {"kare": visits},
            {},
        )
    )


def labels(search_index: SearchIndex, query: str = "", first: tuple[int, ...] = ()) -> list[str]:
    return [label(words("en"), choice) for choice in search_index.search(query, first)]


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("École Élémentaire", "ecole elementaire"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Sacré-CŒUR", "sacre coeur"),
        ("STRASSE / Straße", "strasse strasse"),
        ("  R+1  (nord) ", "r 1 nord"),
        ("Школа №5", "школа no5"),
    ],
)
def test_words_are_compared_without_case_accents_and_punctuation(text: str, compared: str) -> None:
    assert normal(text) == compared


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (LIFTS, "Ascenseurs"),
        ("establishment_informations.installation_eclairage_securite", "Eclairage securite"),
        ("a.b.portes_coupe_feu", "Portes coupe feu"),
        ("Paratonnerre", "Paratonnerre"),
        ("Bât. A", "Bât. A"),
        ("  two   spaces ", "two spaces"),
        ("", ""),
    ],
)
def test_a_translation_key_is_read_as_the_words_in_it(name: str, read: str) -> None:
    assert readable(name) == read


@pytest.mark.parametrize(
    ("site", "shown"),
    [
        (Site(1, "Annexe", "Lycée Curie", "Lyon"), "Lycée Curie · Annexe · Lyon · 1"),
        (Site(1, "Lycée Curie – Annexe", "Lycée Curie", "Lyon"), "Lycée Curie · Annexe · Lyon · 1"),
        (Site(1, "Lycée Curie", "Lycée Curie", "Lyon"), "Lycée Curie · Lyon · 1"),
        (Site(1, "Hangar"), "Hangar · 1"),
        (Site(1, ""), "No. 1"),
        (Site(20_001, "Bâtiment principal", "Centre commercial Antoine de Saint-Exupéry", "Nantes"),
         "Centre commercial Antoine de Saint-E… · Bâtiment principal · Nantes · 20001"),
        (Site(2**53 - 1, "n" * 300, "e" * 300, "c" * 300),
         "eeeeeeeeeee… · nnnnnnnnnnn… · ccccccccccccccccccccccccc… · 9007199254740991"),
    ],
)  # fmt: skip
def test_a_site_is_shown_with_its_establishment_city_and_number(site: Site, shown: str) -> None:
    found = labels(buildings((site,)).sites)
    assert found == [shown]
    assert len(found[0]) <= 75


@pytest.mark.parametrize("query", ["01000", "1000", "bourg", "ECOLE bourg", "12"])
def test_a_site_is_found_by_its_zip_code_that_lost_its_zero_too(query: str) -> None:
    site = Site(12, "École", city="Bourg-en-Bresse", zip_code="1000")
    found = buildings((site,)).sites.search(query)
    assert [choice.number for choice in found if choice.listed] == [12]


def test_the_number_itself_comes_first_then_what_was_used_last_then_by_name() -> None:
    sites = (Site(1, "b 3"), Site(2, "a 3"), Site(3, "c"), Site(4, "d 3"))
    search_index = buildings(sites).sites
    found = [
        [choice.number for choice in search_index.search(query, (4, 99))] for query in ("", "3")
    ]
    assert found == [[4, 2, 1, 3], [3, 4, 2, 1]]


def test_at_most_100_are_offered_and_a_typed_number_is_one_of_them() -> None:
    search_index = buildings(tuple(Site(n, f"n 7 {n}") for n in range(1000, 1300))).sites
    found = search_index.search("7")
    assert (len(found), found[-1]) == (100, Choice(7, listed=False))


@pytest.mark.parametrize("query", ["1204", " #1204 ", "9" * 16])
def test_a_number_that_is_not_in_the_list_is_offered(query: str) -> None:
    assert labels(buildings().sites, query) == [f"No. {query.strip(' #')}, not in the list"]


@pytest.mark.parametrize("query", ["-3", "12.5", "1e3", "٣", "9" * 17, "n 5"])
def test_what_is_no_number_of_kares_is_not_offered(query: str) -> None:
    assert labels(buildings().sites, query) == []


def test_an_installation_that_comes_without_its_name_takes_that_of_another_site() -> None:
    index = buildings(
        (Site(1, "a"), Site(2, "b")), (Installation(1, 301, LIFTS), Installation(2, 301))
    )
    assert labels(index.at_site(2)) == ["Ascenseurs · 301"]


def test_an_installation_that_nobody_names_is_shown_by_its_number_behind_the_others() -> None:
    index = buildings((Site(1, "a"),), (Installation(1, 5), Installation(1, 9, "Gaz")))
    assert labels(index.at_site(1)) == ["Gaz · 9", "No. 5"]


def test_a_csvs_names_go_before_kares_and_a_sites_own_before_those_for_all() -> None:
    index = buildings(
        (Site(1, "a"), Site(2, "b")),
        (Installation(1, 301, LIFTS), Installation(2, 301, LIFTS)),
        csv_installations=(Installation(None, 301, "Lifts"), Installation(2, 301, "Goods lift")),
    )
    assert [labels(index.at_site(site)) for site in (1, 2)] == [
        ["Lifts · 301"],
        ["Goods lift · 301"],
    ]


def test_a_csv_adds_sites_and_says_only_what_it_knows_of_kares() -> None:
    index = buildings(
        (Site(1, "key.name_a", "Lycée Curie", "Lyon"),),
        csv_sites=(Site(1, "Annexe"), Site(7, "Hangar")),
    )
    assert labels(index.sites) == ["Hangar · 7", "Lycée Curie · Annexe · Lyon · 1"]


def test_where_the_site_is_not_known_every_kind_of_installation_is_offered() -> None:
    index = buildings(
        (Site(1, "a"), Site(2, "b")),
        (Installation(1, 5, "Gaz"), Installation(1, 6, "RIA"), Installation(2, 5, "Gaz")),
    )
    found = [labels(index.at_site(site)) for site in (None, 99, 2)]
    assert found == [["Gaz · 5", "RIA · 6"], ["Gaz · 5", "RIA · 6"], ["Gaz · 5"]]


def test_reports_are_shown_with_their_day_newest_first() -> None:
    visits = (
        Visit(1, "PV Lycée 2024-05-01", "2024-05-01", (7,)),
        Visit(2, "PV Gymnase", "2024-06-01"),
        Visit(3, ""),
    )
    index = buildings(visits=visits)
    assert labels(index.visits) == [
        "1 Jun 2024 · PV Gymnase · 2",
        "1 May 2024 · PV Lycée · 1",
        "No. 3",
    ]
    assert index.visits_at(7) == [1]
    assert index.sites_of(1) == (7,)

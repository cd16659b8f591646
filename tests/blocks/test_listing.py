"""Listings as lines in the form, and the boxes that take or leave them."""

from dataclasses import replace
from typing import Any

import pytest

from blocks.issue.form import ReportIssueForm
from blocks.issue.listing import Listing, LookupResults
from blocks.words import LANGUAGES, words
from tests.blocks.forms import EN, META, drawn

FORM = ReportIssueForm()
SPLIT = {"issueKind": "clustering", "clusteringAction": "split"}
MERGE = {"issueKind": "clustering", "clusteringAction": "merge"}


def uuid(letter: str, number: int) -> str:
    return f"{letter * 8}-0000-4000-8000-{number:012}"


def listing(number: int, home: int = 1, **more: Any) -> Listing:
    return Listing(uuid("c", number), uuid("a", home), **more)


FLAT = listing(
    1,
    type="apartment",
    area=65.5,
    rooms=3,
    city="Lyon",
    postcode="69003",
    price=298_000,
    transaction="sale",
    domain="pap.fr",
    status="available",
)


def known(*found: Listing, **more: Any) -> LookupResults:
    return LookupResults(listings={listing.classified_id: listing for listing in found}, **more)


def ids(*found: Listing) -> str:
    return "\n".join(listing.classified_id for listing in found)


@pytest.mark.parametrize(
    ("listing", "language", "lines"),
    [
        (FLAT, "en", ("Apartment · 65.5 m² · 3 rooms · Lyon 69003 · €298,000",
                      "pap.fr · available")),
        (FLAT, "fr", ("Appartement · 65,5 m² · 3 pièces · Lyon 69003 · 298\u202f000 €",
                      "pap.fr · disponible")),
        (replace(FLAT, transaction="rent", price=950, rooms=1, area=20.0), "en",
         ("Apartment · 20 m² · 1 room · Lyon 69003 · €950 a month", "pap.fr · available")),
        (replace(FLAT, type="land", area=1_250_000.0, rooms=None, price=None), "fr",
         ("Terrain · 1\u202f250\u202f000 m² · Lyon 69003", "pap.fr · disponible")),
        (replace(FLAT, type="castle", status="haunted"), "en",
         ("castle · 65.5 m² · 3 rooms · Lyon 69003 · €298,000", "pap.fr · haunted")),
        (listing(1), "en", ("Property", "–")),
        (listing(1), "fr", ("Bien", "–")),
        (replace(FLAT, city="L" * 80, domain="d" * 80), "en",
         (("Apartment · 65.5 m² · 3 rooms · " + "L" * 80)[:74] + "…", "d" * 74 + "…")),
    ],
)  # fmt: skip
def test_a_listing_is_a_line_that_a_person_recognises(
    listing: Listing, language: str, lines: tuple[str, str]
) -> None:
    assert (listing.line(words(language)), listing.origin(words(language))) == lines


def shown(view: dict[str, Any]) -> list[str]:
    """The texts of what is no field."""
    return [
        (block.get("text") or block["elements"][0])["text"]
        for block in view["blocks"]
        if block["type"] in {"alert", "section", "context"}
    ]


def boxes(view: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """How many options each box has, and how many are ticked."""
    elements = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return {
        element["action_id"]: (len(element["options"]), len(element.get("initial_options", ())))
        for element in elements
        if element["action_id"].startswith(("listings", "classifiedIds.choose"))
    }


ONE, TWIN, OTHER = listing(1, 1), listing(2, 1), listing(3, 2)
THREE = {"propertyIds": f"{uuid('a', 1)}\n{uuid('a', 2)}", "classifiedIds": ids(ONE, TWIN, OTHER)}


@pytest.mark.parametrize("count", [3, 10, 11, 100, 130])
def test_a_split_offers_the_propertys_classifieds(count: int) -> None:
    found = tuple(listing(n) for n in range(count))
    home = uuid("a", 1)
    view = drawn(
        FORM,
        {**SPLIT, "propertyIds": home, "classifiedIds": ids(found[0])},
        context=known(*found, siblings={home: found}),
    )
    assert boxes(view) == {"classifiedIds.choose": (min(count, 100), 1)}


def test_a_split_of_a_stranger_is_warned_about() -> None:
    values = {**SPLIT, "propertyIds": uuid("a", 1), "classifiedIds": ids(OTHER)}
    view = drawn(FORM, values, context=known(OTHER))
    text = (
        "This listing is not part of the property you named, so there is nothing to split: Property"
    )
    assert text in shown(view)


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({"propertyIds": uuid("a", 1), "classifiedIds": ids(ONE)}, True),
        ({"classifiedIds": ids(ONE, TWIN)}, True),
        ({"propertyIds": uuid("a", 1), "classifiedIds": ids(ONE, OTHER)}, False),
        ({"propertyIds": uuid("a", 1)}, False),
        ({"propertyIds": uuid("a", 1) + " pap.fr/r1"}, False),
    ],
)
def test_a_merge_of_what_is_one_property_already_says_so(
    values: dict[str, str],
    warned: bool,  # noqa: FBT001
) -> None:
    view = drawn(FORM, {**MERGE, **values}, context=known(ONE, TWIN, OTHER))
    text = "These all belong to the same property. Add another property to merge it with."
    assert (text in shown(view)) == warned


TROUBLES = (
    *("not_found", "forbidden", "not_configured", "token", "busy"),
    *("late", "refused", "unreachable", "broken"),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", TROUBLES)
def test_each_trouble_is_told_beside_what_was_typed(why: str, language: str) -> None:
    results = LookupResults(failures={"pap.fr/r1": why})
    view = drawn(FORM, {"propertyIds": "pap.fr/r1"}, context=results, words=words(language))
    (text,) = shown(view)
    assert "pap.fr/r1" in text


def test_the_largest_form_is_one_that_slack_takes() -> None:
    """Two fields full of links and ids, each in trouble, and boxes beside them."""
    found = [replace(FLAT, classified_id=uuid("c", n)) for n in range(80)]
    many = "\n".join(f"https://pap.fr/{'r' * 100}{n}" for n in range(25))
    results = known(*found[:20], pending=True)
    troubles = dict.fromkeys(
        [*many.split("\n"), *(listing.classified_id for listing in found[:40])], "late"
    )
    view = drawn(
        FORM,
        {**MERGE, "propertyIds": many, "classifiedIds": ids(*found)},
        context=replace(results, failures=troubles),
        metadata=META.with_state(skipped_links=280, more=True),
    )
    assert len(view["blocks"]) < 100


def test_the_form_says_how_many_links_were_left_out() -> None:
    view = drawn(FORM, {"links.skipped": 280})
    assert shown(view) == ["Only the first 20 links were used; 280 more were ignored."]


def test_the_form_says_that_it_is_looking() -> None:
    assert shown(drawn(FORM, context=LookupResults(pending=True))) == [EN("listing.looking")]

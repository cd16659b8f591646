"""What is stored of a listing for its receipt."""

import pytest

from blocks.issue.listing import Listing
from blocks.issue.listing_names import ListingNames, has_contact

FLAT = Listing("c1", "p1", type="apartment", city="Lyon", url="https://x.fr/1", status="sold")


def test_a_listing_is_stored_and_read_without_its_status() -> None:
    stored = ListingNames.of_listings([FLAT]).labels()
    assert stored == {
        "listings": {
            "c1": {
                "property_id": "p1",
                "type": "apartment",
                "city": "Lyon",
                "url": "https://x.fr/1",
            }
        }
    }
    assert ListingNames.of(stored).listings["c1"].city == "Lyon"


@pytest.mark.parametrize(
    "text",
    ["a@b.fr", "?mail=a%40b.fr", "06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "tel:1234"],
)
def test_a_value_with_an_address_or_a_telephone_number_is_not_stored(text: str) -> None:
    listing = Listing("c1", "p1", city=f"Lyon {text}", url=f"https://x.fr/{text}")
    assert ListingNames.of_listings([listing]).labels() == {
        "listings": {"c1": {"property_id": "p1"}}
    }


@pytest.mark.parametrize("text", ["https://x.fr/annonces/2345678901.htm", "Lyon 3e", "69003"])
def test_numbers_of_pages_and_places_are_no_telephone_numbers(text: str) -> None:
    assert not has_contact(text)


@pytest.mark.parametrize(
    "odd",
    [{}, {"listings": []}, {"listings": {"c1": 7}}, {"listings": {"c1": {"area": "x"}}}],
    ids=["none", "a list", "a number", "no property"],
)
def test_labels_of_another_shape_count_as_unknown(odd: dict[str, object]) -> None:
    assert ListingNames.of(odd).listings == {}

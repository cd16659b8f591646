"""Which property-data issues are the same, and what an earlier one is said to ask for."""

from typing import Any

import pytest

from blocks.issue.duplicates import IssueDuplicates
from tests.blocks.forms import EN, FR

PRICE = {"issueKind": "data", "issueFacets": ["price"], "propertyIds": ["a"]}
MERGE = {"issueKind": "clustering", "clusteringAction": "merge"}
SPLIT = {"issueKind": "clustering", "clusteringAction": "split", "propertyIds": ["a"]}


@pytest.mark.parametrize(
    ("new", "stored", "same"),
    [
        (PRICE, PRICE, True),
        (PRICE, {**PRICE, "issueFacets": ["media", "price"]}, True),
        (PRICE, {**PRICE, "issueFacets": ["media"]}, False),
        (PRICE, MERGE | {"propertyIds": ["a", "b"]}, False),
        (MERGE | {"propertyIds": ["a", "b"]}, MERGE | {"propertyIds": ["b", "a"]}, True),
        (MERGE | {"propertyIds": ["a", "b", "c"]}, MERGE | {"propertyIds": ["a", "b"]}, True),
        (MERGE | {"propertyIds": ["a", "b"]}, MERGE | {"propertyIds": ["a", "c"]}, False),
        (MERGE | {"propertyIds": ["a", "b"]}, SPLIT, False),
        (SPLIT | {"classifiedIds": ["x"]}, SPLIT | {"classifiedIds": ["x"]}, True),
        (SPLIT | {"classifiedIds": ["x"]}, SPLIT | {"classifiedIds": ["y"]}, False),
        ({"issueKind": "other"}, {"issueKind": "other"}, True),
    ],
)
def test_only_what_asks_for_the_same_is_the_same(
    new: dict[str, Any],
    stored: dict[str, Any],
    same: bool,  # noqa: FBT001
) -> None:
    assert IssueDuplicates().is_same(new, stored) is same


def test_a_subject_is_in_the_persons_words() -> None:
    subjects = [IssueDuplicates().subject(words, PRICE) for words in (EN, FR)]
    assert subjects == ["Price", "Prix"]

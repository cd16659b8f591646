"""What a form reports, once what was found stands in the place of links."""

from dataclasses import replace

import pytest

from blocks.answers import Answers, Value
from blocks.issue import field
from blocks.issue.form import ReportIssueForm
from blocks.issue.listing import LookupResults
from blocks.issue.resolution import BOXES, CHOICE, resolved
from tests.blocks.forms import EN, META, NOW, answered, block_of, drawn, fields
from tests.blocks.found import FLAT, HOME, HOUSE, RESULTS, TWIN, TWIN_HOME

FORM = ReportIssueForm()
SPLIT: dict[str, Value] = {"issueKind": "clustering", "clusteringAction": "split"}
MERGE: dict[str, Value] = {"issueKind": "clustering", "clusteringAction": "merge"}
OTHER: dict[str, Value] = {"issueKind": "other", "comment": "x"}


@pytest.mark.parametrize(
    ("text", "properties", "classifieds", "links"),
    [
        (HOME, (HOME,), (), ()),
        ("pap.fr/flat", (HOME,), (FLAT,), ()),
        (FLAT, (HOME,), (FLAT,), ()),
        (f"annonce : {FLAT}", (HOME,), (FLAT,), ()),
        (f"{TWIN_HOME}\nlisting: {FLAT}", (TWIN_HOME,), (FLAT,), ()),
        (f"bien : {FLAT}", (FLAT,), (), ()),
        ("pap.fr/flat pap.fr/twin", (HOME, TWIN_HOME), (FLAT, TWIN), ()),
        ("pap.fr/flat pap.fr/new", (HOME,), (FLAT,), ("pap.fr/new",)),
    ],
)
def test_one_field_names_properties_listings_and_links(
    text: str, properties: tuple[str, ...], classifieds: tuple[str, ...], links: tuple[str, ...]
) -> None:
    found = resolved(Answers({**OTHER, field.MAIN: text}), RESULTS)
    assert (found.properties, found.classifieds, found.links) == (properties, classifieds, links)


def screen(values: dict[str, Value], results: LookupResults = RESULTS) -> Answers:
    """The form as a person has it on screen."""
    return answered(drawn(FORM, values, context=results))


def test_a_listing_whose_box_is_unticked_is_left_out_with_its_property() -> None:
    given = screen({**OTHER, field.MAIN: "pap.fr/flat pap.fr/twin"})
    kept = replace(given, values={**given.values, BOXES[0]: (f"{TWIN}/{TWIN_HOME}",)})
    found = resolved(kept, RESULTS)
    assert (found.properties, found.classifieds) == ((TWIN_HOME,), (TWIN,))


def test_the_field_keeps_the_links_as_they_were_written() -> None:
    given = screen({**OTHER, field.MAIN: "pap.fr/flat\npap.fr/twin"})
    assert given.text(field.MAIN) == "pap.fr/flat\npap.fr/twin"


def test_a_split_of_one_link_takes_it_out_of_its_property() -> None:
    report = FORM.read(EN, screen({**SPLIT, field.MAIN: "pap.fr/flat"}), now=NOW, context=RESULTS)
    assert report.body() == SPLIT | {"propertyIds": [HOME], "classifiedIds": [FLAT]}


def test_a_split_reports_what_is_ticked_of_the_property() -> None:
    given = screen({**SPLIT, field.MAIN: "pap.fr/flat"})
    ticked = replace(given, values={**given.values, CHOICE: (f"{HOUSE}/{HOME}",)})
    found = resolved(ticked, RESULTS)
    assert (found.properties, found.classifieds) == ((HOME,), (HOUSE,))


def test_the_second_field_of_a_split_says_what_does_not_belong() -> None:
    results = replace(RESULTS, siblings={})
    values = {**SPLIT, field.MAIN: "pap.fr/flat", field.APART: "pap.fr/house"}
    found = resolved(Answers(values), results)
    assert (found.properties, found.classifieds) == ((HOME,), (HOUSE,))


def test_a_link_that_only_names_the_property_of_a_split_is_stored_as_such() -> None:
    values = {**SPLIT, field.MAIN: "pap.fr/r1", field.APART: "pap.fr/r2"}
    report = FORM.read(EN, Answers(values), now=NOW)
    assert report.body() == SPLIT | {
        "links": ["pap.fr/r1", "pap.fr/r2"],
        "splitFrom": ["pap.fr/r1"],
    }


def test_what_is_in_the_second_field_is_not_lost_when_the_form_is_no_split_any_more() -> None:
    given = screen({**SPLIT, field.MAIN: HOME, field.APART: TWIN}, LookupResults())
    merged = replace(given, values={**given.values, **MERGE})
    _, given = FORM.pressed(META, merged, {"action_id": "clusteringAction"})
    assert given.text(field.MAIN) == f"{HOME}\nclassified: {TWIN}"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({**SPLIT, field.MAIN: HOME}, ["propertyIds", "issueKind", "clusteringAction",
                                       "classifiedIds", "comment?"]),
        ({**SPLIT, field.MAIN: "pap.fr/r1"}, ["propertyIds", "issueKind", "clusteringAction",
                                              "classifiedIds?", "comment?"]),
        ({**MERGE, field.MAIN: HOME}, ["propertyIds", "issueKind", "clusteringAction",
                                       "comment?"]),
    ],
)  # fmt: skip
def test_only_what_may_be_left_blank_is_called_optional(
    values: dict[str, Value], shown: list[str]
) -> None:
    assert fields(drawn(FORM, values)) == shown


def test_the_card_of_what_was_found_stands_right_below_the_field() -> None:
    view = drawn(FORM, {field.MAIN: "pap.fr/flat"}, context=RESULTS)
    assert [block["type"] for block in view["blocks"][:2]] == ["input", "section"]


def test_a_label_is_drawn_in_the_persons_language() -> None:
    view = drawn(FORM, {field.MAIN: f"classified: {FLAT}"})
    element = block_of(view, field.MAIN)["element"]
    assert element["initial_value"] == f"listing: {FLAT}"

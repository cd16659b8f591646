"""A form of `/report-issue` that is sent again: look-ups are no difference, and changes are one."""

from itertools import combinations
from typing import Any

import pytest

from blocks.answers import Answers, Value
from blocks.form import InvalidFormError
from blocks.issue import field
from blocks.issue.form import ReportIssueForm
from blocks.issue.listing import LookupResults
from tests.blocks.forms import EN, NOW
from tests.blocks.found import FLAT, HOME, HOUSE, LISTINGS, RESULTS, TWIN, TWIN_HOME

FORM = ReportIssueForm()
KNOWN = [
    LookupResults(),
    LookupResults(listings={FLAT: LISTINGS[FLAT]}, links={"pap.fr/flat": FLAT}),
    LookupResults(
        listings={id_: LISTINGS[id_] for id_ in (HOUSE, TWIN)},
        links={"pap.fr/house": HOUSE, "pap.fr/twin": TWIN},
    ),
    RESULTS,
]
TARGETS = [HOME, FLAT, f"listing: {TWIN}", f"bien : {TWIN_HOME}", "pap.fr/house", "pap.fr/twin",
           "pap.fr/unknown"]  # fmt: skip
NAMED = [list(some) for n in (1, 2, 3) for some in combinations(TARGETS, n)]
CHOICES: list[dict[str, Value]] = [
    {"issueKind": "other", "comment": "x"},
    {"issueKind": "clustering", "clusteringAction": "merge"},
    {"issueKind": "clustering", "clusteringAction": "split"},
]


def body(named: list[str], results: LookupResults, choice: dict[str, Value]) -> dict[str, Any]:
    """What a form says; nothing where it is not complete. In a split, the first target is the
    property, and the others are apart.
    """
    first = 1 if choice.get("clusteringAction") == "split" else len(named)
    texts = {field.MAIN: "\n".join(named[:first]), field.APART: "\n".join(named[first:])}
    try:
        report = FORM.read(EN, Answers({**choice, **texts}), now=NOW, context=results)
    except InvalidFormError:
        return {}
    return report.body()


def subjects(named: list[str]) -> set[str]:
    """All that a form is about, once everything is found. A listing is about its property too."""
    said = body(named, RESULTS, CHOICES[0])
    classifieds = [id_ for id_ in said.get("classifiedIds", ()) if id_ in LISTINGS]
    homes = [LISTINGS[id_].property_id for id_ in classifieds]
    return {*said.get("propertyIds", ()), *said.get("classifiedIds", ()), *said.get("links", ()),
            *homes}  # fmt: skip


@pytest.mark.parametrize("choice", CHOICES, ids=["other", "merge", "split"])
@pytest.mark.parametrize("named", NAMED, ids=", ".join)
def test_what_was_looked_up_meanwhile_is_no_change(
    named: list[str], choice: dict[str, Value]
) -> None:
    said = [body(named, results, choice) for results in KNOWN]
    for before in filter(None, said[:-1]):
        if said[-1]:
            assert FORM.is_sent_again(before, said[-1], context=RESULTS)


@pytest.mark.parametrize("choice", CHOICES, ids=["other", "merge", "split"])
@pytest.mark.parametrize("named", NAMED, ids=", ".join)
def test_a_target_that_was_added_left_out_or_replaced_is_a_change(
    named: list[str], choice: dict[str, Value]
) -> None:
    changed = [[*named, more] for more in TARGETS if more not in named]
    changed += [[*named[:n], *named[n + 1 :]] for n in range(len(named))]
    changed += [[*named[:-1], other] for other in TARGETS if other not in named]
    for results in KNOWN:
        before = body(named, results, choice)
        for others in changed:
            now = body(others, results, choice)
            if before and now and before != now and subjects(named) != subjects(others):
                assert not FORM.is_sent_again(before, now, context=results), (others, results)


@pytest.mark.parametrize(
    "other", [{"comment": "y"}, {"issueKind": "data", "issueFacets": ["price"]}]
)
def test_another_answer_is_a_change(other: dict[str, Any]) -> None:
    before = body([HOME], RESULTS, CHOICES[0])
    assert FORM.is_sent_again(before, before, context=RESULTS)
    assert not FORM.is_sent_again(before, {**before, **other}, context=RESULTS)

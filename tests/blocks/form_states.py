"""Every state of every form: what a person chose, and values as long as a field can be."""

from collections.abc import Iterator
from itertools import product
from typing import get_args

from blocks.anomaly.context import AnomalyContext, DraftOffer
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import Anomaly, Location
from blocks.anomaly.options import Choice
from blocks.anomaly.risk import LEVELS, SHIPPED, Asked, Risk
from blocks.answers import Value
from blocks.issue.form import ReportIssueForm
from blocks.issue.model import IssueFacet, IssueKind
from tests.blocks.forms import NOW, AnyForm

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
FULL: dict[str, Value] = {
    "propertyIds": "x" * 5000,
    "classifiedIds": "x" * 5000,
    "comment": "&<>" * 1500,
    "comment.more": "é" * 5000,
    "issueFacets": get_args(IssueFacet),
    "clusteringAction": "merge",
    "reportId": "9" * 16,
    "title": "t" * 9000,
    "description": "d" * 9000,
    "dueAt": int(NOW) + 60,
    "location.floor": "f" * 9000,
}
POLICIES = [
    SHIPPED,
    *(
        dict.fromkeys(LEVELS, Risk(due=due, place=place, due_in_hours=hours, alert=alert))
        for due, place in product(get_args(Asked), repeat=2)
        for hours, alert in ((None, False), (24, True))
    ),
    dict.fromkeys(LEVELS, Risk(label="L" * 60)),
    dict.fromkeys(LEVELS, Risk(label={"en": "E" * 60, "fr": "F" * 60})),
]

LONG = Anomaly(
    title="&" * 250,
    description="d" * 2500,
    risk=3,
    technicalInstallationId=9,
    siteId=9,
    dueAt="2025-11-30T10:00:00.000Z",
    location=Location(floor="f" * 250, room="<" * 250),
)
NAMES = ("siteId", "technicalInstallationId", "reportId")
FULL_DRAFT = dict.fromkeys(range(1, 51), LONG)
WHY = ("loading", "forbidden", "unreachable", "unreadable", "empty")
CONTEXTS = [
    *(AnomalyContext(why_not=dict.fromkeys(NAMES, why)) for why in WHY),
    AnomalyContext(searchable=frozenset(NAMES), no_installations=True),
    AnomalyContext(
        searchable=frozenset(NAMES),
        chosen={name: Choice(9, ("e" * 200, "n" * 200, "c" * 200)) for name in NAMES},
        offer=DraftOffer(
            key="k" * 32,
            anomalies=50,
            site=Choice(9, ("e" * 200, "c" * 200)),
            report=Choice(8, ("2025-01-01", "n" * 200)),
            changed_at=NOW,
            elsewhere="C2",
            unfinished="&" * 250,
        ),
    ),
    AnomalyContext(draft={1: LONG}, anomaly_number=1),
    AnomalyContext(draft={1: LONG}),
    AnomalyContext(searchable=frozenset(NAMES), draft=FULL_DRAFT, no_installations=True),
    AnomalyContext(draft=FULL_DRAFT, anomaly_number=50, lost=True),
    AnomalyContext(draft=FULL_DRAFT, anomaly_number=99),
    AnomalyContext(
        searchable=frozenset(NAMES),
        draft=dict.fromkeys(range(1, 201), LONG),
        anomaly_number=7,
        no_installations=True,
    ),
]


def states() -> Iterator[tuple[AnyForm, dict[str, Value]]]:
    for kind in ("", *get_args(IssueKind)):
        for values in ({}, FULL):
            yield ReportIssueForm(), {**values, "issueKind": kind}
    for config in POLICIES:
        for level in ("", *LEVELS):
            for values in ({}, FULL):
                yield AnomalyForm(config), {**values, "risk": level}

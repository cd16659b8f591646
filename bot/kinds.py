"""The kinds of report: one line each says how it is asked for, drawn and delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blocks.anomaly import AnomalyForm
from blocks.form import Form
from blocks.report_issue import ReportIssueForm
from bot.knowledge import Knowledge, NoKnowledge
from bot.policy import Policy


@dataclass(frozen=True)
class Kind:
    name: str
    """Also the callback_id of its form."""
    command: str
    shortcut: str
    """The message shortcut's callback_id."""
    api: str
    api_label: str
    """What people call the API."""
    settings: str
    """What an operator sets to use it."""
    form: Form
    knowledge: Knowledge


def kinds(policy: Policy, knowledge: Mapping[str, Knowledge]) -> Sequence[Kind]:
    """:param knowledge: by the kind's name; a kind that is not named shows only what was typed"""

    def known(name: str) -> Knowledge:
        return knowledge.get(name, NoKnowledge())

    return (
        Kind(
            name="report_issue",
            command="/report-issue",
            shortcut="report_issue_from_message",
            api="immoteur",
            api_label="Immoteur",
            settings="IMMOTEUR_TOKEN",
            form=ReportIssueForm(),
            knowledge=known("report_issue"),
        ),
        Kind(
            name="anomaly",
            command="/anomaly",
            shortcut="anomaly_from_message",
            api="kare",
            api_label="KARE",
            settings="KARE_ACCESS_TOKEN, KARE_SESSION_TOKEN / KARE_EMAIL, KARE_PASSWORD",
            form=AnomalyForm(policy.risk),
            knowledge=known("anomaly"),
        ),
    )

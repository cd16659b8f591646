"""The kinds of report: one line each says how it is asked for, drawn and delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blocks.anomaly.form import AnomalyForm
from blocks.form import Form
from blocks.issue.form import ReportIssueForm
from bot.config import Config
from bot.form_data import FormData, NoFormData


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
    form_data: FormData


def kinds(config: Config, form_data: Mapping[str, FormData]) -> Sequence[Kind]:
    """:param form_data: by the kind's name; a kind that is not named shows only what was typed"""

    def known(name: str) -> FormData:
        return form_data.get(name, NoFormData())

    return (
        Kind(
            name="report_issue",
            command="/report-issue",
            shortcut="report_issue_from_message",
            api="immoteur",
            api_label="Immoteur",
            settings="IMMOTEUR_TOKEN",
            form=ReportIssueForm(),
            form_data=known("report_issue"),
        ),
        Kind(
            name="anomaly",
            command="/anomaly",
            shortcut="anomaly_from_message",
            api="kare",
            api_label="KARE",
            settings="KARE_ACCESS_TOKEN, KARE_SESSION_TOKEN / KARE_EMAIL, KARE_PASSWORD",
            form=AnomalyForm(config.risk),
            form_data=known("anomaly"),
        ),
    )

"""The button that only receipts of Immoteur's reports have."""

from slack_bolt.async_app import AsyncApp

from blocks.issue.model import IssueReport
from blocks.issue.receipt import SEND_WITHOUT
from bot.immoteur.resolve import without_unread
from bot.kind import AnyKind
from bot.listeners.pressing import edit_refused, on_press, report_of, too_late
from bot.services import Services
from bot.slack.payloads import Press


def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
    del kind
    on_press(app, SEND_WITHOUT, services, _send_without)


async def _send_without(services: Services, press: Press) -> None:
    """Send a report without the targets that could not be read: that is an edit of it."""
    report = await report_of(services, press)
    if not report.cause.get("others"):
        raise await too_late(services, report.number)
    edited = IssueReport.model_validate(without_unread(report.payload, report.cause["unread"]))
    await edit_refused(services, press, report, key=f"without {press.at}", edited=edited)

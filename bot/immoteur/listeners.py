"""The button that only receipts of Immoteur's reports have."""

import logging

from slack_bolt.async_app import AsyncApp

from blocks.issue.model import IssueReport
from blocks.issue.receipt import SEND_WITHOUT
from bot.immoteur.resolve import without_unread
from bot.kind import AnyKind
from bot.listeners.pressing import on_press, report_of, too_late
from bot.services import Services
from bot.slack.payloads import Press
from storage import reports
from storage.states import State

log = logging.getLogger(__name__)


def register(app: AsyncApp, kind: AnyKind, services: Services) -> None:
    del kind
    on_press(app, SEND_WITHOUT, services, _send_without)


async def _send_without(services: Services, press: Press) -> None:
    """Send a report without the targets that could not be read: that is an edit of it."""
    report = await report_of(services, press)
    if report.state != State.REFUSED or not report.cause.get("others"):
        raise await too_late(services, report.number)
    payload = without_unread(report.payload, report.cause["unread"])
    if not await services.store.run_first(
        reports.edit,
        report.number,
        f"without {press.at}",
        payload,
        IssueReport.model_validate(payload).targets(),
        who=press.user,
        now=services.clock.time(),
        of=[State.REFUSED],
    ):
        raise await too_late(services, report.number)
    log.info("report %d: sent by %s without its unread targets", report.number, press.user)
    services.news_of(report.api, None)

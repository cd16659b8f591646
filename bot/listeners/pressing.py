"""The press of a button: the report that it is about, the check of the person's rights, and the
decision that it stores.
"""

import logging
from collections.abc import Callable

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Report as NewBody
from blocks.report_button import ReportButton
from bot.kind_parts import text_of
from bot.listeners.press_answers import Handler, PressRefusedError, refusal_of, show_result
from bot.services import Services
from bot.slack.payloads import Body, Press
from storage import reports, revisions

__all__ = [
    "PressRefusedError",
    "button_of",
    "edit_refused",
    "on_press",
    "on_press_later",
    "report_of",
    "revision_of",
    "store_decision",
    "too_late",
]

log = logging.getLogger(__name__)


def on_press(app: AsyncApp, action_id: str, services: Services, handle: Handler) -> None:
    """Register the action of a button. Its result is stored before Slack is answered."""

    async def pressed(ack: AsyncAck, body: Body) -> None:
        press = Press.of(body, services.users.workspace)
        refused = await refusal_of(services, press, handle)
        await ack()
        if refused or press.on_home:
            services.tasks.start(show_result(services, press, refused))

    app.action({"action_id": action_id, "type": "block_actions"})(pressed)


def on_press_later(app: AsyncApp, action_id: str, services: Services, handle: Handler) -> None:
    """Register the action of a button that runs after the answer to Slack."""

    async def handled(press: Press) -> None:
        refused = await refusal_of(services, press, handle)
        if refused or press.on_home:
            await show_result(services, press, refused)

    async def pressed(ack: AsyncAck, body: Body) -> None:
        press = Press.of(body, services.users.workspace)
        await ack()
        services.tasks.start(handled(press))

    app.action({"action_id": action_id, "type": "block_actions"})(pressed)


def button_of(press: Press) -> ReportButton:
    """The report that a button names.

    :raises PressRefusedError: when it names none
    """
    button = ReportButton.read(press.value)
    if button is None:
        raise PressRefusedError("command.forbidden")
    return button


async def report_of(services: Services, press: Press) -> reports.Report:
    """The report that the button is about.

    :raises PressRefusedError: when there is no such report, or the person may not act on it
    """
    report = await services.store.read(reports.get, button_of(press).number)
    if report is None or not services.may_decide(report.who, press.user):
        raise PressRefusedError("command.forbidden")
    return report


async def revision_of(services: Services, press: Press) -> int:
    """The present revision of the report that the button is about."""
    return await services.store.read(revisions.revision_of, button_of(press).number)


async def too_late(
    services: Services, number: int, key: str = "command.too_late"
) -> PressRefusedError:
    """The report has changed since the button was drawn.

    :param key: of the sentence, which names the state of the report
    """
    report = await services.store.read(reports.get, number)
    return PressRefusedError(key, number=number, state=report.state if report else None)


async def store_decision(
    services: Services,
    press: Press,
    decide: Callable[[revisions.Database], bool],
    *,
    key: str | None = None,
) -> bool:
    """Store the decision of a button. Every button that decides about a report calls it.

    :param decide: stores the decision, and returns False when it is not possible now
    :param key: the same for a press that Slack sends twice; None for the press's own
    :returns: the result of `decide`
    :raises PressRefusedError: when the decision is possible, but the report has changed since the
        button was drawn
    """
    button = button_of(press)
    done = await services.store.write_urgent(
        revisions.unless_outdated,
        button.number,
        decide,
        seen=button.revision,
        press=press.at if key is None else key,
    )
    if done is None:
        raise await too_late(services, button.number, "command.outdated")
    return done


async def edit_refused(
    services: Services, press: Press, report: reports.Report, *, key: str, edited: NewBody
) -> None:
    """Replace a refused report by the version that a button makes, and have it sent.

    :param key: the same for a press that Slack sends twice
    :raises PressRefusedError: when the report is not refused any more
    """

    text = text_of(edited, report.labels)

    def edit(db: revisions.Database) -> bool:
        return reports.edit(
            db,
            report.number,
            key,
            edited.body(),
            edited.targets(),
            who=press.user,
            now=services.clock.time(),
            of={reports.State.REFUSED},
            text=text,
        )

    if not await store_decision(services, press, edit, key=key):
        raise await too_late(services, report.number)
    log.info(
        "button pressed",
        extra={"report": report.number, "button": press.action_id, "user": press.user},
    )
    services.news_of(report.api, None)

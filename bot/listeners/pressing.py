"""The press of a button: the check of the person's rights, the answer when nothing was done, and
the wake-up of the workers.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Report as NewBody
from blocks.words import Words
from bot.services import Services
from bot.slack.payloads import Body, Press
from storage import homes, reports
from storage.engine import StorageError
from storage.reports import Report
from storage.states import State

log = logging.getLogger(__name__)

Handler = Callable[[Services, Press], Awaitable[None]]


class PressRefusedError(Exception):
    """Nothing was done. The person gets the reason."""

    def __init__(
        self,
        key: str,
        *,
        number: int = 0,
        state: State | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """:param key: of the sentence
        :param facts: of the sentence, beside the number and the state
        """
        super().__init__(key)
        self.key, self.number, self.state, self.facts = key, number, state, facts or {}


def on_press(app: AsyncApp, action_id: str, services: Services, handle: Handler) -> None:
    """Register the action of a button. Its result is stored before Slack is answered."""

    async def pressed(ack: AsyncAck, body: Body) -> None:
        press = Press.of(body)
        refused = await _refusal(services, press, handle)
        await ack()
        if refused or press.on_home:
            services.tasks.start(_show(services, press, refused))

    app.action({"action_id": action_id, "type": "block_actions"})(pressed)


def on_press_later(app: AsyncApp, action_id: str, services: Services, handle: Handler) -> None:
    """Register the action of a button that runs after the answer to Slack."""

    async def handled(press: Press) -> None:
        refused = await _refusal(services, press, handle)
        if refused or press.on_home:
            await _show(services, press, refused)

    async def pressed(ack: AsyncAck, body: Body) -> None:
        press = Press.of(body)
        await ack()
        services.tasks.start(handled(press))

    app.action({"action_id": action_id, "type": "block_actions"})(pressed)


def number_of(press: Press) -> int:
    """The number of the report that a button names.

    :raises PressRefusedError: when it names none
    """
    number = press.value
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise PressRefusedError("command.forbidden")
    return int(number)


async def report_of(services: Services, press: Press) -> Report:
    """The report whose receipt the button is on.

    :raises PressRefusedError: when there is no such report, or the person may not act on it
    """
    report = await services.store.read(reports.get, number_of(press))
    if report is None or not services.may_decide(report.who, press.user):
        raise PressRefusedError("command.forbidden")
    return report


async def too_late(services: Services, number: int) -> PressRefusedError:
    """The report has changed since the receipt was drawn."""
    report = await services.store.read(reports.get, number)
    state = report.state if report else None
    return PressRefusedError("command.too_late", number=number, state=state)


async def edit_refused(
    services: Services, press: Press, report: Report, *, key: str, edited: NewBody
) -> None:
    """Replace a refused report by the version that a button makes, and have it sent.

    :param key: the same for a press that Slack sends twice
    :raises PressRefusedError: when the report is not refused any more
    """
    if not await services.store.write_urgent(
        reports.edit,
        report.number,
        key,
        edited.body(),
        edited.targets(),
        who=press.user,
        now=services.clock.time(),
        of={State.REFUSED},
    ):
        raise await too_late(services, report.number)
    log.info(
        "button pressed",
        extra={"report": report.number, "button": press.action_id, "user": press.user},
    )
    services.news_of(report.api, None)


async def _refusal(services: Services, press: Press, handle: Handler) -> PressRefusedError | None:
    try:
        await handle(services, press)
    except PressRefusedError as refused:
        return refused
    except StorageError:
        log.exception(
            "the press of a button could not be stored",
            extra={"button": press.action_id, "user": press.user},
        )
        return PressRefusedError("command.not_stored")
    return None


async def _show(services: Services, press: Press, refused: PressRefusedError | None) -> None:
    """Show the result of a press on the Home if the button is there, or else to the person."""
    if not press.on_home:
        if refused:
            await _tell(services, press, refused)
        return
    now, user = services.clock.time(), press.user
    if refused:
        notice = {
            "key": refused.key,
            "facts": {**refused.facts, "number": refused.number},
            "state": refused.state,
        }
        await services.store.write(homes.notify, user, notice, now=now)
    else:
        await services.store.write(homes.choose, user, {}, now=now)
    services.homes.set()


async def _tell(services: Services, press: Press, refused: PressRefusedError) -> None:
    def facts(words: Words) -> dict[str, Any]:
        state = words(f"state.{refused.state}") if refused.state else "?"
        return {**refused.facts, "number": refused.number, "state": state}

    await services.users.tell(
        press.user, press.response_url, refused.key, facts, thread_ts=press.thread_ts
    )

"""A form was sent: validate, store, acknowledge once, hand over."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.form import Answers, Faulty, Meta, Report
from bot.kinds import Kind
from bot.services import Services
from storage import reports
from storage.database import StorageError
from storage.reports import NewReport

log = logging.getLogger(__name__)


def register(app: AsyncApp, kind: Kind, services: Services) -> None:
    @app.view(kind.name)
    async def submitted(ack: AsyncAck, body: Mapping[str, Any]) -> None:
        user, view, now = str(body["user"]["id"]), body["view"], services.clock.time()
        words = services.people.words(user)
        answers = Answers.of_view(view)
        meta = Meta.model_validate_json(view["private_metadata"])
        try:
            report = kind.form.read(words, answers, now=now)
        except Faulty as faulty:
            await _complain(ack, kind, services, user, meta, answers, faulty)
            return
        if kind.api not in services.lanes:
            text = words("command.not_set_up", api=kind.api_label, settings=kind.settings)
            await ack(response_action="errors", errors={_first(answers): text})
            return
        try:
            stored, new = await services.store.run_first(
                reports.add, _promise(kind, user, meta, report), now=now
            )
        except StorageError:
            log.exception("a report of %s could not be stored", user)
            text = words("form.not_stored")
            await ack(response_action="errors", errors={_first(answers): text})
            return
        await ack()
        log.info("report %d of %s: %s", stored.number, user, "stored" if new else "known already")
        services.lanes[kind.api].wake()
        services.teller.wake()


def _promise(kind: Kind, user: str, meta: Meta, report: Report) -> NewReport:
    return NewReport(
        key=meta.key,
        kind=kind.name,
        api=kind.api,
        who=user,
        origin=meta.origin.model_dump(exclude_none=True),
        payload=report.body(),
        targets=report.targets(),
        thread_channel=meta.origin.channel,
        thread_ts=meta.origin.thread_ts,
    )


async def _complain(
    ack: AsyncAck,
    kind: Kind,
    services: Services,
    user: str,
    meta: Meta,
    answers: Answers,
    faulty: Faulty,
) -> None:
    """Each fault on its own field; a form that has not got the field yet is drawn with it."""
    complaints = faulty.complaints
    if complaints.keys() <= answers.blocks.keys():
        errors = {answers.blocks[name]: sentence for name, sentence in complaints.items()}
        await ack(response_action="errors", errors=errors)
        return
    words, now = services.people.words(user), services.clock.time()
    drawn = kind.form.draw(words, meta.redrawn(), answers, now=now, complaints=complaints)
    await ack(response_action="update", view=drawn)


def _first(answers: Answers) -> str:
    """The block_id of the first field on screen."""
    return next(iter(answers.blocks.values()))

"""The worker of notices, put together."""

from collections.abc import Callable, Mapping

from bot.kind import AnyKind
from bot.notice_drawing import NoticeDrawing
from bot.notice_poster import NoticePoster
from bot.notice_worker import Claimer, NoticeWorker, Readers
from bot.services import Services
from bot.setup import Setup
from bot.slack.pace import Pace
from storage.notice_queue import Reminding

__all__ = ["NoticeWorker", "notice_worker"]


def notice_worker(
    services: Services,
    kinds: Mapping[str, AnyKind],
    setup: Setup,
    pace: Pace,
    may_claim: Callable[[], bool],
) -> NoticeWorker:
    """:param kinds: by name
    :param pace: the same that receipts have
    :param may_claim: as of `Worker`
    """
    clock, store, config = services.clock, services.store, services.config
    alert = config.alert
    poster = NoticePoster(
        services.client,
        store,
        NoticeDrawing(services.users, kinds, alert),
        clock=clock,
        pace=pace,
        reminding=Reminding(alert.every, alert.times) if alert else None,
    )
    process = setup.process
    claimer = Claimer(process.owner(), process.is_dead, config.delivery.lease, may_claim)
    mentioned = alert.people if alert else ()
    alerted = dict.fromkeys([*mentioned, *sorted(services.admins())])
    return NoticeWorker(poster, store, claimer, Readers(services.admins(), list(alerted)), clock)

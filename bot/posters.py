"""The workers that post to Slack, put together: receipts and notices share one pace."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bot.kind import AnyKind
from bot.message_sender import MessageSender
from bot.notices import NoticeWorker, notice_worker
from bot.receipt_poster import ReceiptPoster
from bot.receipt_worker import ReceiptWorker
from bot.services import Services
from bot.setup import Setup
from storage import undo


@dataclass(frozen=True)
class Posters:
    receipts: ReceiptWorker
    notices: NoticeWorker

    def wake(self, channel: str | None, *, notices: bool = True) -> None:
        """A report has news.

        :param channel, notices: as of `NewsOf`
        """
        self.receipts.wake(channel)
        if notices:
            self.notices.wake()

    async def drain(self, seconds: float) -> None:
        """Let the messages that are being posted be posted."""
        await asyncio.gather(self.receipts.drain(seconds), self.notices.drain(seconds))

    @classmethod
    def of(
        cls,
        setup: Setup,
        services: Services,
        kinds: Mapping[str, AnyKind],
        *,
        may_post: Callable[[], bool],
        token_refused: Callable[[], None],
    ) -> "Posters":
        """:param kinds: by name
        :param may_post: whether messages may be claimed at this moment
        :param token_refused: as of `ReceiptWorker`
        """
        process, store, clock = setup.process, setup.store, setup.clock
        limits = setup.config.receipts
        sender = MessageSender(services.client, clock, limits, follows_another=store.is_shared)

        def offered(report: undo.Report) -> Collection[str]:
            undo_seconds = setup.config.undo_seconds
            return undo.offered(report, now=clock.time(), undo_seconds=undo_seconds)

        receipts = ReceiptWorker(
            ReceiptPoster(services, kinds, sender, offered),
            store,
            owner=process.owner(),
            is_dead=process.is_dead,
            clock=clock,
            lease=setup.config.delivery.lease,
            may_claim=may_post,
            token_refused=token_refused,
        )
        return cls(receipts, notice_worker(services, kinds, setup, sender.pace, may_post))

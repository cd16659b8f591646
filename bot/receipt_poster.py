"""Posts one receipt: its own message, and the messages beside it.

Messages that exist are updated; the others are posted. Each message that Slack accepted is stored
before the next one is posted, so a bot that dies posts at most one message twice.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.further_messages import FurtherMessages
from bot.message_sender import MessageSender
from bot.receipt_drawer import Kinds, Message, Messages, ReceiptDrawer
from bot.receipt_place import needs_opener, place, thread_of
from bot.services import Services
from bot.slack import web_api
from storage import receipts
from storage.receipts import Posted, Receipt
from storage.reports import Report

__all__ = ["ReceiptPoster", "place"]

log = logging.getLogger(__name__)

TOO_LONG = frozenset(
    ["msg_blocks_too_long", "msg_too_long", "invalid_blocks", "invalid_blocks_format"]
)
"""Slack's errors for a message that a shorter one may replace."""


class ReceiptPoster:
    def __init__(
        self,
        services: Services,
        kinds: Kinds,
        sender: MessageSender,
        offered: Callable[[Report], Collection[str]],
    ) -> None:
        """:param offered: the actions that a person may take on a report now"""
        self._store, self._clock = services.store, services.clock
        self._sender = sender
        self._further = FurtherMessages(services, self._sender)
        self._drawer = ReceiptDrawer(services.users, kinds, offered)

    async def post(self, receipt: Receipt, report: Report) -> float | None:
        """Post or update all messages of a receipt, and record it.

        :returns: when a receipt of the same place is due, UNIX seconds; None when none is
        :raises SlackError: when Slack did not take one of them
        """
        # Drawn once: an opener that takes a while must not make the first receipt a late one.
        messages = self._drawer.draw(report, receipt)
        if needs_opener(receipt):
            receipt = await self._open_thread(receipt, messages.opener)
        is_new = receipt.ts is None
        own = await self._show(receipt, messages)
        if is_new:
            receipt = await self._in_its_thread(receipt, own)
        opener_digest = await self._further.keep_true(receipt, own, messages, is_new=is_new)
        return await self._store.write(
            receipts.mark_posted,
            receipt.number,
            receipt.version,
            own,
            now=self._clock.time(),
            opener_shown=opener_digest,
            owner=receipt.owner,
        )

    async def _open_thread(self, receipt: Receipt, opener: Message) -> Receipt:
        """Post the message whose thread the receipt belongs in."""
        posted = await self._sender.post("opener", place(receipt), opener)
        await self._store.write(
            receipts.set_thread,
            receipt.number,
            posted.ts,
            now=self._clock.time(),
            opener=posted,
            opener_shown=opener.digest,
        )
        return replace(
            receipt, thread_ts=posted.ts, opener_ts=posted.ts, opener_shown=opener.digest
        )

    async def _show(self, receipt: Receipt, messages: Messages) -> Posted:
        """Post or update the receipt's own message. One that Slack finds too long is replaced by a
        shorter one.
        """
        *longer, shortest = messages.own
        for message in longer:
            try:
                return await self._post_or_update(receipt, message)
            except web_api.SlackRefusedError as error:
                if error.code not in TOO_LONG:
                    raise
                log.warning(
                    "a receipt is shortened", extra={"report": receipt.number, "why": error}
                )
        return await self._post_or_update(receipt, shortest)

    async def _post_or_update(self, receipt: Receipt, message: Message) -> Posted:
        role = "direct" if receipt.direct else "receipt"
        if receipt.ts is not None and receipt.channel is not None:
            await self._sender.update(receipt.channel, receipt.ts, message)
            return Posted(role, receipt.channel, receipt.ts, receipt.thread_ts)
        return await self._sender.post(role, place(receipt), message, thread_of(receipt))

    async def _in_its_thread(self, receipt: Receipt, own: Posted) -> Receipt:
        """The receipt with the place that its own message was posted to."""
        receipt = replace(receipt, channel=own.channel)
        if thread_of(receipt) is None or own.thread_ts is not None:
            return receipt
        # Slack posts a reply to a deleted message into the channel, and only its answer shows that.
        log.warning(
            "the thread of a report is gone",
            extra={"report": receipt.number, "place": place(receipt)},
        )
        now = self._clock.time()
        await self._store.write(receipts.set_thread, receipt.number, own.ts, now=now)
        return replace(receipt, thread_ts=own.ts, opener_ts=None)

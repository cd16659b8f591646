"""Keeps the messages beside a receipt true: its further messages, and the opener."""

import logging

from blocks.receipt_view import Message
from bot.message_sender import MessageSender
from bot.receipt_drawer import Messages
from bot.receipt_place import place, thread_of
from bot.services import Services
from bot.slack import web_api
from storage import receipt_messages
from storage.receipts import Part, Posted, Receipt

log = logging.getLogger(__name__)


class FurtherMessages:
    def __init__(self, services: Services, sender: MessageSender) -> None:
        self._store, self._clock, self._sender = services.store, services.clock, sender

    async def keep_true(
        self, receipt: Receipt, own: Posted, messages: Messages, *, is_new: bool
    ) -> str | None:
        """Post and update the messages that do not show the present report.

        :param own: the receipt's own message
        :param is_new: whether that was posted just now, and is not stored yet
        :returns: a digest of the opener's content; None when there is none
        :raises SlackError: when Slack did not take one of them
        """
        outdated = _outdated(receipt, messages)
        is_opener_true = receipt.opener_shown == messages.opener.digest
        if is_new and (outdated or (receipt.opener_ts and not is_opener_true)):
            now = self._clock.time()
            await self._store.write(receipt_messages.set_message, receipt.number, own, now=now)
        for number, message in outdated.items():
            posted = await self._show(receipt, receipt.parts.get(number), message)
            now = self._clock.time()
            await self._store.write(
                receipt_messages.set_part, receipt.number, number, posted, message.digest, now=now
            )
        if receipt.opener_ts is None:
            return None
        return (
            messages.opener.digest
            if is_opener_true
            else await self._update_opener(receipt, receipt.opener_ts, messages.opener)
        )

    async def _show(self, receipt: Receipt, part: Part | None, message: Message) -> Posted:
        """Update a further message, or post it where there is none any more."""
        if part is not None:
            try:
                await self._sender.update(part.channel, part.ts, message)
            except web_api.SlackRefusedError as error:
                if error.code not in web_api.MESSAGE_GONE:
                    raise
                log.warning(
                    "a further message is posted anew",
                    extra={"report": receipt.number, "why": error},
                )
            else:
                return Posted("part", part.channel, part.ts, receipt.thread_ts)
        return await self._sender.post("part", place(receipt), message, thread_of(receipt))

    async def _update_opener(self, receipt: Receipt, ts: str, message: Message) -> str | None:
        """An opener that Slack does not let us change is left as it is, and is never posted anew:
        somebody may have deleted it on purpose.
        """
        try:
            await self._sender.update(receipt.thread_channel, ts, message)
        except web_api.SlackRefusedError as error:
            if error.code in web_api.TOKEN_REFUSED:
                raise
            log.warning("an opener is not updated", extra={"report": receipt.number, "why": error})
            await self._store.write(receipt_messages.forget_opener, receipt.number)
            return None
        return message.digest


def _outdated(receipt: Receipt, messages: Messages) -> dict[int, Message]:
    """The further messages that are missing, or show something else, by their number."""
    contents = dict(enumerate(messages.further, 1))
    contents |= {number: messages.emptied for number in receipt.parts if number not in contents}
    return {
        number: message
        for number, message in contents.items()
        if number not in receipt.parts or receipt.parts[number].shown != message.digest
    }

"""Posts and updates messages, in each channel no faster than Slack takes them."""

from slack_sdk.web.async_client import AsyncWebClient

from blocks.receipt_view import Message
from bot.clock import Clock
from bot.config import ReceiptLimits
from bot.slack import messages
from bot.slack.pace import Pace
from storage.receipts import Posted


class MessageSender:
    def __init__(
        self,
        client: AsyncWebClient,
        clock: Clock,
        limits: ReceiptLimits,
        *,
        follows_another: bool = False,
    ) -> None:
        """:param follows_another: as of `Pace`"""
        self._client = client
        self.pace = Pace(limits, clock, follows_another=follows_another)

    async def post(
        self, what: str, channel: str, message: Message, thread_ts: str | None = None
    ) -> Posted:
        """Post a message once.

        :param what: as of `Posted`
        :param channel: or a user's id, for a direct message
        :raises SlackError: when Slack did not take it, or did not say so
        """
        await self.pace.wait_for_turn(channel)
        posted = await messages.post(self._client, channel, message, thread_ts)
        return Posted(what, posted.channel, posted.ts, posted.thread_ts)

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Change the content of a message. The same update can be made twice.

        :raises SlackError: when Slack did not take it
        """
        await self.pace.wait_for_turn(channel)
        await messages.update(self._client, channel, ts, message)

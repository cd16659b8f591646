"""Posts and updates messages, in each channel no faster than Slack takes them."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks.receipt_view import Message
from bot.clock import Clock
from bot.config import ReceiptLimits
from bot.slack import web_api
from bot.slack.pace import Pace
from storage.receipts import Posted


class MessageSender:
    def __init__(self, client: AsyncWebClient, clock: Clock, limits: ReceiptLimits) -> None:
        self._client, self.pace = client, Pace(limits, clock)

    async def post(
        self, what: str, channel: str, message: Message, thread_ts: str | None = None
    ) -> Posted:
        """Post a message once.

        :param what: as of `Posted`
        :param channel: or a user's id, for a direct message
        :raises SlackError: when Slack did not take it, or did not say so
        """
        await self.pace.wait_for_turn(channel)
        answer = await web_api.call(
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                unfurl_links=False,
                unfurl_media=False,
                **_arguments(message),
            )
        )
        in_thread = web_api.text(answer, "message", "thread_ts") or None
        channel, ts = web_api.text(answer, "channel"), web_api.text(answer, "ts")
        if not (channel and ts):
            raise web_api.SlackNoAnswerError("the answer does not say where the message is")
        return Posted(what, channel, ts, in_thread)

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Change what a message shows. The same update can be made twice.

        :raises SlackError: when Slack did not take it
        """
        await self.pace.wait_for_turn(channel)
        await web_api.call(self._client.chat_update(channel=channel, ts=ts, **_arguments(message)))


def _arguments(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}

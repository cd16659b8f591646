"""Posts and updates messages."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from blocks.receipt_view import Message
from bot.slack import web_api


@dataclass(frozen=True)
class Place:
    """Where Slack put a message."""

    channel: str
    ts: str
    thread_ts: str | None = None
    """None for a message of the conversation itself."""


async def post(
    client: AsyncWebClient, channel: str, message: Message, thread_ts: str | None = None
) -> Place:
    """Post a message once. Its links show no preview.

    :param channel: or a user's id, for a direct message
    :raises SlackError: when Slack did not take it, or did not say so
    """
    answer = await web_api.call(
        client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            text=message.text,
            blocks=message.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
    )
    in_thread = web_api.text(answer, "message", "thread_ts") or None
    channel, ts = web_api.text(answer, "channel"), web_api.text(answer, "ts")
    if not (channel and ts):
        raise web_api.SlackNoAnswerError("the answer does not say where the message is")
    return Place(channel, ts, in_thread)


async def update(client: AsyncWebClient, channel: str, ts: str, message: Message) -> None:
    """Change the content of a message. The same update can be made twice.

    :raises SlackError: when Slack did not take it
    """
    await web_api.call(
        client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
    )

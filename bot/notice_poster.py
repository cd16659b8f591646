"""Posts one notice: posts or updates its message in Slack, and records it."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.alert_config import AlertConfig
from bot.clock import Clock
from bot.notice_drawing import NoticeDrawing
from bot.slack import web_api
from bot.slack.pace import Pace
from storage import notice_queue
from storage.notice_queue import Reminding
from storage.notice_view import Notice
from storage.store import Store


class NoticePoster:
    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        drawing: NoticeDrawing,
        *,
        clock: Clock,
        pace: Pace,
        alert: AlertConfig | None,
    ) -> None:
        """:param pace: the same that receipts have"""
        self._client, self._store, self._drawing = client, store, drawing
        self._clock, self._pace = clock, pace
        self._reminding = Reminding(alert.every, alert.times) if alert else None

    async def post(self, notice: Notice) -> None:
        """Post or update the message. News that is no longer true is not posted.

        :raises SlackError: when Slack did not take it
        """
        await self._pace.wait_for_turn(notice.place)
        if notice.ts is not None and notice.channel is not None:
            message = await self._drawing.draw(notice)
            await web_api.call(
                self._client.chat_update(
                    channel=notice.channel, ts=notice.ts, text=message.text, blocks=message.blocks
                )
            )
            await self._record(notice, notice.channel, notice.ts)
            return
        current = await self._store.write(notice_queue.begin, notice, now=self._clock.time())
        if current is not None:
            channel, ts = await self._say(current)
            await self._record(current, channel, ts)

    async def _say(self, notice: Notice) -> tuple[str, str]:
        """:returns: channel and ts of the message"""
        message = await self._drawing.draw(notice)
        answer = await web_api.call(
            self._client.chat_postMessage(
                channel=notice.place,
                thread_ts=notice.thread_ts,
                text=message.text,
                blocks=message.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        channel, ts = web_api.text(answer, "channel"), web_api.text(answer, "ts")
        if not (channel and ts):
            raise web_api.SlackNoAnswerError("the answer does not say where the message is")
        return channel, ts

    async def _record(self, notice: Notice, channel: str, ts: str) -> None:
        await self._store.write(
            notice_queue.mark_posted,
            notice,
            channel,
            ts,
            now=self._clock.time(),
            reminding=self._reminding,
        )

"""Posts one notice: posts or updates its message in Slack, and records it."""

from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.notice_drawing import NoticeDrawing
from bot.slack import messages
from bot.slack.pace import Pace
from bot.storing import until_stored
from storage import notice_queue
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
        reminding: notice_queue.Reminding | None,
    ) -> None:
        """:param pace: the same that receipts have
        :param reminding: None for no reminders of alerts
        """
        self._client, self._store, self._drawing = client, store, drawing
        self._clock, self._pace, self._reminding = clock, pace, reminding

    async def post(self, notice: Notice) -> None:
        """Post or update the message. News that is no longer true is not posted.

        :raises SlackError: when Slack did not take it
        """
        await self._pace.wait_for_turn(notice.place)
        if notice.ts is not None and notice.channel is not None:
            message = await self._drawing.draw(notice)
            await messages.update(self._client, notice.channel, notice.ts, message)
            await self._record(notice, notice.channel, notice.ts)
            return
        current = await self._store.write(notice_queue.begin, notice, now=self._clock.time())
        if current is not None:
            message = await self._drawing.draw(current)
            posted = await messages.post(self._client, current.place, message, current.thread_ts)
            await self._record(current, posted.channel, posted.ts)

    async def _record(self, notice: Notice, channel: str, ts: str) -> None:
        """Store that Slack has the message, however long the database takes: another try would
        post it again.
        """
        write = partial(
            self._store.write,
            notice_queue.mark_posted,
            notice,
            channel,
            ts,
            now=self._clock.time(),
            reminding=self._reminding,
        )
        await until_stored(write, self._clock, notice=notice.what, place=channel)

"""Posts one receipt: draws it, and posts or updates its message in Slack."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks import receipt as drawing
from blocks.mrkdwn import link
from blocks.place import mention
from blocks.receipt import Message, ReceiptView
from blocks.receipt_facts import Summary
from blocks.words import Words
from bot.clock import Clock
from bot.kind import AnyKind
from bot.slack import web_api
from bot.slack.pace import Pace
from bot.slack.users import Users
from storage import receipts, undo
from storage.receipts import Posted, Receipt
from storage.reports import Report
from storage.store import Store

log = logging.getLogger(__name__)

TOO_LONG = frozenset(
    ["msg_blocks_too_long", "msg_too_long", "invalid_blocks", "invalid_blocks_format"]
)
"""Slack's errors for a message that a shorter one may replace."""


class ReceiptPoster:
    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        users: Users,
        kinds: Mapping[str, AnyKind],
        *,
        clock: Clock,
        pace: Pace,
        undo_seconds: float,
    ) -> None:
        """:param undo_seconds: for which a new report is kept back"""
        self._client, self._store, self._users = client, store, users
        self._kinds, self._clock, self._pace = kinds, clock, pace
        self._undo_seconds = undo_seconds

    async def post(self, receipt: Receipt, report: Report) -> float | None:
        """Post or update the message, and record it. A message that Slack finds too long is
        replaced by a shorter one.

        :returns: when a receipt of the same channel is due, UNIX seconds; None when none is
        :raises SlackError: when Slack took none of them
        """
        # Drawn once: an opener that takes a while must not make the first receipt a late one.
        words = self._users.words(report.who) if receipt.direct else self._users.channel_words
        view = self._view(words, report, receipt)
        messages = _ever_shorter(words, view)
        if receipt.ts is None and receipt.thread_ts is None and not receipt.direct:
            receipt = await self._open_thread(receipt, drawing.opener(words, view))
        while True:
            try:
                posted = await self._post_or_update(receipt, messages.pop(0))
            except web_api.SlackRefusedError as error:
                if error.code not in TOO_LONG or not messages:
                    raise
                log.warning("the receipt of report %d is shortened: %s", receipt.number, error)
            else:
                break
        now = self._clock.time()
        return await self._store.write(
            receipts.mark_posted, receipt.number, receipt.version, posted, now=now
        )

    async def _open_thread(self, receipt: Receipt, opener: Message) -> Receipt:
        """Post the message whose thread the receipt belongs in."""
        opened = await self._say("opener", place(receipt), opener, None)
        now = self._clock.time()
        await self._store.write(
            receipts.set_thread, receipt.number, opened.ts, now=now, opener=opened
        )
        return replace(receipt, thread_ts=opened.ts)

    async def _post_or_update(self, receipt: Receipt, message: Message) -> Posted:
        what = "direct" if receipt.direct else "receipt"
        if receipt.ts is not None and receipt.channel is not None:
            await self._pace.wait_for_turn(place(receipt))
            await web_api.call(
                self._client.chat_update(
                    channel=receipt.channel, ts=receipt.ts, **_arguments(message)
                )
            )
            return Posted(what, receipt.channel, receipt.ts, receipt.thread_ts)
        thread_ts = None if receipt.direct else receipt.thread_ts
        posted = await self._say(what, place(receipt), message, thread_ts)
        if thread_ts is not None and posted.thread_ts is None:
            # Slack posts a reply to a deleted message into the channel, and says so only thus.
            log.warning("the thread of report %d in %s is gone", receipt.number, place(receipt))
            now = self._clock.time()
            await self._store.write(receipts.set_thread, receipt.number, posted.ts, now=now)
        return posted

    async def _say(
        self, what: str, channel: str, message: Message, thread_ts: str | None
    ) -> Posted:
        await self._pace.wait_for_turn(channel)
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

    def _view(self, words: Words, report: Report, receipt: Receipt) -> ReceiptView:
        kind = self._kinds[report.kind]
        return ReceiptView(
            number=report.number,
            kind=report.kind,
            who=report.who,
            api=kind.api_label,
            state=report.state,
            cause=report.cause,
            remote_id=report.remote_id,
            answer=report.answer,
            created_at=report.created_at,
            next_try=report.next_try,
            summary=_summary(words, kind, report),
            allowed=undo.offered(report, now=self._clock.time(), undo_seconds=self._undo_seconds),
            facts=kind.receipt,
            version=receipt.version,
            meant_for=_meant_for(words, report) if receipt.direct else None,
        )


def place(receipt: Receipt) -> str:
    """The channel, or the user, that the receipt is posted to."""
    return (receipt.channel or "") if receipt.direct else receipt.thread_channel


def _summary(words: Words, kind: AnyKind, report: Report) -> Summary:
    if "payload" in report.damaged:
        return Summary(())
    return kind.form.summary(words, kind.receipt.as_sent(report.payload, report.answer))


def _ever_shorter(words: Words, view: ReceiptView) -> list[Message]:
    """The whole receipt; one without anybody's long words; and one without blocks."""
    cause = {name: fact for name, fact in view.cause.items() if name not in {"message", "fields"}}
    short = drawing.draw(words, replace(view, cause=cause, summary=Summary((), quote="…")))
    return [drawing.draw(words, view), short, Message(short.text, [])]


def _meant_for(words: Words, report: Report) -> str:
    origin = report.origin
    if address := origin.get("link"):
        return link(str(address))
    return mention(words, str(origin.get("channel")), origin.get("place"))


def _arguments(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}

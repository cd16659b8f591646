"""Telling: each report's one receipt is posted, kept true, and never blocks another's."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks import receipt as drawing
from blocks.mrkdwn import link
from blocks.place import mention
from blocks.receipt import Message
from blocks.words import Words
from bot.background import Alarm, Tasks, run_in_steps
from bot.clock import Clock
from bot.config import ReceiptLimits
from bot.delivery.decision import backoff
from bot.kind import AnyKind
from bot.rate_limit import TokenBucket
from bot.slack import web_api
from bot.slack.users import Users
from storage import receipts, reports
from storage.receipts import Posted, Receipt
from storage.reports import Report
from storage.states import ALLOWED
from storage.store import StorageError, Store

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Channels told at once."""
POLL_EVERY = 5.0
"""Seconds between two looks for what another process stored."""
GIVE_UP_AFTER = 12
"""Failed tries, over about two hours, after which even the direct message waits for news."""

# The message is there no more, or can no more be changed.
_NO_MORE = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
_TOKEN = frozenset(
    ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"]
)


class ReceiptWorker:
    """Tells receipts as long as it runs. `wake` it when there are news."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Store,
        people: Users,
        kinds: Mapping[str, AnyKind],
        *,
        owner: str,
        is_dead: Callable[[str], bool],
        clock: Clock,
        manner: ReceiptLimits,
        lease: float,
    ) -> None:
        """:param is_dead: whether the process with that owner's name is known to have ended
        :param lease: seconds after which what a process was telling may be told by another
        """
        self._manner, self._lease = manner, lease
        self._client, self._store, self._people, self._kinds = client, store, people, kinds
        self._owner, self._is_dead, self._clock = owner, is_dead, clock
        self._paces: dict[str, TokenBucket] = {}
        self._busy: set[str] = set()
        self._limited: dict[str, float] = {}
        self._tellings = Tasks()
        self._news = Alarm(clock)

    def wake(self, channel: str | None = None) -> None:
        """There are news.

        :param channel: only there; when it is being told something, its next turn is soon enough
        """
        if channel not in self._busy and channel not in self._limited:
            self._news.set()

    async def run(self) -> None:
        """Tell until cancelled. A fault of the file is logged and outlived."""
        await run_in_steps(self._begin, self._step, self._news, "receipts")

    async def drain(self, seconds: float) -> None:
        """Let what is being told be told."""
        await self._tellings.drain(seconds)

    async def _begin(self) -> None:
        now = self._clock.time()
        await self._store.write(receipts.retry_all, now=now, is_dead=self._is_dead)

    async def _step(self) -> float:
        now = self._clock.time()
        self._limited = {place: end for place, end in self._limited.items() if end > now}
        while len(self._busy) < AT_ONCE:
            claimed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            # In a task of its own, so that the end of the loop does not cut a claim from its work.
            self._tellings.start(self._tell_in_turn(claimed))
            if not await claimed:
                break
        if self._busy or self._limited:
            return min([POLL_EVERY, *(end - now for end in self._limited.values())])
        due = await self._store.read(receipts.next_due)
        return POLL_EVERY if due is None else min(POLL_EVERY, max(0.01, due - self._clock.time()))

    async def _tell_in_turn(self, claimed: asyncio.Future[bool]) -> None:
        """Take the receipt that is due longest, and tell it: only its channel waits for that."""
        receipt = None
        try:
            receipt = await self._claim()
        except StorageError:
            log.exception("receipts wait for the file")
        finally:
            if not claimed.done():
                claimed.set_result(receipt is not None)
        if receipt is None:
            return
        try:
            await self._tell(receipt)
        except StorageError:
            log.exception("whether the receipt of report %d was told is not stored", receipt.number)
        except Exception:  # one that cannot be drawn must not stop those behind it
            log.exception("the receipt of report %d cannot be told", receipt.number)
            await self._later(receipt)
        finally:
            self._busy.discard(_place(receipt))
            self.wake()

    async def _claim(self) -> Receipt | None:
        receipt = await self._store.write(
            receipts.claim,
            self._owner,
            now=self._clock.time(),
            lease=self._lease,
            busy=[*self._busy, *self._limited],
        )
        if receipt is not None:
            self._busy.add(_place(receipt))
        return receipt

    async def _tell(self, receipt: Receipt) -> None:
        report = await self._store.read(reports.get, receipt.number)
        assert report is not None  # noqa: S101 - a receipt refers to its report
        # Drawn once: an opener that takes a while must not make the first receipt a late one.
        words = self._people.words(report.who) if receipt.direct else self._people.channel_words
        facts = self._facts(words, report, receipt)
        try:
            await self._post(receipt, drawing.draw(words, facts), drawing.opener(words, facts))
        except web_api.SlackBusyError as error:
            until = self._clock.time() + error.seconds
            if error.limited:  # it is the channel that is limited, with all that waits for it
                self._limited[_place(receipt)] = until
            await self._store.write(
                receipts.postpone, receipt.number, until=until, failed=not error.limited
            )
        except web_api.SlackNoAnswerError as error:
            log.warning("the receipt of report %d: %s", receipt.number, error)
            await self._later(receipt)
        except web_api.SlackRefusedError as error:
            await self._refused(receipt, report, error)

    async def _post(self, receipt: Receipt, message: Message, opener: Message) -> None:
        """Update the receipt; or post it, and before it the thread it belongs in."""
        place = _place(receipt)
        if receipt.ts is not None and receipt.channel is not None:
            await self._pace(place)
            await web_api.call(
                self._client.chat_update(channel=receipt.channel, ts=receipt.ts, **_sent(message))
            )
            what = "direct" if receipt.direct else "receipt"
            posted = Posted(what, receipt.channel, receipt.ts, receipt.thread_ts)
            await self._told(receipt, posted)
            return
        thread_ts = None if receipt.direct else receipt.thread_ts
        if thread_ts is None and not receipt.direct:
            opened = await self._say("opener", place, opener, None)
            thread_ts = opened.ts
            await self._store.write(
                receipts.set_thread,
                receipt.number,
                opened.ts,
                now=self._clock.time(),
                opener=opened,
            )
        what = "direct" if receipt.direct else "receipt"
        posted = await self._say(what, place, message, thread_ts)
        if thread_ts is not None and posted.thread_ts is None:
            # Slack posts a reply to a deleted message into the channel, and says so only thus.
            log.warning("the thread of report %d in %s is gone", receipt.number, place)
            await self._store.write(
                receipts.set_thread, receipt.number, posted.ts, now=self._clock.time()
            )
        await self._told(receipt, posted)

    async def _say(
        self, what: str, channel: str, message: Message, thread_ts: str | None
    ) -> Posted:
        await self._pace(channel)
        answer = await web_api.call(
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                unfurl_links=False,
                unfurl_media=False,
                **_sent(message),
            )
        )
        in_thread = answer.get("message", {}).get("thread_ts")
        return Posted(what, str(answer["channel"]), str(answer["ts"]), in_thread)

    async def _told(self, receipt: Receipt, posted: Posted) -> None:
        await self._store.write(
            receipts.mark_posted, receipt.number, receipt.version, posted, now=self._clock.time()
        )

    async def _refused(
        self, receipt: Receipt, report: Report, error: web_api.SlackRefusedError
    ) -> None:
        """Post it anew, tell the person directly, or try again: better a second than none."""
        log.warning("the receipt of report %d: %s", receipt.number, error)
        if receipt.ts is not None and error.code in _NO_MORE:
            await self._store.write(receipts.forget_message, receipt.number)
        elif error.code in _TOKEN or receipt.direct:
            await self._later(receipt)
        else:
            # Whatever Slack has against it there, the person is told.
            await self._store.write(receipts.redirect, receipt.number, report.who)

    async def _later(self, receipt: Receipt) -> None:
        failures = receipt.failures + 1
        wait = backoff(failures) if failures < GIVE_UP_AFTER else 86_400.0
        until = self._clock.time() + wait
        await self._store.write(receipts.postpone, receipt.number, until=until)

    async def _pace(self, channel: str) -> None:
        """Wait for this channel's turn. Others are told meanwhile."""
        pace = self._paces.setdefault(
            channel, TokenBucket(self._manner.per_second, self._manner.burst)
        )
        await self._clock.sleep(pace.wait(self._clock.time()))
        pace.take(self._clock.time())

    def _facts(self, words: Words, report: Report, receipt: Receipt) -> drawing.ReceiptView:
        kind = self._kinds[report.kind]
        return drawing.ReceiptView(
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
            summary=kind.form.summary(words, kind.receipt.as_sent(report.payload, report.answer)),
            allowed=ALLOWED[report.state],
            facts=kind.receipt,
            version=receipt.version,
            meant_for=_meant_for(words, report) if receipt.direct else None,
        )


def _place(receipt: Receipt) -> str:
    return (receipt.channel or "") if receipt.direct else receipt.thread_channel


def _meant_for(words: Words, report: Report) -> str:
    origin = report.origin
    if address := origin.get("link"):
        return link(str(address))
    return mention(words, str(origin.get("channel")), origin.get("place"))


def _sent(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}

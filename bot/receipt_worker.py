"""Receipts: each report's one message in Slack is posted and kept true."""

import logging
from collections.abc import Callable

from bot.clock import Clock
from bot.delivery.decision import backoff
from bot.queue_worker import POLL_EVERY, Claimed, Idle, QueueWorker
from bot.receipt_poster import ReceiptPoster, place
from bot.slack import web_api
from storage import receipts
from storage.receipts import Claim, Receipt
from storage.reports import Report
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Channels that are posted to at the same time."""
GIVE_UP_AFTER = 12
"""Failed tries, over about two hours, after which a receipt waits for a day, or for news."""
SHORTEST_IDLE = 0.05
"""Seconds between two claims that find nothing."""
DAY = 86_400.0


class ReceiptWorker(QueueWorker[Claim]):
    """Posts receipts as long as it runs. `wake` it when a report has news."""

    def __init__(
        self,
        poster: ReceiptPoster,
        store: Store,
        *,
        owner: str,
        is_dead: Callable[[str], bool],
        clock: Clock,
        lease: float,
        may_claim: Callable[[], bool] = lambda: True,
        token_refused: Callable[[], None] = lambda: None,
    ) -> None:
        """:param is_dead: whether the process with that owner's name is known to have ended
        :param lease: seconds after which another process may post what this one claimed
        :param may_claim: as of `Worker`
        :param token_refused: called when Slack refuses the bot's token for a receipt
        """
        super().__init__("receipts", clock, log, slots=AT_ONCE, lease=lease, may_claim=may_claim)
        self._poster, self._store, self._is_dead = poster, store, is_dead
        self._owner, self._lease = owner, lease
        self._token_refused = token_refused
        self._busy: set[str] = set()
        self._limited: dict[str, float] = {}
        self._limits_in_a_row: dict[str, int] = {}
        self.refused: str | None = None
        """Slack's error, if Slack refused the bot's token for the last receipt."""

    def wake(self, channel: str | None = None) -> None:
        """A report has news.

        :param channel: where its receipt is. A channel that is busy is looked at anyway once it
            is not.
        """
        if channel not in self._busy and channel not in self._limited:
            super().wake()

    async def _free_claims(self, now: float) -> None:
        await self._store.write(receipts.retry_all, now=now, is_dead=self._is_dead)

    async def _claim_next(self) -> Claimed[Claim] | Idle:
        """The receipt that is due longest, in a channel that takes a message now."""
        passed = self._clock.monotonic()
        self._limited = {where: end for where, end in self._limited.items() if end > passed}
        claim = await self._store.write(
            receipts.claim,
            self._owner,
            now=self._clock.time(),
            lease=self._lease,
            busy=[*self._busy, *self._limited],
        )
        if claim.receipt is None:
            return Idle(max(SHORTEST_IDLE, self._until_due(claim.next_due)))
        self._busy.add(place(claim.receipt))
        return Claimed(claim, another_in=self._until_due(claim.next_due))

    async def let_go(self, claim: Claim) -> None:
        if claim.receipt is not None:
            self._busy.discard(place(claim.receipt))

    async def handle(self, claim: Claim) -> bool:
        receipt, report = claim.receipt, claim.report
        assert receipt is not None  # noqa: S101 - no other claim is handled
        assert report is not None  # noqa: S101 - a receipt refers to its report
        due: float | None = self._clock.time()
        try:
            due = await self._post(receipt, report)
        except Exception as error:  # noqa: BLE001 - logged; the receipts behind it go on
            self._faults.fault("a receipt cannot be posted", error, report=receipt.number)
            await self._later(receipt)
        else:
            self._faults.over("a receipt cannot be posted", report=receipt.number)
        finally:
            self._busy.discard(place(receipt))
        return due is not None and due - self._clock.time() < POLL_EVERY

    def _until_due(self, due: float | None) -> float:
        """Seconds until another receipt may be claimed, unless there is news."""
        left = POLL_EVERY if due is None else due - self._clock.time()
        passed = self._clock.monotonic()
        return max(0.0, min([POLL_EVERY, left, *(end - passed for end in self._limited.values())]))

    async def _post(self, receipt: Receipt, report: Report) -> float | None:
        """:returns: when a receipt of the same channel is due, UNIX seconds; None when none is"""
        try:
            due = await self._poster.post(receipt, report)
        except web_api.SlackBusyError as error:
            await self._busy_slack(receipt, error)
        except web_api.SlackNoAnswerError as error:
            log.warning("a receipt is posted later", extra={"report": receipt.number, "why": error})
            await self._later(receipt, give_up=False)
        except web_api.SlackRefusedError as error:
            await self._refused(receipt, report, error)
        else:
            self._limits_in_a_row.pop(place(receipt), None)
            self.refused = None
            return due
        return self._clock.time()

    async def _busy_slack(self, receipt: Receipt, error: web_api.SlackBusyError) -> None:
        """Slack did nothing. Where it limits us, the whole channel waits."""
        if not error.limited:
            log.warning("a receipt is posted later", extra={"report": receipt.number, "why": error})
            await self._later(receipt, give_up=False)
            return
        where = place(receipt)
        limits = self._limits_in_a_row[where] = self._limits_in_a_row.get(where, 0) + 1
        # Slack's own wait; but one that is too short again and again is not believed for ever.
        wait = max(error.seconds, min(2.0 ** (limits - 1), web_api.LONGEST_WAIT))
        self._limited[where] = self._clock.monotonic() + wait
        until = self._clock.time() + wait
        await self._store.write(receipts.postpone, receipt, until=until, failed=False)

    async def _refused(
        self, receipt: Receipt, report: Report, error: web_api.SlackRefusedError
    ) -> None:
        """Post it anew, post it to the person directly, or try again: a second message is better
        than none.
        """
        log.warning("Slack refuses a receipt", extra={"report": receipt.number, "why": error})
        self.refused = error.code if error.code in web_api.TOKEN_REFUSED else None
        if self.refused:
            self._token_refused()
        if receipt.ts is not None and error.code in web_api.MESSAGE_GONE:
            await self._store.write(receipts.forget_message, receipt)
        elif error.code in web_api.TOKEN_REFUSED or receipt.direct:
            await self._later(receipt)
        else:
            # Whatever Slack has against the message there, the person gets it.
            # A direct message or a group that the bot is not in is no concern of the admins.
            private = report.origin.get("place") or receipt.thread_channel.startswith("D")
            await self._store.write(
                receipts.redirect,
                receipt.number,
                report.who,
                now=self._clock.time(),
                channel_error=None if private else error.code,
            )

    async def _later(self, receipt: Receipt, *, give_up: bool = True) -> None:
        """:param give_up: whether another try makes no sense after many"""
        failures = receipt.failures + 1
        wait = DAY if give_up and failures >= GIVE_UP_AFTER else backoff(failures)
        until = self._clock.time() + wait
        await self._store.write(receipts.postpone, receipt, until=until)

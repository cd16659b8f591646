"""Delivery: each API's reports are claimed, sent, and what became of them is written down."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.background import Alarm, Tasks, run_in_steps
from bot.clock import Clock
from bot.config import DeliveryLimits
from bot.delivery import decision as decisions
from bot.delivery.api import Api
from bot.delivery.decision import Decision, Doubt, Filed, Hold, Refuse, Wait
from bot.delivery.reconcile import Reconciler
from bot.rate_limit import TokenBucket
from storage import delivery_queue
from storage.api_calls import Call
from storage.reports import Change, Report
from storage.states import State
from storage.store import StorageError, Store

log = logging.getLogger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks whether an API that refused our token takes it again."""
OUTAGES = ("unreachable", "busy")
"""Causes of waiting that are the API's, and so every report's."""
POLL_EVERY = 5.0
"""Seconds between two looks for what another process stored."""


class DeliveryWorker:
    """One API's deliveries. `wake` it when a report was stored."""

    def __init__(
        self,
        api: Api,
        store: Store,
        *,
        owner: str,
        is_dead: Callable[[str], bool],
        limits: DeliveryLimits,
        tell: Callable[[], None],
        clock: Clock,
    ) -> None:
        """:param is_dead: whether the process with that owner's name is known to have ended
        :param tell: called when a receipt has news
        """
        self._api, self._store, self._owner, self._limits = api, store, owner, limits
        self._is_dead, self._tell, self._clock = is_dead, tell, clock
        self._pace = TokenBucket(limits.per_second, burst=max(1.0, limits.per_second))
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._sends = Tasks()
        self._reconciler = Reconciler(api, store, tell=tell, clock=clock)
        self._sending: set[int] = set()
        self._news = Alarm(clock)
        self._outage: Wait | None = None

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        """Deliver until cancelled. A fault of the file is logged and outlived."""
        who = f"deliveries to {self._api.name}"
        await run_in_steps(self._begin, self._step, self._news, who)

    async def _begin(self) -> None:
        """Go on where an earlier process ended."""
        now = self._clock.time()
        if found := await self._store.read(
            delivery_queue.current_outage, self._api.name, OUTAGES, now=now
        ):
            cause, until = found
            # Whether an API can be reached is tried at each start; its patience is its own.
            self._outage = Wait(until if cause["why"] == "busy" else now, cause)
            if self._outage.until <= now:
                await self._store.write_in_pieces(delivery_queue.resume, self._api.name, now=now)
        await self._reconciler.reconcile_all()

    async def drain(self, seconds: float) -> None:
        """Let what is being sent come back; what does not becomes unknown at the next start."""
        await self._reconciler.drain()
        await self._sends.drain(seconds)

    async def keep_alive(self) -> None:
        """Renew the lease of what is being sent, and bury what dead processes left."""
        while True:
            try:
                now, lease = self._clock.time(), self._limits.lease
                if self._sending:
                    numbers = list(self._sending)
                    await self._store.write(
                        delivery_queue.renew, self._owner, numbers, now=now, lease=lease
                    )
                if await self._store.write(
                    delivery_queue.fail_stalled, self._api.name, now=now, is_dead=self._is_dead
                ):
                    await self._reconciler.reconcile_all()
                    self._tell()
            except StorageError:
                log.exception("leases of %s could not be renewed", self._api.name)
            await self._clock.sleep(self._limits.lease / 4)

    async def _step(self) -> float:
        """Start what can be started now.

        :returns: seconds until there may be more
        """
        if (wait := self._pace.wait(self._clock.time())) > 0:
            return wait  # whatever is new: many reports at once must not ask the file each
        if cause := await self._store.read(delivery_queue.held, self._api.name):
            return await self._look(cause)
        while True:
            now = self._clock.time()
            if self._outage is not None and now < self._outage.until:
                await self._postpone_new(self._outage)
                if self._outage.cause["why"] == "busy":
                    return self._outage.until - now
            if (wait := self._pace.wait(now)) > 0:
                return wait
            await self._slots.acquire()
            claimed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            # In a task of its own, so that the end of the loop does not cut a claim from its send.
            self._sends.start(self._send(claimed))
            if not await claimed:
                due = await self._store.read(delivery_queue.next_try, self._api.name)
                return min(POLL_EVERY, max(0.0, due - self._clock.time())) if due else POLL_EVERY

    async def _send(self, claimed: asyncio.Future[bool]) -> None:
        """Take the oldest report that is due, and send it, in the slot that was taken for it."""
        try:
            report = await self._claim()
            if not claimed.done():
                claimed.set_result(report is not None)
            if report is not None:
                await self._deliver(report)
                self.wake()
        except StorageError as error:
            if claimed.done():
                raise
            claimed.set_exception(error)
        finally:
            self._slots.release()

    async def _claim(self) -> Report | None:
        now = self._clock.time()
        report = await self._store.write(
            delivery_queue.claim,
            self._api.name,
            self._owner,
            now=now,
            lease=self._limits.lease,
            asked_only=self._outage is not None and now < self._outage.until,
        )
        if report is not None:
            self._pace.take(now)
            self._sending.add(report.number)
        return report

    async def _deliver(self, report: Report) -> Decision:
        try:
            return await self._exchange(report)
        finally:
            self._sending.discard(report.number)

    async def _exchange(self, report: Report) -> Decision:
        calls: list[Call] = []
        outcome = await self._api.file(report.payload, calls)
        now = self._clock.time()
        meaning = self._in_turn(decisions.decide(outcome, attempts=report.attempts, now=now))
        change = self._change(meaning)
        log.info("report %d: %s %s", report.number, change.state, dict(change.cause))
        if not await self._written_down(report, change, calls):
            log.warning("report %d was decided otherwise while it was sent", report.number)
        await self._draw_conclusions(meaning, now)
        self._tell()
        if isinstance(meaning, Doubt):
            self._reconciler.reconcile(report)
        return meaning

    async def _send_one(self) -> Decision | None:
        report = await self._claim()
        return None if report is None else await self._deliver(report)

    def _in_turn(self, meaning: Decision) -> Decision:
        """A report that was tried fewer times does not come back before the others."""
        if isinstance(meaning, Wait) and self._outage and self._outage.until > meaning.until:
            return replace(meaning, until=self._outage.until)
        return meaning

    def _change(self, meaning: Decision) -> Change:
        match meaning:
            case Filed(remote_id, answer, about):
                why = {"why": "answered"}
                return Change(State.FILED, why, remote_id=remote_id, answer=answer, about=about)
            case Wait(until, cause):
                return Change(State.WAITING, cause, next_try=until)
            case Hold(cause):
                return Change(State.HELD, {**cause, "setting": self._api.setting})
            case Refuse(cause):
                return Change(State.REFUSED, cause)
            case Doubt(cause):
                return Change(State.UNKNOWN, cause)

    async def _written_down(self, report: Report, change: Change, calls: list[Call]) -> bool:
        """An answer that we have is kept, however long the file cannot be written."""
        while True:
            try:
                return await self._store.write(
                    delivery_queue.finish,
                    report.number,
                    self._owner,
                    report.attempts,
                    change,
                    calls,
                    now=self._clock.time(),
                )
            except StorageError:
                log.exception("what became of report %d is not stored yet", report.number)
                await self._clock.sleep(1)

    async def _draw_conclusions(self, meaning: Decision, now: float) -> None:
        """What one report's outcome says about the API, and so about the others."""
        name = self._api.name
        match meaning:
            case Wait(until, cause):
                if self._outage is None or until > self._outage.until:
                    self._outage = meaning
                await self._store.write_in_pieces(
                    delivery_queue.postpone, name, cause, until=until, now=now
                )
            case Hold(cause):
                known = {**cause, "setting": self._api.setting}
                log.error("%s refuses our token: renew %s", name, self._api.setting)
                await self._store.write_in_pieces(delivery_queue.hold, name, known, now=now)
            case _ if self._outage is not None and not self._patient(self._outage, now):
                self._outage = None
                await self._store.write_in_pieces(delivery_queue.resume, name, now=now)

    def _patient(self, outage: Wait, now: float) -> bool:
        """An API that asked for patience gets it, whatever it answers to what was on its way."""
        return bool(outage.cause["why"] == "busy" and now < outage.until)

    async def _postpone_new(self, outage: Wait) -> None:
        """What came in meanwhile says so too.

        Where the API only cannot be reached, a person may still ask for a try.
        """
        await self._store.write_in_pieces(
            delivery_queue.postpone,
            self._api.name,
            outage.cause,
            until=outage.until,
            now=self._clock.time(),
            only_new=outage.cause["why"] != "busy",
        )
        self._tell()

    async def _look(self, cause: Mapping[str, Any]) -> float:
        """Whether the API takes our token again: then one report goes first, and all if it went."""
        name, now = self._api.name, self._clock.time()
        await self._store.write_in_pieces(delivery_queue.hold, name, cause, now=now)
        self._tell()
        calls: list[Call] = []
        works = await self._api.works(calls)
        await self._store.write(delivery_queue.log_calls, calls)
        if not works:
            return LOOK_EVERY
        await self._store.write(delivery_queue.release, name, now=now, limit=1)
        # In a task of its own, so that the end of the loop does not cut what is being sent.
        meaning = await asyncio.shield(self._sends.start(self._send_one()))
        if meaning is None:
            return POLL_EVERY  # another process has it
        if isinstance(meaning, (Hold, Wait)):
            return LOOK_EVERY
        await self._store.write_in_pieces(delivery_queue.release, name, now=self._clock.time())
        self._tell()
        return 0.0

"""Works on the events that Slack sent, each once."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.claim_owner import Process
from bot.delivery.decision import backoff
from bot.queue_worker import POLL_EVERY, Claimed, Idle, QueueWorker
from bot.services import Services
from bot.slack import web_api
from storage import events, homes
from storage.events import Event

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Events that are worked on at the same time."""
LEASE = 60.0
"""Seconds after which another process may work on an event. Work takes a few calls of Slack."""
GIVE_UP_AFTER = 10
"""Failed tries, over about an hour, after which an event is let go: nobody waits for it by then."""
EVENTS_KEPT_FOR = 3 * 86_400.0
"""Seconds for which an event is recognized if it comes again. Slack sends none after a day."""
HOMES_KEPT_FOR = 30 * 86_400.0
"""Seconds after which a Home that nobody opens is not published any more."""
PRUNE_EVERY = 3600.0
PRUNED = 1000
"""Rows that are deleted at once."""

Handler = Callable[[Event], Awaitable[None]]


class EventWorker(QueueWorker[Event]):
    def __init__(
        self,
        services: Services,
        handlers: Mapping[str, Handler],
        process: Process,
        may_claim: Callable[[], bool],
    ) -> None:
        """:param handlers: by the type of the event. One that raises a Slack error that will pass
        is called again, also when Slack may have done what it was asked for.
        :param may_claim: as of `Worker`
        """
        super().__init__(
            "events",
            services.clock,
            log,
            slots=AT_ONCE,
            alarm=services.event_alarm,
            tasks=services.tasks,
            lease=LEASE,
            may_claim=may_claim,
        )
        self._store, self._handlers = services.store, handlers
        self._process, self._owner = process, process.owner()
        self._prune_at = 0.0

    async def _free_claims(self, now: float) -> None:
        is_dead = self._process.is_dead
        await self._store.write(
            events.free_claims, self._owner, now=now, lease=LEASE, is_dead=is_dead
        )

    async def _claim_next(self) -> Claimed[Event] | Idle:
        now = self._clock.time()
        due = await self._store.read(events.next_due)
        if due is None or due > now:
            await self._prune(now)
            return Idle(POLL_EVERY if due is None else min(POLL_EVERY, due - now))
        event = await self._store.write(events.claim, self._owner, now=now, lease=LEASE)
        return Idle(POLL_EVERY) if event is None else Claimed(event)

    async def handle(self, event: Event) -> bool:
        try:
            await self._work(event)
        except Exception as error:  # noqa: BLE001 - logged; the events behind it go on
            self._faults.fault("an event met a fault", error, event=event.id)
            await self._later(event, backoff(event.failures + 1))
        else:
            self._faults.over("an event met a fault", event=event.id)
        return False

    async def _work(self, event: Event) -> None:
        """An event without a handler was stored by another release, and is let go."""
        try:
            if handler := self._handlers.get(event.type):
                await handler(event)
        except web_api.SlackBusyError as error:
            log.warning("an event is worked on later", extra={"event": event.id, "why": error})
            if error.limited:
                await self._limited(event, error.seconds)
            else:
                await self._later(event, max(error.seconds, backoff(event.failures + 1)))
        except web_api.SlackNoAnswerError as error:
            # Slack may have done it. The handler finds out before it asks again.
            log.warning("an event is worked on later", extra={"event": event.id, "why": error})
            await self._later(event, backoff(event.failures + 1))
        except web_api.SlackError as error:
            log.warning("an event could not be answered", extra={"event": event.id, "why": error})
            await self._store.write(events.finish, event)
        else:
            await self._store.write(events.finish, event)

    async def _limited(self, event: Event, seconds: float) -> None:
        """Slack has many other calls of ours to do first, and will do this one."""
        until = self._clock.time() + seconds
        await self._store.write(events.postpone, event, until=until, failed=False)

    async def _later(self, event: Event, seconds: float) -> None:
        if event.failures + 1 >= GIVE_UP_AFTER:
            log.error("an event is given up", extra={"event": event.id, "tries": GIVE_UP_AFTER})
            await self._store.write(events.finish, event)
            return
        until = self._clock.time() + seconds
        await self._store.write(events.postpone, event, until=until)

    async def _prune(self, now: float) -> None:
        if self._clock.monotonic() < self._prune_at:
            return
        deleted = await self._store.write(events.prune, before=now - EVENTS_KEPT_FOR, limit=PRUNED)
        await self._store.write(homes.prune, before=now - HOMES_KEPT_FOR)
        pause = PRUNE_EVERY if deleted < PRUNED else POLL_EVERY
        self._prune_at = self._clock.monotonic() + pause

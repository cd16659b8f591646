"""Publishes App Homes: when a person opens theirs, and again when a report of theirs changes.

Changes that follow each other are published together, and no person's Home more often than every
`PACE` seconds, unless the person asks. One process publishes a person's Home at a time.
Source: https://docs.slack.dev/reference/methods/views.publish (100 and more calls a minute)
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from blocks.home.drawing import draw
from bot.home.reader import HomeReader
from bot.queue_worker import POLL_EVERY, Claimed, Idle, QueueWorker
from bot.rate_limit import TokenBucket
from bot.services import Services
from bot.slack import web_api
from storage import homes
from storage.homes import Home

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Homes that are published at the same time."""
LOOK_EVERY = 1.0
"""Seconds between two looks for Homes that a changed report has made outdated."""
PACE = 2.0
LONGEST_WAIT = 300.0
"""Seconds between two tries to publish a Home. Each failure in a row doubles the wait."""
PER_SECOND, BURST = 1.5, 30.0
"""Calls of `views.publish`: a little less than Slack takes."""


class HomeWorker(QueueWorker[Home]):
    def __init__(
        self, services: Services, reader: HomeReader, may_claim: Callable[[], bool]
    ) -> None:
        """:param may_claim: as of `Worker`"""
        super().__init__(
            "App Homes",
            services.clock,
            log,
            slots=AT_ONCE,
            alarm=services.homes,
            tasks=services.tasks,
            lease=services.homes.lease,
            may_claim=may_claim,
        )
        self._services, self._reader = services, reader
        self._store, self._opened = services.store, services.homes
        self._bucket = TokenBucket(PER_SECOND, BURST)
        self._limited_until = self._look_at = 0.0

    async def _free_claims(self, now: float) -> None:
        owner, lease = self._opened.owner, self._opened.lease
        if owner is not None:
            await self._store.write(homes.free_claims, owner, now=now, lease=lease)

    async def _claim_next(self) -> Claimed[Home] | Idle:
        now, passed = self._clock.time(), self._clock.monotonic()
        if (wait := max(self._bucket.wait(passed), self._limited_until - passed)) > 0:
            return Idle(min(wait, POLL_EVERY))
        if opened := self._opened.take():
            self._bucket.take(passed)
            rest = 0.0 if self._opened.is_waiting else max(self._look_at - passed, 0.0)
            return Claimed(opened, another_in=rest)
        home = await self._claim_due(now)
        if isinstance(home, Home):
            self._bucket.take(passed)
            return Claimed(home)
        self._look_at = passed + home
        return Idle(home)

    async def _claim_due(self, now: float) -> Home | float:
        """Claim the Home that is due longest.

        :returns: the seconds until the next look if none is due
        """
        due = await self._store.read(homes.next_due)
        if due is None or due > now:
            return LOOK_EVERY if due is None else min(LOOK_EVERY, due - now)
        owner, lease = self._opened.owner, self._opened.lease
        if owner is None:
            return LOOK_EVERY
        home = await self._store.write(homes.claim, owner, now=now, lease=lease)
        return home or LOOK_EVERY

    async def handle(self, home: Home) -> bool:
        try:
            await self._publish(home)
        except Exception as error:  # noqa: BLE001 - logged; the Homes behind it go on
            self._faults.fault("a Home cannot be published", error, user=home.user)
            await self._later(home)
        else:
            self._faults.over("a Home cannot be published", user=home.user)
        return False

    async def _publish(self, home: Home) -> None:
        users, user = self._services.users, home.user
        home = replace(home, sees_all=self._services.is_admin(user))
        if not users.knows(user):
            await users.learn(user)
        view = draw(users.words(user), await self._reader.view(home))
        try:
            await web_api.call(self._services.client.views_publish(user_id=user, view=view))
        except web_api.SlackBusyError as error:
            await self._busy(home, error)
        except web_api.SlackNoAnswerError as error:
            log.warning("a Home is published later", extra={"user": user, "why": error})
            await self._later(home)
        except web_api.SlackRefusedError as error:
            await self._refused(home, error)
        else:
            next_from = self._clock.time() + PACE
            await self._store.write(homes.mark_published, home, next_from=next_from)

    async def _busy(self, home: Home, error: web_api.SlackBusyError) -> None:
        """Slack did nothing. Its limit is one for all Homes."""
        log.warning("a Home is published later", extra={"user": home.user, "why": error})
        if error.limited:
            self._limited_until = self._clock.monotonic() + error.seconds
        until = self._clock.time() + error.seconds
        await self._store.write(homes.postpone, home, until=until, failed=False)

    async def _refused(self, home: Home, error: web_api.SlackRefusedError) -> None:
        """The same view would be refused again, until the person opens the Home once more."""
        self._faults.fault("Slack refuses a Home", error, user=home.user)
        if error.code in web_api.TOKEN_REFUSED:
            await self._later(home)
        else:
            await self._store.write(homes.forget, home)

    async def _later(self, home: Home) -> None:
        until = self._clock.time() + min(2.0**home.failures, LONGEST_WAIT)
        await self._store.write(homes.postpone, home, until=until)

"""Sends the photos of filed reports, each once. They never hold a report back."""

import logging
from collections.abc import Callable, Mapping

from bot.clock import Clock
from bot.delivery.decision import backoff
from bot.photo_route import PhotoRoute
from bot.photos.sender import Delayed, Done, PhotoSender
from bot.queue_worker import POLL_EVERY, Claimed, Idle, QueueWorker
from storage import photo_queue, reports
from storage.photo_queue import Photo, PhotoState
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Photos that are worked on at the same time. Each takes the memory of its file, and a process that
draws it anew.
"""
LEASE = 900.0
"""Seconds after which another process may work on a photo. It is longer than all timeouts of one
photo together.
"""
SHORTEST_IDLE = 0.05
NO_ACCESS_LIMIT = 5
"""Tries in a row, over at least three minutes, after which a file that Slack does not give is given
up: it may be checked for viruses first, and somebody may invite the bot.
"""


class PhotoWorker(QueueWorker[Photo]):
    """Sends photos as long as it runs. `wake` it when a report was filed."""

    def __init__(
        self,
        sender: PhotoSender,
        routes: Mapping[str, PhotoRoute],
        store: Store,
        *,
        owner: str,
        clock: Clock,
        wake_receipts: Callable[[str | None], None],
        may_claim: Callable[[], bool] = lambda: True,
    ) -> None:
        """:param routes: by kind of report
        :param wake_receipts: is called with the channel of a receipt that has news
        :param may_claim: as of `Worker`
        """
        super().__init__("photos", clock, log, slots=AT_ONCE, lease=LEASE, may_claim=may_claim)
        self._sender, self._routes, self._store = sender, routes, store
        self._owner = owner
        self._wake_receipts = wake_receipts

    async def _free_claims(self, now: float) -> None:
        await self._store.write(photo_queue.free_claims, self._owner, now=now, lease=LEASE)

    async def _claim_next(self) -> Claimed[Photo] | Idle:
        now = self._clock.time()
        due = await self._store.read(photo_queue.next_due)
        if due is None or due > now:
            left = POLL_EVERY if due is None else due - now
            return Idle(max(SHORTEST_IDLE, min(POLL_EVERY, left)))
        photo = await self._store.write(photo_queue.claim, self._owner, now=now, lease=LEASE)
        return Idle(POLL_EVERY) if photo is None else Claimed(photo)

    async def handle(self, photo: Photo) -> bool:
        """Send a photo, and store its state.

        :returns: that another photo may be claimed
        """
        facts = {"report": photo.number, "photo": photo.id}
        channel: str | None = None
        try:
            report = await self._store.read(reports.get, photo.number)
            if report is None:
                return True  # it was erased together with its photos
            channel = report.origin.get("channel")
            route = self._routes.get(report.kind)
            outcome: Done | Delayed | None = Delayed("token")
            if route is not None:
                outcome = await self._sender.send(photo, report, route)
        except Exception as error:  # noqa: BLE001 - logged; the photos behind it go on
            self._faults.fault("a photo could not be sent", error, **facts)
            await self._fail(photo)
        else:
            self._faults.over("a photo could not be sent", **facts)
            if outcome is not None:
                await self._record(photo, outcome)
        self._wake_receipts(channel)
        return True

    async def _fail(self, photo: Photo) -> None:
        now = self._clock.time()
        until = now + backoff(photo.failures + 1)
        await self._store.write(photo_queue.fail, photo, self._owner, until=until, now=now)

    async def _record(self, photo: Photo, outcome: Done | Delayed) -> None:
        now, owner = self._clock.time(), self._owner
        failures = photo.failures + 1
        if isinstance(outcome, Delayed):
            cause = {"why": outcome.why, **outcome.facts}
            if outcome.why == "no_access":
                cause["tries"] = _tries_in_a_row(photo) + 1
            if cause.get("tries", 0) >= NO_ACCESS_LIMIT:
                outcome = Done(PhotoState.REFUSED, {"why": "no_access"})
            else:
                until = now + max(outcome.seconds, backoff(failures))
                await self._store.write(
                    photo_queue.postpone, photo, owner, cause, until=until, now=now
                )
                return
        facts = {"report": photo.number, "photo": photo.id, "state": outcome.state.value}
        log.info("photo finished", extra={**facts, "why": outcome.cause.get("why", "")})
        await self._store.write(
            photo_queue.finish,
            photo,
            owner,
            outcome.state,
            outcome.cause,
            now=now,
            remote_id=outcome.remote_id,
        )


def _tries_in_a_row(photo: Photo) -> int:
    """How often Slack did not give the file, since the photo last waited for anything else."""
    return int(photo.cause.get("tries", 1)) if photo.cause.get("why") == "no_access" else 0

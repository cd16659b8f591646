"""Notices: people are told of bad news, outages and grave reports by messages of their own."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.clock import Clock
from bot.delivery.decision import backoff
from bot.notice_poster import NoticePoster
from bot.queue_worker import POLL_EVERY, Claimed, Idle, QueueWorker
from bot.slack import web_api
from storage import notice_queue
from storage.notice_view import News, Notice, is_person
from storage.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Places that are posted to at the same time."""
BLOCKED = 1.0
"""Seconds until the next look, if a due notice cannot be posted yet: its receipt comes first."""
SHORTEST_IDLE = 0.05
GIVE_UP_AFTER = 12
"""Failed tries after which a message waits for a day."""
DAY = 86_400.0


@dataclass(frozen=True)
class Readers:
    """The people who get direct messages. Slack user ids."""

    admins: Collection[str]
    """The people who get messages about outages."""
    alerted: Collection[str]
    """Those who get an alert directly that Slack does not take in its channel."""


@dataclass(frozen=True)
class Claimer:
    """The process that claims notices."""

    owner: str
    is_dead: Callable[[str], bool]
    """Whether the process with that owner's name is known to have ended."""
    lease: float
    """Seconds after which another process may post what this one claimed."""
    may_claim: Callable[[], bool] = lambda: True
    """As of `Worker`."""


class NoticeWorker(QueueWorker[Notice]):
    """Posts notices as long as it runs. `wake` it when a report was stored or changed."""

    def __init__(
        self, poster: NoticePoster, store: Store, claimer: Claimer, readers: Readers, clock: Clock
    ) -> None:
        super().__init__(
            "notices",
            clock,
            log,
            slots=AT_ONCE,
            lease=claimer.lease,
            may_claim=claimer.may_claim,
        )
        self._poster, self._store, self._claimer = poster, store, claimer
        self._readers = readers
        self._busy: set[str] = set()

    async def _free_claims(self, now: float) -> None:
        is_dead = self._claimer.is_dead
        await self._store.write(notice_queue.retry_all, now=now, is_dead=is_dead)

    async def _claim_next(self) -> Claimed[Notice] | Idle:
        """The notice that is due longest, in a place that takes a message now."""
        now = self._clock.time()
        due = await self._store.read(notice_queue.next_due, self._readers.admins, now=now)
        if due is None or due > now:
            left = POLL_EVERY if due is None else due - now
            return Idle(max(SHORTEST_IDLE, min(POLL_EVERY, left)))
        notice = await self._store.write(
            notice_queue.claim,
            self._claimer.owner,
            now=now,
            lease=self._claimer.lease,
            busy=frozenset(self._busy),
            admins=self._readers.admins,
        )
        if notice is None:
            return Idle(BLOCKED)
        self._busy.add(notice.place)
        return Claimed(notice)

    async def let_go(self, notice: Notice) -> None:
        self._busy.discard(notice.place)

    async def handle(self, notice: Notice) -> bool:
        """Post a notice.

        :returns: that its place takes another message now
        """
        facts = {"notice": notice.what, "notice_id": notice.ids[0]}
        try:
            await self._post(notice)
        except Exception as error:  # noqa: BLE001 - logged; the notices behind it go on
            self._faults.fault("a notice cannot be posted", error, **facts)
            await self._later(notice)
        else:
            self._faults.over("a notice cannot be posted", **facts)
        finally:
            self._busy.discard(notice.place)
        return True

    async def _post(self, notice: Notice) -> None:
        try:
            await self._poster.post(notice)
        except web_api.SlackBusyError as error:
            until = self._clock.time() + error.seconds
            await self._store.write(notice_queue.postpone, notice, until=until, failed=False)
        except web_api.SlackNoAnswerError as error:
            await self._unanswered(notice, error)
        except web_api.SlackRefusedError as error:
            await self._refused(notice, error)

    async def _unanswered(self, notice: Notice, error: web_api.SlackNoAnswerError) -> None:
        """Bad news that may have been posted is not posted again, because the receipt has it too.
        An alert is posted again, because a second one is better than none.
        """
        again = error.answered or notice.ts is not None or notice.what in _SAFETY
        facts = {"notice": notice.what, "place": notice.who or notice.place, "why": error}
        if again:
            log.warning("a notice is tried again", extra=facts)
        else:
            log.warning(
                "a notice is not posted again, because it may have been posted", extra=facts
            )
        if again:
            await self._later(notice, give_up=False)

    async def _refused(self, notice: Notice, error: web_api.SlackRefusedError) -> None:
        log.warning(
            "Slack refuses a notice",
            extra={"notice": notice.what, "place": notice.place, "why": error},
        )
        now = self._clock.time()
        if (
            notice.ts is not None
            and notice.channel is not None
            and error.code in web_api.MESSAGE_GONE
        ):
            await self._store.write(
                notice_queue.mark_posted, notice, notice.channel, notice.ts, now=now
            )
        elif error.code in web_api.TOKEN_REFUSED or notice.ts is not None:
            await self._later(notice)
        elif notice.what == News.ALERT and self._readers.alerted and not _is_direct(notice):
            people = self._readers.alerted
            await self._store.write(notice_queue.announce_to, notice, people, now=now)
        elif notice.who and notice.place != notice.who:
            await self._store.write(notice_queue.redirect, notice)
        else:
            await self._later(notice)

    async def _later(self, notice: Notice, *, give_up: bool = True) -> None:
        """:param give_up: whether another try makes no sense after many"""
        failures = notice.failures + 1
        wait = DAY if give_up and failures >= GIVE_UP_AFTER else backoff(failures)
        until = self._clock.time() + wait
        await self._store.write(notice_queue.postpone, notice, until=until)


_SAFETY = frozenset({News.ALERT, News.REMINDER})


def _is_direct(notice: Notice) -> bool:
    return is_person(notice.place)

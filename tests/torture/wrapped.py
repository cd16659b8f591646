"""What is done to a bot before it starts.

A step kills the process at that boundary; a mutant breaks a promise, so that the torture has
something to find. Nothing of this is in the product.
"""

import asyncio
import os
import signal
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import bot.delivery.decision
import bot.http
from bot.clock import Clock
from bot.delivery.decision import Decision, Doubt, Wait
from storage import delivery_queue, events, photo_queue, receipts, reports
from storage.states import State
from storage.store import Store
from tests.torture.wrapped_fleet import OF_A_FLEET

NAP = 0.15
"""Seconds that the first mutant takes to store a report that it has acknowledged."""
EVENT_NAP = 60.0
"""The same of an event, which must not be stored when Slack sends it again soon."""

STEP_EVERY = 0.4
"""Seconds between two settings of the date."""


def die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def before_store() -> None:
    """In the transaction's thread, with nothing written."""
    reports.add_unless_known = die


def after_store() -> None:
    """Committed, not acknowledged."""
    _do_nothing_else()
    _die_behind("write_urgent", reports.add_unless_known)


def after_ack() -> None:
    """Acknowledged, and nothing was done about it yet."""
    answer = vars(bot.http)["answer"]
    _do_nothing_else()

    async def answered(*args: Any) -> None:
        await answer(*args)
        if args[1:3] == (200, ""):
            die()

    vars(bot.http)["answer"] = answered


def after_the_answer() -> None:
    """The API has answered; what it said is not stored."""
    delivery_queue.finish = die


def before_telling() -> None:
    """What became of it is stored, and nobody was told."""
    receipts.claim = lambda *_, **__: receipts.Claim()
    _die_behind("write", delivery_queue.finish)


def after_telling() -> None:
    """Slack has the last message; that it has is not stored."""
    mark = receipts.mark_posted

    def told_at_last(db: Any, number: int, *args: Any, **kwargs: Any) -> None:
        report = reports.get(db, number)
        if report is not None and report.state == State.FILED:
            die()
        mark(db, number, *args, **kwargs)

    receipts.mark_posted = told_at_last


def date_steps() -> None:
    """Somebody sets the machine's date by an hour, back and forth."""
    true_time = Clock.time

    def stepped(self: Clock) -> float:
        turn = int(self.monotonic() / STEP_EVERY) % 4
        return true_time(self) + (0.0, 3600.0, 0.0, -3600.0)[turn]

    Clock.time = stepped  # type: ignore[method-assign]


def ack_before_store() -> None:
    """Mutant: reports and events are acknowledged first, and stored later."""
    write_urgent = Store.write_urgent
    running = set()
    naps: dict[Callable[..., Any], tuple[float, Any]] = {
        reports.add_unless_known: (NAP, (0, True)),
        events.add: (EVENT_NAP, True),
    }

    async def lazily(self: Store, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if work not in naps:
            return await write_urgent(self, work, *args, **kwargs)
        nap, answer = naps[work]

        async def later() -> None:
            await asyncio.sleep(nap)
            await write_urgent(self, work, *args, **kwargs)

        task = asyncio.create_task(later())
        running.add(task)
        task.add_done_callback(running.discard)
        return answer

    Store.write_urgent = lazily  # type: ignore[method-assign, assignment]


def no_key() -> None:
    """Mutant: each press of the same form is a report of its own, and each delivery of the same
    event is an event of its own.
    """
    add, add_event = reports.add_unless_known, events.add

    def keyless(db: Any, new: reports.NewReport, **kwargs: Any) -> Any:
        return add(db, replace(new, key=uuid.uuid4().hex), **{**kwargs, "since": None})

    def keyless_event(db: Any, event: events.Event, **kwargs: Any) -> bool:
        return add_event(db, replace(event, id=uuid.uuid4().hex), **kwargs)

    reports.add_unless_known = keyless
    events.add = keyless_event


def again_when_unknown() -> None:
    """Mutant: reports and photos that may have arrived are sent again."""
    _send_unclear_photos_again()
    decide = bot.delivery.decision.decide

    def hopeful(*args: Any, **kwargs: Any) -> Decision:
        found = decide(*args, **kwargs)
        if isinstance(found, Doubt):
            return Wait(kwargs["now"] + 0.2, {"why": "unreachable"})
        return found

    bot.delivery.decision.decide = hopeful
    apply_change = vars(delivery_queue)["apply_change"]

    def back_to_waiting(db: Any, change: reports.Change, now: float, *where: Any) -> bool:
        if change.cause.get("why") == "died":
            change = replace(change, state=State.WAITING, cause={}, next_try=now)
        return bool(apply_change(db, change, now, *where))

    vars(delivery_queue)["apply_change"] = back_to_waiting


def _send_unclear_photos_again() -> None:
    finish = photo_queue.finish

    def wait(
        db: Any, photo: Any, owner: str, state: Any, cause: Any, *, now: float, **kwargs: Any
    ) -> None:
        if state == photo_queue.PhotoState.UNCLEAR:
            photo_queue.postpone(db, photo, owner, cause, until=now + 0.2, now=now)
        else:
            finish(db, photo, owner, state, cause, now=now, **kwargs)

    photo_queue.finish = wait
    photo_queue.begin = lambda *_, **__: True


def _do_nothing_else() -> None:
    """No report is sent and no receipt told by this bot: it has no time left for that."""
    delivery_queue.claim = lambda *_, **__: delivery_queue.Claim()
    receipts.claim = lambda *_, **__: receipts.Claim()


def _die_behind(method: str, job: Callable[..., Any]) -> None:
    """Die once this job is committed, before anybody hears of it."""
    run = getattr(Store, method)

    async def watched(self: Store, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        done = await run(self, work, *args, **kwargs)
        return die() if work is job else done

    setattr(Store, method, watched)


STEPS = (before_store, after_store, after_ack, after_the_answer, before_telling, after_telling)
MUTANTS = (ack_before_store, no_key, again_when_unknown)
WRAPPINGS: dict[str, Callable[..., None]] = {
    wrapping.__name__: wrapping for wrapping in (*STEPS, *MUTANTS, date_steps, *OF_A_FLEET)
}


def wrap(wrappings: str) -> None:
    """:param wrappings: names with their parameters, such as `newer:2+no_lock`; `-` is none"""
    for wrapping in wrappings.split("+"):
        name, *parameters = wrapping.split(":")
        if name != "-":
            WRAPPINGS[name](*parameters)

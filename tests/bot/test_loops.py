"""Loops go on after whatever they did not expect, and one row harms only itself."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest

from bot.background import Alarm, Claimed, Idle, Worker, repeat
from bot.running_loops import Loops
from sandbox.patience import PATIENCE
from sandbox.sandbox import Sandbox
from storage import reports
from storage.engine import Database
from tests.bot.scripted_api import FILED, Scripted, ScriptedImmoteur, world_with
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised, states
from tests.world import World, fetched, world

HALF = '"bad \\ud83d value"'
ODD = {
    "half a character": (Scripted(422, f'{{"message": {HALF}}}'), "refused"),
    "half a character in a field": (
        Scripted(422, f'{{"errors": {{"x": [{HALF}], {HALF}: []}}}}'),
        "refused",
    ),
    "half a character in a filed one": (
        Scripted(201, f'{{"reportId": {HALF}, "createdAt": "x"}}'),
        "unknown",
    ),
    "a date that overflows": (
        Scripted(503, "", {"Retry-After": "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"}),
        "filed",
    ),
    "a wait that is no digit": (Scripted(429, "", {"Retry-After": "²"}), "filed"),
    "a number without an end": (Scripted(400, f'{{"message": {"9" * 5000}}}'), "refused"),
    "an endless nesting": (Scripted(400, "[" * 990 + "]" * 990), "refused"),
    "a moment that no calendar holds": (
        Scripted(201, FILED.body.replace("2026-01-02T03:04:05Z", "9999-12-31T23:59:59-14:00")),
        "filed",
    ),
    "an encoding that nobody asked for": (
        Scripted(201, FILED.body, {"Content-Encoding": "gzip"}),
        "unknown",
    ),
}


@pytest.mark.parametrize(("answer", "state"), ODD.values(), ids=ODD)
async def test_an_odd_answer_settles_its_report_and_those_behind_it_go_on(
    tmp_path: Path, answer: Scripted, state: str
) -> None:
    clock = FastClock(60)
    api = ScriptedImmoteur(answer, FILED, clock=clock)
    async with world_with(tmp_path, api, clock=clock) as bot:
        await promise(bot, promised("first"))
        await all_become(bot, state, 1)
        await promise(bot, promised("second"))
        await bot.state(2, "filed")


@pytest.mark.parametrize(("answer", "state"), ODD.values(), ids=ODD)
async def test_what_was_held_goes_on_however_odd_the_first_answer_is(
    tmp_path: Path, answer: Scripted, state: str
) -> None:
    clock = FastClock(120)
    api = ScriptedImmoteur(Scripted(401), answer, FILED, clock=clock)
    api.auth = Scripted(401)
    async with world_with(tmp_path, api, clock=clock) as bot:
        await promise(bot, promised("first"))
        await all_become(bot, "held", 1)
        await promise(bot, promised("second"))
        await all_become(bot, "held", 2)
        api.auth = Scripted(200, "{}")
        await bot.until(lambda: sorted(states(bot).values()) == sorted(["filed", state]))


async def add_damaged(bot: World, **columns: str) -> None:
    """Store a report that somebody else has changed before the bot could see it."""
    services = bot.runtime.services

    def add(db: Database) -> None:
        number, _ = reports.add(db, promised("damaged"), now=services.clock.time())
        for name, value in columns.items():
            sql = f"update reports set {name} = ? where number = ?"  # noqa: S608 - ours
            db.execute(sql, [value, number])

    await services.store.write(add)


DAMAGE = {
    "payload": ["{", "[]", "null", "", "1", '"x"', "{}", '{"propertyIds": 1}'],
    "origin": ["{", "[]"],
    "cause": ["{", "[]", "x"],
    "answer": ["{"],
    "kind": ["no such kind"],
    "state": ["no such state"],
}


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column in DAMAGE for value in DAMAGE[column]]
)
async def test_a_row_that_cannot_be_read_harms_only_itself(
    bot: World, column: str, value: str
) -> None:
    await add_damaged(bot, **{column: value})
    await promise(bot, promised("b"), promised("c"))
    await bot.state(2, "filed")
    await bot.state(3, "filed")
    assert bot.runtime.missing() == []


async def test_a_held_row_that_cannot_be_read_holds_no_other(bot: World) -> None:
    await add_damaged(bot, state="held", cause="{")
    await promise(bot, promised("b"))
    await bot.state(2, "filed")


async def test_a_report_that_cannot_be_read_says_so_in_its_receipt(bot: World) -> None:
    await add_damaged(bot, payload="{")
    await promise(bot, promised("b"))
    await all_become(bot, "refused", 1)
    texts = [call.args["text"] for call in bot.slack.calls if call.method.startswith("chat.")]
    assert any("damaged" in text for text in texts)


async def test_an_odd_row_of_kares_lists_is_left_out_and_the_others_are_there(
    tmp_path: Path,
) -> None:
    sandbox = Sandbox(burst=1000)
    rows = sandbox.kare.buildings.establishments
    odd = [{"id": 1, "name": "x", "sites": [{"id": 2**63, "name": "y"}]}]
    odd += [{"id": 2, "name": 1, "sites": [{"id": 10**300}, None, {"id": True}]}, {"sites": 3}]
    rows[:0] = odd
    async with world(tmp_path, sandbox=sandbox) as bot:
        await fetched(bot)
        counts = bot.rows("select count(*) as n from sites where source = 'kare'")
        assert counts[0]["n"] > 10


async def test_a_step_that_fails_is_logged_once_and_taken_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, steps = FastClock(1000), 0
    done = asyncio.Event()

    async def step() -> float:
        nonlocal steps
        steps += 1
        if steps < 6:
            raise ValueError("unexpected")
        done.set()
        return 60

    log = logging.getLogger("test")
    loop = asyncio.create_task(repeat("a loop", step, Alarm(clock), log))
    await asyncio.wait_for(done.wait(), PATIENCE)
    loop.cancel()
    (record,) = caplog.records
    assert record.exc_info is not None


class Source:
    """Numbers, of which a claim and a job fail."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers, self.done = numbers, asyncio.Event()
        self.handled: list[int] = []

    async def claim(self) -> Claimed[int] | Idle:
        if not self.numbers:
            return Idle(60)
        number = self.numbers.pop(0)
        if number == 2:
            raise KeyError("a claim")
        return Claimed(number)

    async def handle(self, job: int) -> bool:
        if job == 3:
            raise KeyError("a job")
        self.handled.append(job)
        if job == 4:
            self.done.set()
        return True

    async def let_go(self, job: int) -> None:
        raise AssertionError(f"the claim of {job} came too late")


async def test_a_worker_goes_on_when_a_claim_or_a_job_fails() -> None:
    source = Source([1, 2, 3, 4])
    worker: Worker[int] = Worker("numbers", source, slots=2, clock=FastClock(100))
    loop = asyncio.create_task(worker.run())
    await asyncio.wait_for(source.done.wait(), PATIENCE)
    loop.cancel()
    await worker.drain(1)
    assert source.handled == [1, 4]


async def test_a_job_that_fails_again_after_another_was_done_is_logged_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Source([3, 3, 1, 3, 4])
    worker: Worker[int] = Worker("numbers", source, slots=1, clock=FastClock(100))
    loop = asyncio.create_task(worker.run())
    await asyncio.wait_for(source.done.wait(), PATIENCE)
    loop.cancel()
    await worker.drain(1)
    messages = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert messages == ["a job failed", "a job failed"]


async def ready(bot: World) -> tuple[int, str]:
    async with httpx.AsyncClient(transport=bot.transport, base_url="http://bot") as client:
        response = await client.get("/readyz")
    return response.status_code, response.text


@pytest.mark.parametrize("name", ["receipts", "deliveries to immoteur", "leases of kare"])
async def test_a_loop_that_ended_shows_in_readyz_and_in_the_log(
    bot: World, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    await bot.until(lambda: not bot.runtime.missing())
    next(task for task in asyncio.all_tasks() if task.get_name() == name).cancel()
    await bot.until(bot.runtime.missing)
    assert await ready(bot) == (503, f"the loop '{name}' ended: restart constat")
    assert ("a loop ended; restart constat", name) in [
        (record.message, getattr(record, "loop", None)) for record in caplog.records
    ]


@pytest.mark.parametrize("ends", ["returns", "raises"])
async def test_a_loop_that_ends_by_itself_is_named(ends: str) -> None:
    async def loop() -> None:
        if ends == "raises":
            raise ValueError("unexpected")

    loops = Loops()
    loops.start("short", loop())
    await asyncio.sleep(0.01)
    assert loops.ended == ["short"]
    await loops.stop()


async def test_a_stop_ends_loops_and_none_counts_as_ended() -> None:
    loops = Loops()
    loops.start("long", asyncio.Event().wait())  # type: ignore[arg-type]
    await loops.stop()
    assert loops.ended == []

"""One and two bots on PostgreSQL, beside a bot on a file.

The server is the benchmark's own, and waits for the disk.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import psycopg

from bench import million, turns
from bench.forms import Forms
from bench.line import Line
from bench.load import hammer
from bench.plan import Plan
from bench.results import Results
from bench.servers import Place, Server
from storage.address import PostgresAddress
from storage.opening import open_database
from tests import postgres_server

SETTINGS = {"autovacuum": "on", "shared_buffers": "128MB"}
"""As PostgreSQL is shipped."""
AT_ONCE = 16


def is_installed() -> bool:
    """Whether the programs of PostgreSQL are there."""
    return postgres_server.programs() is not None


@contextmanager
def running() -> Iterator["Fleet"]:
    with postgres_server.server(durable=True, settings=SETTINGS) as server:
        yield Fleet(server)


class Fleet:
    """The bots on one PostgreSQL server."""

    def __init__(self, server: postgres_server.Server) -> None:
        self._server = server

    async def round(self, plan: Plan, place: Place, db: Path, results: Results) -> None:
        """A file, one bot on PostgreSQL and two, in turns.

        :param db: where a file may be made
        """
        await turns.delay(place, turns.SLOW)
        if not plan.has("ack"):
            async with place.constat(db) as bot:
                results.add("constat", await turns.acknowledged(bot, Forms(bot.host), plan.seconds))
        with self._database() as address:
            results.add("postgres", await self._one(plan, place, address))
            results.add("postgres.two", await self._two(plan, place, address))
        with self._database(reports=plan.stored_in_postgres) as address:
            results.add("postgres.full", await self._one(plan, place, address))

    async def restarts(self, plan: Plan, place: Place, results: Results) -> None:
        """Two bots are restarted one after the other under load."""
        with self._database() as address:
            failed = await _restarts(place, address.url, plan.seconds)
            results.add("postgres.two", {"rolling": failed})

    async def _one(self, plan: Plan, place: Place, address: PostgresAddress) -> turns.Measured:
        async with place.constat(address.url) as bot:
            found = await turns.acknowledged(bot, Forms(bot.host), plan.seconds)
            before = self._busy()
            taken = await _hammer([bot], plan.seconds)
            return {**found, "busy.server": (self._busy() - before) * 1000 / len(taken)}

    async def _two(self, plan: Plan, place: Place, address: PostgresAddress) -> turns.Measured:
        # The bot that starts first sends what both store.
        async with place.constat(address.url) as first, place.constat(address.url) as second:
            await _hammer([first, second], min(1.0, plan.seconds))
            taken = await _hammer([first, second], plan.seconds)
            rate = len(taken) / plan.seconds
        with self._database() as empty:
            async with place.constat(empty.url), place.constat(empty.url) as second:
                await turns.delay(place, 0)
                forms = Forms(second.host)
                found = await turns.sent_on(place, second, forms, plan.reactions)
                await turns.delay(place, turns.SLOW)
        return {"ack.16": rate, "submit": found["submit"]}

    def _busy(self) -> float:
        """Seconds of a processor that the server's processes used. It is right while none ends."""
        children = Path(f"/proc/{self._server.process.pid}/task").glob("*/children")
        pids = [pid for file in children for pid in file.read_text("ascii").split()]
        times = (Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0] for pid in pids)
        return sum(map(int, times)) / 1e9

    @contextmanager
    def _database(self, *, reports: int = 0) -> Iterator[PostgresAddress]:
        """A new database of the server.

        :param reports: the number of settled reports in it
        """
        with self._server.empty_database() as address:
            open_database(address).close()
            if reports:
                _fill(address, reports)
            yield address
        name = address.url.partition("?")[0].rpartition("/")[2]
        with self._server.admin() as admin:
            admin.execute(f"drop database {name} with (force)")


async def _hammer(bots: list[Server], seconds: float) -> list[float]:
    """The times of the submissions that the bots acknowledged, an equal part of 16 at once each."""
    each = AT_ONCE // len(bots)
    taken = await asyncio.gather(
        *(
            hammer(bot.url, _submissions(Forms(bot.host)), at_once=each, seconds=seconds)
            for bot in bots
        )
    )
    return [time for part in taken for time in part.times]


def _submissions(forms: Forms) -> Callable[[], bytes]:
    return lambda: forms.submission().request


async def _restarts(place: Place, address: str, seconds: float) -> int:
    """How many forms failed while each of two bots was restarted."""
    bots: dict[int, Server] = {}
    failed, ended = [0], asyncio.Event()

    async def send(forms: Forms) -> None:
        for turn in itertools.count():
            if ended.is_set():
                return
            failed[0] += not await _sent(forms, bots, turn)

    async with AsyncExitStack() as stack:
        for number in (0, 1):
            bots[number] = await stack.enter_async_context(place.constat(address))
        forms = Forms(bots[0].host)
        people = [asyncio.create_task(send(forms)) for _ in range(4)]
        for number in (0, 1):
            await asyncio.sleep(seconds)
            bots[number].process.terminate()
            await bots[number].process.wait()
            bots[number] = await stack.enter_async_context(place.constat(address))
        await asyncio.sleep(seconds)
        ended.set()
        await asyncio.gather(*people)
    return failed[0]


async def _sent(forms: Forms, bots: dict[int, Server], turn: int) -> bool:
    """Send a form as a load balancer does: to the other bot if one takes no connection."""
    for number in (turn % 2, (turn + 1) % 2):
        try:
            line = await Line.to(bots[number].url)
        except ConnectionError:
            continue
        try:
            answer = await line.ask(forms.submission().request)
        except ConnectionError:
            return False
        finally:
            line.close()
        return answer.status == 200 and not answer.body.strip(b"0\r\n")
    return False


def _fill(address: PostgresAddress, number: int) -> None:
    """Settle some reports with the storage's own functions, and copy them by SQL."""
    db = open_database(address)
    db.execute("begin immediate")
    million.settle_originals(db)
    db.execute("commit")
    db.close()
    copies = number // million.ORIGINALS - 1
    with psycopg.connect(address.url) as conn:
        # Neither a trigger nor a reference is wanted for so many rows.
        conn.execute("set local session_replication_role = replica")
        for table in million.TABLES:
            columns = [
                row[0]
                for row in conn.execute(
                    "select column_name from information_schema.columns where table_name = %s"
                    " and is_generated = 'NEVER' and is_identity = 'NO'",
                    [table],
                )
            ]
            values = ", ".join(_copied(table, column) for column in columns)
            names = ", ".join(columns)
            conn.execute(
                f"insert into {table} ({names}) select {values}"  # noqa: S608 - ours
                f" from {table} cross join generate_series(1, {copies}) as i"
            )
        conn.execute("update heads set last = last * %s", [copies + 1])
        conn.execute("analyze")


def _copied(table: str, column: str) -> str:
    """The SQL expression for a column of a copy: each copy has another content and time."""
    match table, column:
        case _, "number":
            return f"number + i * {million.ORIGINALS}"
        case "history", "id":
            return "id + i * (select last from heads where name = 'history')"
        case "reports", "key":
            return "md5(key || i)"
        case "targets", "target":
            return "md5(target || i)"
        case "reports", ("created_at" | "changed_at" | "next_try"):
            return f"{column} - {million.SPAN} * random()"
        case _:
            return column

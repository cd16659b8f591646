"""One run: everybody in turn, round after round."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench import disk, fleet, million, questions, turns
from bench.forms import Forms, stored_as
from bench.plan import Plan
from bench.results import Results
from bench.servers import Place, Server, bolt_for_node, standins


async def measured(plan: Plan, folder: Path) -> Results:
    """:param folder: for files and logs, on the disk that is to be measured"""
    results = Results()
    async with standins(folder) as place, AsyncExitStack() as stack:
        run = Run(plan, place, folder, results)
        bots = None
        if plan.has("postgres") and fleet.is_installed():
            bots = stack.enter_context(fleet.running())
        elif plan.has("postgres"):
            say("no figures of PostgreSQL: its server is not installed")
        if plan.has("growth"):
            say(f"a file with {plan.stored:,} reports is made")
            await asyncio.to_thread(million.settled, run.full(plan.stored), plan.stored)
        packages = await bolt_for_node(folder) if plan.node and plan.has("ack") else None
        if plan.node and plan.has("ack") and packages is None:
            say("no yardstick on Node: node, npm or @slack/bolt cannot be had here")
        for n in range(plan.rounds):
            say(f"round {n + 1} of {plan.rounds}")
            await run.round(packages)
            if bots:
                async with run.empty() as db:
                    await bots.round(plan, place, db, results)
        await run.once()
        if bots:
            say("two bots on PostgreSQL are restarted under load")
            await bots.restarts(plan, place, results)
    return results


class Run:
    def __init__(self, plan: Plan, place: Place, folder: Path, results: Results) -> None:
        self._plan, self._place, self._folder, self._results = plan, place, folder, results

    def full(self, number: int) -> Path:
        """The path of the file with so many reports."""
        return self._folder / f"full-{number}.db"

    async def round(self, packages: Path | None) -> None:
        """Everybody once."""
        plan, place = self._plan, self._place
        if plan.has("ack") or plan.has("own"):
            async with self.empty() as db:
                await self._constat("constat", db)
            if plan.has("growth"):
                async with self._refilled(plan.stored) as db:
                    await self._constat("million", db)
        if plan.has("ack"):
            await self._bare("bare", place.bare(tuned=False))
            await self._bare("tuned", place.bare(tuned=True))
            if packages is not None:
                await self._bare("node", place.node(packages))
            written = await asyncio.to_thread(disk.commits, self._folder, stored_as(), plan.seconds)
            self._results.add("disk", written)
        if plan.has("block"):
            await self._block()

    async def once(self) -> None:
        """What takes long, and says the same each time."""
        plan = self._plan
        if plan.has("home"):
            say(f"Homes: {plan.homes:,} reports")
            async with self._refilled(plan.homes) as db, self._place.constat(db) as server:
                forms = Forms(server.host)
                found = await turns.homes(self._place, server, forms, plan.openings)
                self._results.add("constat", found)
        if plan.has("ask"):
            say(f"questions: {plan.homes:,} reports")
            async with self._refilled(plan.homes) as db:
                for _ in range(plan.rounds):
                    self._results.add("constat", await questions.ask(db))
        if plan.has("memory"):
            await turns.delay(self._place, turns.SLOW)
            async with self.empty() as db, self._place.constat(db) as server:
                say(f"memory: {2 * plan.remembered:,} submissions")
                await asyncio.sleep(1)
                forms = Forms(server.host)
                found = await turns.remembered(server, forms, plan.remembered)
                self._results.add("constat", found)
        if plan.has("drain"):
            say(f"drain: {plan.waiting:,} reports")
            async with self.empty() as db:
                await self._drain("constat", db)
            if plan.has("growth"):
                async with self._refilled(plan.stored) as db:
                    await self._drain("million", db)

    async def _constat(self, column: str, db: Path) -> None:
        plan, place = self._plan, self._place
        await turns.delay(place, 0)
        async with place.constat(db) as server:
            self._results.add(column, {"start": server.ready_after})
            forms = Forms(server.host)
            if plan.has("own"):
                found = await turns.reactions(place, server, forms, plan.reactions)
                self._results.add(column, found)
            if plan.has("ack"):
                await turns.delay(place, turns.SLOW)
                found = await turns.acknowledged(server, forms, plan.seconds)
                self._results.add(column, found)

    async def _bare(self, column: str, server: AbstractAsyncContextManager[Server]) -> None:
        async with server as started:
            forms = Forms(started.host)
            found = await turns.acknowledged(started, forms, self._plan.seconds)
            self._results.add(column, found)

    async def _block(self) -> None:
        await turns.delay(self._place, turns.SLOW)
        seen = self._folder / "watched.json"
        async with self.empty() as db, self._place.constat(db, watched=seen) as server:
            forms = Forms(server.host)
            self._results.add(
                "constat", await turns.blocked(server, seen, forms, self._plan.seconds)
            )

    async def _drain(self, column: str, db: Path) -> None:
        await asyncio.to_thread(million.waiting, db, self._plan.waiting)
        found = await turns.drained(self._place, db, self._plan.waiting)
        self._results.add(column, found)

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[Path]:
        """A path for a file of a turn's own."""
        db = self._folder / "constat.db"
        _remove(db)
        yield db
        _remove(db)

    @asynccontextmanager
    async def _refilled(self, number: int) -> AsyncIterator[Path]:
        """The file with so many reports, without what earlier turns added."""
        await asyncio.to_thread(million.settled, self.full(number), number)
        yield self.full(number)


def _remove(db: Path) -> None:
    for end in ("", "-wal", "-shm"):
        db.with_name(db.name + end).unlink(missing_ok=True)
    db.with_suffix(".toml").unlink(missing_ok=True)


def say(what: str) -> None:
    """What is going on, for who waits."""
    print(what, file=sys.stderr, flush=True)

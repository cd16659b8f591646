"""The whole bot in a test: signed HTTP into the real app, a real file, strict stand-ins."""

import asyncio
import copy
import pickle
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from blocks.anomaly.state import AnomalyMetadata, AnomalyState
from blocks.answers import Answers
from blocks.form_state import Origin
from blocks.notice import BLOCK_ID
from bot.app import Runtime, running
from bot.clock import Clock
from bot.config import Config, ReceiptLimits
from bot.http import HttpApp
from bot.kare.form_data import AnomalyFormData
from bot.kinds import KINDS, OpenKind
from bot.settings import Settings
from bot.setup import Setup
from sandbox.catalogue import Catalogue
from sandbox.patience import PATIENCE
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Message, Person
from storage.address import DatabaseAddress
from storage.engine import Database
from storage.file_safety import create_private
from storage.opening import open_for_reading
from storage.store import Store
from tests.engines import address_in

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
FAST = Config(receipts=ReceiptLimits(per_second=1000, burst=1000))
"""Receipts are posted as fast as possible; their pace has tests of its own."""


@dataclass
class World:
    sandbox: Sandbox
    runtime: Runtime
    http: HttpApp
    address: DatabaseAddress
    _reader: Database | None = None

    @property
    def db_path(self) -> Path:
        """The bot's file."""
        assert isinstance(self.address, Path)
        return self.address

    @property
    def slack(self) -> Any:
        return self.sandbox.slack

    def person(self, user: str) -> Person:
        return Person(self.sandbox.slack, user, self.link)

    @property
    def link(self) -> BotLink:
        return BotLink(transport=self.transport)

    @property
    def transport(self) -> httpx.ASGITransport:
        return httpx.ASGITransport(self.http)

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Query the database over a connection that is not the bot's."""
        if self._reader is None:
            self._reader = open_for_reading(self.address)
        return [dict(row) for row in self._reader.execute(sql, list(values))]

    def stop_reading(self) -> None:
        """Close that connection. The next query opens the database that is there then."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    async def until(self, true: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Wait until the function returns something true, and return that.

        :raises TimeoutError: after so many seconds
        """
        async with asyncio.timeout(seconds):
            while not (found := true()):
                await asyncio.sleep(0.005)
        return found

    async def receipt(self, channel: str, *, says: str, under: str | None = None) -> Message:
        """Wait until the bot's last reply holds the text, and return the reply.

        :param under: timestamp of the thread's first message; None for the newest thread
        """

        def found() -> Message | None:
            space = self.sandbox.slack.workspace
            openers = [m for m in space.history(channel) if m.bot_id and not is_notice(m)]
            parent = under or (openers[-1].ts if openers else "")
            thread = space.thread(channel, parent)
            replies = [m for m in thread if m.bot_id and not is_notice(m)]
            return next((reply for reply in replies[-1:] if says in reply.text), None)

        message: Message = await self.until(found)
        return message

    async def state(self, number: int, state: str) -> dict[str, Any]:
        """Wait until the report is in that state, and return its row."""

        def found() -> dict[str, Any] | None:
            rows = self.rows("select * from reports where number = ?", number)
            return rows[0] if rows and rows[0]["state"] == state else None

        row: dict[str, Any] = await self.until(found)
        return row


def is_notice(message: Message) -> bool:
    """Whether the message is about bad news, an outage or a grave report."""
    return any(block.get("block_id") == BLOCK_ID for block in message.blocks)


def anomalies(bot: World) -> AnomalyFormData:
    form_data = bot.runtime.kinds["anomaly"].form_data
    assert isinstance(form_data, AnomalyFormData)
    return form_data


async def fetched(bot: World) -> None:
    """Wait until the bot has KARE's lists, or has the reason why they are missing."""
    origin = Origin(team="T1", channel="C1")
    metadata = AnomalyMetadata(key="k", origin=origin, state=AnomalyState())

    def why_not() -> set[str]:
        return set(anomalies(bot).context("U1", metadata, Answers()).why_not.values())

    await bot.until(lambda: "loading" not in why_not())


_STOCKED: list[bytes] = []
"""The file of a bot that fetched KARE's lists. All tests of a process share it."""


async def stock(folder: Path, name: str = "constat.db") -> None:
    """Put a file with KARE's lists into the folder of a bot that starts later."""
    if not _STOCKED:
        aside = folder / "fetching"
        aside.mkdir()
        async with world(aside, sandbox=Sandbox(burst=1000)) as bot:
            await fetched(bot)
        _STOCKED.append((aside / "constat.db").read_bytes())
    create_private(folder / name)
    (folder / name).write_bytes(_STOCKED[0])


@cache
def full_catalogue() -> Catalogue:
    """The rows of every sandbox with lists, which are also those in the file of `stock`."""
    catalogue = Catalogue()
    assert catalogue.anomalies, "KARE's side is made here, once for all tests of a process"
    return catalogue


@cache
def _few_homes() -> bytes:
    """A catalogue of 40 homes, pickled: a copy is made in a fifth of the time."""
    catalogue = Catalogue(homes=40)
    assert catalogue.classifieds
    return pickle.dumps(catalogue)


def without_lists(clock: Clock | None = None) -> Sandbox:
    """A sandbox whose KARE has no rows in its lists: its forms take numbers, and never search.

    Immoteur has few homes, because making all of them would take longer than starting the bot.
    """
    catalogue: Catalogue = pickle.loads(_few_homes())  # noqa: S301 - ours
    sandbox = Sandbox((clock or Clock()).time, burst=1000, catalogue=catalogue)
    buildings = copy.copy(full_catalogue())
    buildings.establishments, buildings.installations, buildings.commissions = [], [], []
    sandbox.kare.buildings = buildings
    return sandbox


@cache
def _empty_file() -> bytes:
    """A database of this version without rows. Its migrations run once a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "constat.db")
        Store(path).close()
        return path.read_bytes()


def _create_file(path: Path) -> None:
    """Create the database, unless the test has put one there."""
    if not path.exists():
        create_private(path)
        path.write_bytes(_empty_file())


@asynccontextmanager
async def world(
    folder: Path,
    *,
    config: Config = FAST,
    sandbox: Sandbox | None = None,
    clock: Clock | None = None,
    settings: Mapping[str, str | None] | None = None,
    kinds: Sequence[OpenKind] = KINDS,
) -> AsyncIterator[World]:
    """A running bot against a sandbox. The sandbox keeps its state for the next world that gets it.

    :param sandbox: with lists, if the forms are to search them; they take a second to be fetched
    :param kinds: the kinds of report
    :param settings: these replace the sandbox's settings; None removes one
    """
    clock = clock or Clock()
    sandbox = sandbox or without_lists(clock)
    address = address_in(folder)
    if isinstance(address, Path):
        _create_file(address)
    async with sandbox.serve():
        environment = {**sandbox.settings, "CONSTAT_DB": address, **(settings or {})}
        values = {name.lower(): value for name, value in environment.items() if value is not None}
        valid_settings = Settings.model_validate(values)
        async with running(Setup.of(valid_settings, config, clock), kinds) as runtime:
            secret = valid_settings.slack_signing_secret.get_secret_value()
            bot = World(sandbox, runtime, HttpApp(runtime.app, secret, runtime.missing), address)
            try:
                yield bot
            finally:
                bot.stop_reading()

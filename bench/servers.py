"""The servers under test, each a process of its own on a port of its own, one at a time."""

import asyncio
import contextlib
import os
import random
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.line import Line
from sandbox.sandbox import Sandbox
from sandbox.slack.model import App

PORTS = range(20_000, 30_000)
"""Ports that the system gives to nobody by itself, so that no other test has one by chance."""
START = 60.0
"""Seconds that a start may take on a busy machine."""
NPM = 180.0
"""Seconds that npm may take."""
HERE = Path(__file__).parent


class NotStartedError(Exception):
    """A server ended, or could not be reached in time."""


@dataclass(frozen=True)
class Server:
    url: str
    process: asyncio.subprocess.Process
    ready_after: float
    """Seconds from its start to when it could be used."""

    @property
    def host(self) -> str:
        return self.url.partition("//")[2]

    def memory(self) -> float:
        """Megabytes (of 1,000,000 bytes) that the process holds."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def busy(self) -> float:
        """Seconds of a processor that its threads used since its start. No thread of it ends."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        times = ((thread / "schedstat").read_text("ascii").split()[0] for thread in threads)
        return sum(map(int, times)) / 1e9


@dataclass(frozen=True)
class Place:
    """Where everything is measured.

    :param folder: on the disk that is measured
    :param slack: the address of the stand-ins
    """

    folder: Path
    standins: str

    @property
    def slack_api(self) -> str:
        return f"{self.standins}/slack/api/"

    @asynccontextmanager
    async def constat(
        self, db: Path | str, *, toml: str = "", watched: Path | None = None, zone: str = ""
    ) -> AsyncIterator[Server]:
        """:param db: a file, or the address of a PostgreSQL database
        :param toml: a TOML file's text, for a bot with a file
        :param zone: its time zone, as TZ has it; empty for that of the machine
        :param watched: the file for the figures of a watch on the event loop
        """
        sandbox = Sandbox()
        sandbox.url = self.standins
        # KARE is not measured, and a bot whose login it refuses is never ready.
        own = {name: v for name, v in sandbox.settings.items() if not name.startswith("KARE")}
        settings = {**own, "CONSTAT_DB": str(db), **({"TZ": zone} if zone else {})}
        if toml and isinstance(db, Path):
            config = db.with_suffix(".toml")
            config.write_text(toml, "utf-8")
            settings["CONSTAT_CONFIG"] = str(config)
        port = _port()
        module = ["bench.watched", str(watched)] if watched else ["bot"]
        command = [sys.executable, "-m", *module, "serve", "--port", str(port)]
        async with self._started(command, port, "/readyz", settings) as server:
            yield server

    @asynccontextmanager
    async def bare(self, *, tuned: bool) -> AsyncIterator[Server]:
        port = _port()
        more = ["tuned"] if tuned else []
        command = [sys.executable, "-m", "bench.bare", str(port), self.slack_api, *more]
        async with self._started(command, port, "/", {}) as server:
            yield server

    @asynccontextmanager
    async def node(self, packages: Path) -> AsyncIterator[Server]:
        """:param packages: what `bolt_for_node` gave"""
        port = _port()
        arguments = [str(port), self.slack_api, App.signing_secret, App.bot_token]
        settings = {"NODE_PATH": str(packages)}
        async with self._started(
            ["node", str(HERE / "bare.js"), *arguments], port, "/", settings
        ) as server:
            yield server

    @asynccontextmanager
    async def _started(
        self, command: Sequence[str], port: int, path: str, settings: Mapping[str, str]
    ) -> AsyncIterator[Server]:
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        url = f"http://127.0.0.1:{port}"
        with (self.folder / "log").open("ab") as log:
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                *command, env={**environment, **settings}, stdout=log, stderr=log
            )
        try:
            await _ready(process, url, path)
            yield Server(url, process, time.perf_counter() - began)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@asynccontextmanager
async def standins(folder: Path) -> AsyncIterator[Place]:
    """Slack and Immoteur for the bot, and the place where it runs against them."""
    port = _port()
    place = Place(folder, f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "bench.standins", str(port)]
    async with place._started(command, port, "/", {}):  # noqa: SLF001 - they are a server as well
        yield place


async def bolt_for_node(folder: Path) -> Path | None:
    """The packages of `@slack/bolt`, installed by npm unless they are there; None without Node."""
    packages = folder / "node" / "node_modules"
    if (packages / "@slack" / "bolt").is_dir():
        return packages
    if shutil.which("node") is None or shutil.which("npm") is None:
        return None
    packages.parent.mkdir(exist_ok=True)
    (packages.parent / "package.json").write_text("{}", "ascii")
    with (folder / "log").open("ab") as log:
        npm = await asyncio.create_subprocess_exec(
            *("npm", "install", "--no-audit", "--no-fund", "@slack/bolt"),
            cwd=packages.parent,
            stdout=log,
            stderr=log,
        )
        try:
            async with asyncio.timeout(NPM):
                await npm.wait()
        except TimeoutError:
            npm.kill()
            await npm.wait()
    return packages if npm.returncode == 0 else None


def _port() -> int:
    """A port of `PORTS` that nobody listens on now.

    :raises OSError: when there is none
    """
    for port in random.sample(PORTS, 100):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


async def _ready(process: asyncio.subprocess.Process, url: str, path: str) -> None:
    """Wait until a path is answered: with 200, where that means that all is ready."""
    request = f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
    ends = time.perf_counter() + START
    while time.perf_counter() < ends:
        if process.returncode is not None:
            raise NotStartedError(f"a server ended with {process.returncode}: see the log")
        try:
            line = await Line.to(url)
            answer = await line.ask(request)
            line.close()
        except ConnectionError:
            pass
        else:
            if path == "/" or answer.status == 200:
                return
        await asyncio.sleep(0.005)
    raise NotStartedError("a server was not ready in time: see the log")

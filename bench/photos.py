"""The figures of photos: how long the event loop stands still, and how much memory is taken, while
20 photos of 10 MB are sent.

    python -m bench.photos [--count 20]

The bot is a process of its own (`bench.watched`), and sends the photos from the stand-in for Slack
to the one for KARE. Needs the extra `photos`. It takes a minute.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image

from sandbox.process import BotProcess, Process, free_port
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person, files
from sandbox.slack.seed import BOB, SECURITE

SIZE = (4000, 3000)
"""Pixels of a photo: about 10 MB of JPEG."""
PER_FORM = 10
LOOK_EVERY = 0.02
"""Seconds between two looks at the memory."""
PATIENCE = 900.0
"""Seconds for all photos."""
LONGEST, MEMORY = 20.0, 150.0
"""The goals: milliseconds of one step of the event loop, and MB."""


def photo() -> bytes:
    file = BytesIO()
    Image.effect_noise(SIZE, 100).convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


async def fill(bob: Person, title: str, count: int, content: bytes) -> None:
    """Fill the form of an anomaly, add photos, and send it."""
    await bob.command("/anomaly", "1204", channel=SECURITE)
    await bob.until(lambda view: view.callback_id == "anomaly")
    for field, value in (("siteId", "31"), ("technicalInstallationId", "7")):
        await bob.enter(field, value)
    await bob.choose("risk", "0")
    await bob.type("title", title)
    await bob.type("description", "Seen today")
    bob.upload("photos", *((f"{number}.jpg", content) for number in range(count)))
    await bob.submit()


def megabytes(pid: int, field: str) -> float:
    """A figure of /proc/PID/status; 0 for a process that has ended."""
    try:
        text = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith(f"{field}:")), "x 0")
    return int(line.split()[1]) / 1000


def children(pid: int) -> list[int]:
    """The processes that any thread of a process has started."""
    pids: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # the thread has ended
            pids += [int(word) for word in (task / "children").read_text("ascii").split()]
    return pids


async def seen(process: Process, path: Path) -> dict[str, float]:
    """The longest steps since the last request to the watch, in milliseconds."""
    path.unlink(missing_ok=True)
    process.send_signal(signal.SIGUSR1)
    while not path.exists() or not path.read_text("ascii"):
        await asyncio.sleep(0.01)
    figures: dict[str, float] = json.loads(path.read_text("ascii"))
    return figures


async def measured(count: int, folder: Path) -> dict[str, float]:
    sandbox = Sandbox(burst=1000)
    files.allow(sandbox.slack.workspace)
    catalogue = sandbox.kare.buildings
    catalogue.establishments, catalogue.installations, catalogue.commissions = [], [], []
    config, watch = folder / "constat.toml", folder / "seen.json"
    config.write_text("photos = true\n", "utf-8")
    port = free_port()
    async with sandbox.serve():
        settings = {"CONSTAT_DB": str(folder / "constat.db"), "CONSTAT_CONFIG": str(config)}
        with (folder / "bot.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bench.watched", str(watch)),
                *("serve", "--port", str(port)),
                env={**os.environ, **sandbox.settings, **settings},
                stdout=log,
                stderr=log,
            )
        bot = BotProcess(f"http://127.0.0.1:{port}", process)
        try:
            await bot.ready()
            return await _measured(sandbox, bot, count, watch)
        finally:
            await bot.stop()


async def _measured(sandbox: Sandbox, bot: BotProcess, count: int, watch: Path) -> dict[str, float]:
    content, bob = photo(), Person(sandbox.slack, BOB, BotLink(bot.url))
    pid, before = bot.process.pid, megabytes(bot.process.pid, "VmRSS")
    await seen(bot.process, watch)
    for number in range(0, count, PER_FORM):
        await fill(bob, f"Exit {number} blocked", min(PER_FORM, count - number), content)
    drawing, stored = 0.0, sandbox.kare.images
    async with asyncio.timeout(PATIENCE):
        while len(stored.stored) < count:
            drawing = max(drawing, sum(megabytes(child, "VmRSS") for child in children(pid)))
            await asyncio.sleep(LOOK_EVERY)
    steps = await seen(bot.process, watch)
    return {
        "photos": count,
        "MB of one photo": len(content) / 1e6,
        "longest step of the loop, ms": steps["wall"],
        "its own processor time, ms": steps["own"],
        "memory before, MB": before,
        "memory at most, MB": megabytes(pid, "VmHWM"),
        "processes that draw, at most, MB": drawing,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.photos", description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="number of photos")
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measured(parser.parse_args().count, Path(folder)))
    for name, value in figures.items():
        print(f"{name:<36}{value:10.1f}")
    slow = figures["its own processor time, ms"] > LONGEST
    return int(slow or figures["memory at most, MB"] > MEMORY)


if __name__ == "__main__":
    sys.exit(main())

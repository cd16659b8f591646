"""What is measured of a server in its turn. Each gives figures of `bench.results`."""

import asyncio
import json
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from bench.forms import Forms, Sent
from bench.line import Line
from bench.load import NotAcknowledgedError, hammer
from bench.servers import Place, Server

SLOW = 0.05
"""Seconds that Immoteur takes under load."""
PAUSE = 0.07
"""Seconds between two single requests: longer than anything they start, and below the pace at which
reports are sent as shipped."""
HOME_PAUSE = 0.5
"""Seconds in which a Home that was opened is published, and that is stored."""
PATIENCE = 30.0
"""Seconds in which at least one waiting report must be sent."""
CONCURRENCY = 4
"""Of the bot as shipped."""
UNPACED = f"""\
[delivery]
concurrency = {CONCURRENCY}
per_second = 100000
"""

Measured = dict[str, float]


async def acknowledged(server: Server, forms: Forms, seconds: float) -> Measured:
    """How many are acknowledged, and how long one waits: 1, 16 and 64 at once."""
    measured: Measured = {}

    def request() -> bytes:
        return forms.submission().request

    await hammer(server.url, request, at_once=16, seconds=min(1.0, seconds))
    for at_once in (1, 16, 64):
        before = server.busy()
        taken = await hammer(server.url, request, at_once=at_once, seconds=seconds)
        measured[f"ack.{at_once}"] = taken.rate
        measured[f"time.{at_once}.median"] = taken.median * 1000
        measured[f"time.{at_once}.slow"] = taken.slowest_percent * 1000
        if at_once == 16:
            measured["busy"] = (server.busy() - before) * 1000 / len(taken.times)
    return measured


async def reactions(place: Place, server: Server, forms: Forms, number: int) -> Measured:
    """Own times, one after another: redraw, opening, *Send* to the API, its answer to the thread.

    The first few are left out: they open connections.
    """
    line = await Line.to(server.url)
    standins = await Line.to(place.standins)
    drawn = await _each(line, standins, forms.choice, number)
    redraw = _between(drawn[0], drawn[1]["drawn"])
    opened = await _each(line, standins, forms.command, number)
    opening = _between(opened[0], opened[1]["opened"])
    channels = (f"C1BENCH{n:04d}" for n in range(10_000))
    sent, seen = await _each(line, standins, lambda: forms.submission(next(channels)), number)
    line.close()
    standins.close()
    # A receipt's id is made from its property's, but for how it begins.
    answered = {home[8:]: at for home, at in seen["answered"].items()}
    return {
        "redraw": redraw,
        "open": opening,
        "submit": _between(sent, seen["came"]),
        "confirm": _between(answered, seen["told"]),
    }


async def sent_on(place: Place, server: Server, forms: Forms, number: int) -> Measured:
    """The time from *Send* to the API request, of forms that are sent one after another."""
    line, standins = await Line.to(server.url), await Line.to(place.standins)
    sent, seen = await _each(line, standins, forms.submission, number)
    line.close()
    standins.close()
    return {"submit": _between(sent, seen["came"])}


async def _each(
    line: Line, standins: Line, make: Callable[[], Sent], number: int
) -> tuple[dict[str, float], Mapping[str, Mapping[str, float]]]:
    """Send one after another; when each was sent, and what the stand-ins saw of it."""
    for _ in range(5):
        await line.ask(make().request)
        await asyncio.sleep(PAUSE)
    await asyncio.sleep(0.5)
    await standins.get("/bench/seen")
    began: dict[str, float] = {}
    for _ in range(number):
        sent = make()
        began[sent.name] = time.perf_counter()
        answer = await line.ask(sent.request)
        if answer.status != 200 or answer.body:
            raise NotAcknowledgedError(f"answered with {answer.status}: {answer.body[:300]!r}")
        await asyncio.sleep(PAUSE)
    await asyncio.sleep(0.5)
    return began, await standins.get("/bench/seen")


def _between(began: Mapping[str, float], ended: Mapping[str, float]) -> float:
    """Milliseconds, the median.

    :raises NotAcknowledgedError: when not all that began has ended
    """
    if missing := began.keys() - ended.keys():
        raise NotAcknowledgedError(f"{len(missing)} of {len(began)} had no consequence")
    return median((ended[name] - at) * 1000 for name, at in began.items())


async def homes(place: Place, server: Server, forms: Forms, number: int) -> Measured:
    """One person opens their Home again and again. The first openings are left out.

    The processor time is that of all threads of the bot from the opening until the publication is
    stored, less what the bot took in as long a time right before, when nobody did anything. It is
    left out if the bot was busier in those times.
    """
    line, standins = await Line.to(server.url), await Line.to(place.standins)
    waits: list[float] = []
    busy: list[float] = []
    for _ in range(number):
        await standins.get("/bench/seen")
        used = server.busy()
        await asyncio.sleep(HOME_PAUSE)
        idle = server.busy() - used
        used, sent, began = server.busy(), forms.opening(), time.perf_counter()
        answer = await line.ask(sent.request)
        if answer.status != 200:
            raise NotAcknowledgedError(f"answered with {answer.status}: {answer.body[:300]!r}")
        # What follows the publication is a part of its cost.
        await asyncio.sleep(HOME_PAUSE)
        seen = await standins.get("/bench/seen")
        waits.append(_between({sent.name: began}, seen["published"]))
        busy.append((server.busy() - used - idle) * 1000)
    line.close()
    standins.close()
    counted = slice(number // 4, None)
    measured = {"home": median(waits[counted]), "home.busy": median(busy[counted])}
    if measured["home.busy"] <= 0:
        del measured["home.busy"]
    return measured


async def drained(place: Place, db: Path, number: int) -> Measured:
    """How long so many waiting reports take, by what the concurrency allows."""
    standins = await Line.to(place.standins)
    await delay(place, SLOW)
    await standins.get("/bench/seen")
    came: list[float] = []
    answered: list[float] = []
    async with place.constat(db, toml=UNPACED):
        while len(answered) < number:
            if answered and time.perf_counter() - max(answered) > PATIENCE:
                raise NotAcknowledgedError(f"{number - len(answered)} reports were not sent")
            await asyncio.sleep(0.2)
            seen = await standins.get("/bench/seen")
            came += seen["came"].values()
            answered += seen["answered"].values()
    standins.close()
    return {"drain": (max(answered) - min(came)) / (number * SLOW / CONCURRENCY)}


async def remembered(server: Server, forms: Forms, number: int) -> Measured:
    """Memory at rest, after so many submissions, and after as many more."""

    def request() -> bytes:
        return forms.submission().request

    measured = {"memory.rest": server.memory()}
    for part in (1, 2):
        await hammer(server.url, request, at_once=16, number=number)
        measured[f"memory.{part}"] = server.memory()
    return measured


async def blocked(server: Server, seen: Path, forms: Forms, seconds: float) -> Measured:
    """The longest step of the event loop while 16 at once are served and forms are opened."""
    await asyncio.sleep(0.5)
    await _noted(server, seen)

    async def open_forms() -> None:
        line = await Line.to(server.url)
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            await line.ask(forms.command().request)
            await line.ask(forms.choice().request)
            await asyncio.sleep(0.05)
        line.close()

    await asyncio.gather(
        open_forms(),
        hammer(server.url, lambda: forms.submission().request, at_once=16, seconds=seconds),
    )
    return {"block": (await _noted(server, seen))["own"]}


async def _noted(server: Server, seen: Path) -> dict[str, float]:
    """What was seen since it was last asked for."""
    seen.write_text("", "ascii")
    server.process.send_signal(signal.SIGUSR1)
    while not (text := seen.read_text("ascii")):
        await asyncio.sleep(0.02)
    noted: dict[str, float] = json.loads(text)
    return noted


async def delay(place: Place, seconds: float) -> None:
    """How long Immoteur takes from now on."""
    line = await Line.to(place.standins)
    await line.get(f"/bench/delay/{seconds}")
    line.close()

"""The operator's commands on a large file, alone and beside a bot under load:
`python -m bench.beside --reports 100000`.

The file is made by the storage's own functions, so that its audit trail fits and reports can be
erased. Each command is a process of its own, as in a shell. Beside the bot, people press *Send*
without a pause, and the bot's retention erases old reports all the time.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlite_utils import Database

from bench.forms import Forms
from bench.line import Line
from bench.load import NotAcknowledgedError
from bench.questions import QUESTIONS, processor, run_command
from bench.servers import Place, Server, standins
from bench.year import PEOPLE, WORDS, file_report
from storage import delivery_queue, reports, users
from storage.database import open_database
from storage.reports import Change, NewReport
from storage.states import State

FOLDER = Path(__file__).parents[1] / ".bench"
DAY = 86_400.0
SPAN = 2 * 365 * DAY
"""Seconds over which the reports are spread, into the past."""
STUCK = 200
"""Reports that are refused, and as many that wait."""
AT_ONCE = 8
"""People who press *Send* without a pause."""
ROUNDS = 3
RETENTION = "[retention]\ntexts_days = 600\ncalls_days = 500\nmessages_days = 500\n"

BESIDE: Sequence[tuple[str, Sequence[str]]] = (
    ("nothing else, for 10 s", ()),
    ("`constat week`", ("week",)),
    ("`constat log --stuck`", ("log", "--stuck")),
    ("`constat log --text`", ("log", "--text", "mandat")),
    ("`constat log --csv`", ("log", "--csv")),
    ("`constat log --verify`", ("log", "--verify")),
    ("`constat backup`", ("backup", "--overwrite", "{folder}/copy.db")),
    ("`constat forget --older-than`", ("forget", "--older-than", "690d", "--yes")),
    ("`constat forget --rewrite`", ("forget", "--rewrite")),
)


@dataclass
class Beside:
    """A command beside the bot."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    """Seconds from *Send* to the answer, for each form that was sent meanwhile."""
    refused: int = 0
    """Forms that could not be stored: the person sees that, keeps the text, and sends it again."""


def make_file(path: Path, number: int) -> None:
    db = open_database(path)
    db.execute("pragma synchronous = off")
    begin = time.time() - SPAN
    with db.conn:
        for user in range(PEOPLE):
            users.remember(db, f"U{user:09}", "fr-FR", now=begin, name=f"Person {user}")
    for first in range(0, number - 2 * STUCK, 1000):
        with db.conn:
            for n in range(first, min(first + 1000, number - 2 * STUCK)):
                file_report(db, begin + n * SPAN / number, f"bench-{n}")
    with db.conn:
        for n in range(2 * STUCK):
            _add_stuck(db, n)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()


def _add_stuck(db: Database, n: int) -> None:
    """Refused ones first, so that the claim finds nothing else that waits."""
    now = time.time()
    payload = {"propertyIds": [f"{n:032x}"], "issueKind": "data", "comment": " ".join(WORDS)}
    who = f"U{n % PEOPLE:09}"
    new = NewReport(f"stuck-{n}", "report_issue", "immoteur", who, {}, payload, (f"stuck {n}",))
    number, _ = reports.add(db, new, now=now - 2 * DAY)
    if n < STUCK:
        claimed = delivery_queue.claim(db, "immoteur", "bench", now=now, lease=30).report
        assert claimed is not None  # noqa: S101 - it was just added
        refused = Change(State.REFUSED, {"why": "refused", "status": 422, "message": "no"})
        delivery_queue.finish(db, number, "bench", claimed.attempts, refused, [], now=now)


async def run_beside(server: Server, forms: Forms, path: Path, arguments: Sequence[str]) -> Beside:
    beside, over = Beside(), asyncio.Event()
    people = [asyncio.create_task(_press(server.url, forms, beside, over)) for _ in range(AT_ONCE)]
    await asyncio.sleep(0.2)
    began = time.perf_counter()
    if arguments:
        await run_command(path, arguments)
    else:
        await asyncio.sleep(10)
    beside.seconds = time.perf_counter() - began
    over.set()
    await asyncio.gather(*people)
    return beside


async def _press(url: str, forms: Forms, beside: Beside, over: asyncio.Event) -> None:
    line = await Line.to(url)
    while not over.is_set():
        request = forms.submission().request
        began = time.perf_counter()
        answer = await line.ask(request)
        beside.waits.append(time.perf_counter() - began)
        if answer.status == 200 and b"could not be saved" in answer.body:
            beside.refused += 1
        elif answer.status != 200 or answer.body not in {b"", b"0\r\n\r\n"}:
            raise NotAcknowledgedError(f"answered with {answer.status}: {answer.body[:300]!r}")
    line.close()


def _at_night() -> str:
    """A time zone in which it is 3 o'clock now, so that the retention runs."""
    # POSIX counts the hours to the west.
    hours = (datetime.now(UTC).hour - 3) % 24
    return f"NIGHT{hours}" if hours <= 12 else f"NIGHT{hours - 24}"


async def measure(place: Place, path: Path) -> None:
    print("| question | takes, s | of the processor, s |\n|---|---|---|")
    for question in QUESTIONS.values():
        before, seconds = processor(), []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await run_command(path, question.arguments)
            seconds.append(time.perf_counter() - began)
        own = (processor() - before) / ROUNDS
        row = f"| {question.words}: {question.command} | {_range(seconds)} | {own:.2f} |"
        print(row, flush=True)
    print(
        "\n| beside the bot | takes, s | forms sent | not stored | median, ms | slowest, ms |"
        "\n|---|---|---|---|---|---|"
    )
    async with place.constat(path, toml=RETENTION, zone=_at_night()) as server:
        forms = Forms(server.host)
        for name, arguments in BESIDE:
            found = await run_beside(server, forms, path, arguments)
            waits = [wait * 1000 for wait in found.waits]
            print(
                f"| {name} | {found.seconds:.1f} | {len(waits):,} | {found.refused:,}"
                f" | {median(waits):.0f} | {max(waits):.0f} |",
                flush=True,
            )
    db = open_database(path)
    erased = db.execute("select count(*) from reports where erased_at is not null").fetchone()[0]
    db.close()
    print(f"\n{erased:,} reports were erased meanwhile.")


def _range(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.beside", description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000, help="reports in the file")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="on the disk to measure")
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    path = given.folder / "beside.db"
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    await asyncio.to_thread(make_file, path, given.reports)
    print(f"{given.reports:,} reports, {path.stat().st_size / 1e6:,.0f} MB\n", flush=True)
    async with standins(given.folder) as place:
        await measure(place, path)


if __name__ == "__main__":
    asyncio.run(main())

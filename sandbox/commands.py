"""The commands `constat sandbox` and `constat try`."""

import argparse
import asyncio
import contextlib
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TRY_FOLDER = Path(".try")
"""The folder of the database of `constat try`; git ignores it."""
PORT = 3100


def SANDBOX(commands: Any) -> None:  # noqa: N802 - named in pyproject.toml
    parser = commands.add_parser("sandbox", help="stand-ins for Slack, Immoteur and KARE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3100)
    parser.set_defaults(run=_sandbox)


def TRY(commands: Any) -> None:  # noqa: N802 - named in pyproject.toml
    parser = commands.add_parser(
        "try", help="file one report of each kind in the sandbox, then open it as a web page"
    )
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--page", action="store_true", default=None, help="even without a terminal")
    page.add_argument("--no-page", dest="page", action="store_false", help="end after the tour")
    parser.add_argument(
        "--no-tour", dest="tour", action="store_false", help="open the page at once"
    )
    parser.add_argument("--port", type=int, help=f"of the page; {PORT} if it is free")
    parser.set_defaults(run=_try)


def _sandbox(chosen: argparse.Namespace) -> int:
    try:
        asyncio.run(_serve(chosen.host, chosen.port))
    except OSError as error:
        print(f"constat: the sandbox cannot listen there: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


async def _serve(host: str, port: int) -> None:
    from sandbox.sandbox import Sandbox  # noqa: PLC0415 - no other command needs it

    sandbox = Sandbox()
    async with sandbox.serve(host, port):
        print("# A bot with these settings, and a CONSTAT_DB, works against this sandbox:")
        for name, value in sandbox.settings.items():
            print(f"{name}={value}")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


def _try(chosen: argparse.Namespace) -> int:
    from sandbox.tour import tour  # noqa: PLC0415 - no other command needs it

    TRY_FOLDER.mkdir(exist_ok=True)
    for old in TRY_FOLDER.glob("constat.db*"):
        old.unlink()
    db = TRY_FOLDER / "constat.db"
    can_open = all(find_spec(package) for package in ("htpy", "yaml"))
    if not (sys.stdout.isatty() if chosen.page is None else chosen.page) or (
        chosen.page is None and not can_open
    ):
        return asyncio.run(tour(db))
    if not can_open:
        print("constat: the page needs more packages: pip install 'constat[page]'", file=sys.stderr)
        return 1
    from sandbox.page.launcher import stay_open  # noqa: PLC0415 - only with the extra

    explicit = chosen.port is not None
    port = chosen.port if explicit else PORT
    try:
        asyncio.run(stay_open(db, port, explicit=explicit, touring=chosen.tour))
    except OSError as error:
        print(f"constat: the page cannot be opened there: {error}", file=sys.stderr)
        return 1
    return 0

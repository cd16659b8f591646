"""The sandbox's own commands of `constat`."""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Any

from sandbox.place import Sandbox
from sandbox.tour import tour

TRY_FOLDER = Path(".try")
"""Where `constat try` keeps its database; git ignores it."""


def SANDBOX(commands: Any) -> None:  # noqa: N802 - named in pyproject.toml
    parser = commands.add_parser("sandbox", help="stand-ins for Slack, Immoteur and KARE")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3100)
    parser.set_defaults(run=_sandbox)


def TRY(commands: Any) -> None:  # noqa: N802 - named in pyproject.toml
    parser = commands.add_parser("try", help="file one report of each kind in the sandbox")
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
    sandbox = Sandbox()
    async with sandbox.serve(host, port):
        print("# A bot with these settings, and a CONSTAT_DB, works against this sandbox:")
        for name, value in sandbox.settings.items():
            print(f"{name}={value}")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


def _try(_: argparse.Namespace) -> int:
    TRY_FOLDER.mkdir(exist_ok=True)
    for old in TRY_FOLDER.glob("constat.db*"):
        old.unlink()
    return asyncio.run(tour(TRY_FOLDER / "constat.db"))

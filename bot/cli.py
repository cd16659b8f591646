"""The command `constat`."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Any

from bot import settings as configuration
from bot.kare import csv_command
from bot.log_command import print_log, verify
from bot.settings import SettingsError
from storage.database import UnusableDatabaseError

WRONG_SETTINGS = 2
"""Exit status; argparse uses the same for wrong arguments."""

Parsers = Any
"""What `ArgumentParser.add_subparsers` gives; argparse has no public name for it."""
Command = Callable[[Parsers], None]
"""Adds a subcommand, with its function as the default `run`: arguments in, exit status out."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="constat", description="Slack forms that file reports.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for add in (_add_serve, _add_socket, _add_log, csv_command.add, *_plugged_in()):
        add(commands)
    chosen = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # httpx logs each address at INFO; ours say more, and slack_sdk's debug log holds tokens.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except SettingsError as wrong:
        for fault in wrong.faults:
            print(f"constat: {fault}", file=sys.stderr)
        return WRONG_SETTINGS
    except UnusableDatabaseError as unusable:
        return _gave_up(unusable)
    except BrokenPipeError:
        # Whoever read our output, such as `head`, has enough; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _gave_up(reason: Exception) -> int:
    print(f"constat: {reason}", file=sys.stderr)
    return 1


def _plugged_in() -> list[Command]:
    """Commands of packages beside the bot, such as the stand-ins'."""
    return [one.load() for one in entry_points(group="constat.commands")]


def _add_serve(commands: Parsers) -> None:
    parser = commands.add_parser("serve", help="listen to Slack on HTTP")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=3000)
    parser.set_defaults(run=_serve)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65_535):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _serve(chosen: argparse.Namespace) -> int:
    from bot.http_server import ListenError, serve  # noqa: PLC0415 - the log needs no Slack

    settings, config = configuration.load("serve")
    try:
        asyncio.run(serve(settings, config, chosen.host, chosen.port))
    except ListenError as taken:
        return _gave_up(taken)
    return 0


def _add_socket(commands: Parsers) -> None:
    parser = commands.add_parser("socket", help="listen to Slack in Socket Mode")
    parser.set_defaults(run=_socket)


def _socket(_: argparse.Namespace) -> int:
    from bot.socket_mode import listen  # noqa: PLC0415 - the log needs no Slack

    settings, config = configuration.load("socket")
    asyncio.run(listen(settings, config))
    return 0


def _add_log(commands: Parsers) -> None:
    parser = commands.add_parser("log", help="show what has been reported")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--verify", action="store_true", help="check that nothing was changed")
    parser.set_defaults(run=_log)


def _log(chosen: argparse.Namespace) -> int:
    settings, _ = configuration.load("log")
    if chosen.verify:
        return 0 if verify(settings.constat_db, sys.stdout) else 1
    print_log(settings.constat_db, sys.stdout, as_json=chosen.json)
    return 0

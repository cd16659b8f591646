"""Starts bots quickly: it has imported everything, and forks one for each line it reads.

A bot made here is a process of its own, with its own file handles and threads, and dies as any
other; what it is spared is the half second that Python's imports take. A line is a program's
arguments behind the names of its wrappings, or behind `-`; the answers are its pid, and its status.
"""

import gc
import os
import sys

import anyio._backends._asyncio  # noqa: F401 - as the bots

from blocks.words import LANGUAGES, words
from bot import cli, http_server, socket_mode  # noqa: F401 - so that each bot has it
from tests.torture.wrapped import wrap


def main() -> None:
    for language in LANGUAGES:
        words(language)
    # A bot that looked through these objects for garbage would copy all the memory they lie in.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        wrapping, *arguments = line.split()
        pid = os.fork()
        if pid == 0:
            _be_a_bot(wrapping, arguments)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be_a_bot(wrapping: str, arguments: list[str]) -> None:
    os.dup2(2, 1)  # the answers are not the bot's to give
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    wrap(wrapping)
    sys.argv[1:] = arguments
    try:
        status = cli.main()
    except SystemExit as ended:
        status = int(ended.code or 0)
    os._exit(status)


if __name__ == "__main__":
    main()

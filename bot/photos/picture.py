"""Starts the program that draws a picture anew, and waits for it."""

import asyncio
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from bot.photos.errors import PhotoRefusedError

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("redraw.py")
WHOLE = 90.0
"""Seconds for one picture."""
_FAULTS = frozenset({"too_many_pixels", "damaged"})
"""The faults of a picture that the program names."""


def unnamed_file() -> IO[bytes]:
    """A file without a name, which is gone as soon as it is closed or the process ends. On Linux it
    is in memory, so that it needs no folder that can be written.
    """
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("photo"), "w+b")
    return tempfile.TemporaryFile()


class PictureDrawer:
    """Draws pictures one after another, because each takes memory."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def redraw(self, source: IO[bytes], out: IO[bytes]) -> None:
        """Draw a picture anew.

        :raises PhotoRefusedError: when it cannot be drawn
        """
        source.seek(0)
        async with self._turn:
            # In threads: starting a process can keep the event loop waiting.
            process = await asyncio.to_thread(_start, source, out)
            try:
                output = await asyncio.to_thread(_wait, process)
            finally:
                process.kill()
                process.wait()
        if process.returncode != 0:
            raise PhotoRefusedError(_fault(process.returncode, output.decode("utf-8", "replace")))


def _fault(status: int, output: str) -> str:
    """Why a picture could not be drawn. A process that was killed took too much."""
    last = output.split()[-1:]
    if last and last[0] in _FAULTS:
        return last[0]
    log.warning("a picture could not be drawn", extra={"status": status, "why": output[-200:]})
    return "damaged" if status > 0 else "too_many_pixels"


def _start(source: IO[bytes], out: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", str(PROGRAM)],
        env={},  # a decoder that was tricked finds none of our secrets
        stdin=source,
        stdout=out,
        stderr=subprocess.PIPE,
    )


def _wait(process: subprocess.Popen[bytes]) -> bytes:
    """:returns: its output on stderr"""
    try:
        _, output = process.communicate(timeout=WHOLE)
    except subprocess.TimeoutExpired:
        process.kill()
        _, output = process.communicate()
    return output

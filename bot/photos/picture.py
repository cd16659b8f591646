"""Starts the program that draws a picture anew, and waits for it."""

import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import IO

from bot.photos.errors import PhotoRefusedError

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("redraw.py")
WHOLE = 90.0
"""Seconds for one picture."""
SAID = 10_000
"""Bytes of stderr that are read."""
_FAULTS = frozenset({"too_many_pixels", "damaged"})
"""What the program says is wrong with a picture."""


def unnamed_file() -> IO[bytes]:
    """A file without a name, which is gone as soon as it is closed or the process ends. On Linux it
    is in memory, so that it needs no folder that can be written.
    """
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("photo"), "w+b")
    return tempfile.TemporaryFile()


async def redrawn(source: IO[bytes], out: IO[bytes]) -> None:
    """Draw a picture anew.

    :raises PhotoRefusedError: when it cannot be drawn
    """
    source.seek(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(PROGRAM)),
        env={},  # a decoder that was tricked finds none of our secrets
        stdin=source,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None  # noqa: S101 - a pipe was asked for
    try:
        async with asyncio.timeout(WHOLE):
            said = await process.stderr.read(SAID)
            status = await process.wait()
    except TimeoutError:
        raise PhotoRefusedError("too_many_pixels") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status == 0:
        return
    words = said.decode("utf-8", "replace").split()
    fault = words[-1] if words and words[-1] in _FAULTS else "damaged"
    if fault not in words[-1:]:
        log.warning("a picture could not be drawn: status %d, %s", status, " ".join(words)[-200:])
    raise PhotoRefusedError(fault)

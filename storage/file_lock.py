"""The lock that a running bot holds on its file, so that no second one works with it.

It is a lock of the operating system on a file of its own, `-lock`, which ends with the process
however it ends. So the file may stay. No command of the operator takes it.
"""

import fcntl
import os
import socket
from contextlib import suppress
from pathlib import Path

LONGEST_NAME = 200
"""Bytes that are read of the name of the process that holds a lock."""


class FileLock:
    """Only the process that holds it, not one that it started, keeps others out."""

    def __init__(self, database: Path) -> None:
        """:raises OSError: when the file of the lock cannot be made"""
        database = database.resolve()
        self._file = os.open(
            database.with_name(f"{database.name}-lock"),
            os.O_CREAT | os.O_RDWR,
            0o600,
        )

    def take(self) -> bool:
        """:returns: False when another process holds the lock"""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        with suppress(OSError):  # a full disk: then its name is missing in a message
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        return True

    def holder(self) -> str:
        """The process that took the lock last."""
        return os.pread(self._file, LONGEST_NAME, 0).decode("utf-8", "replace")

    def close(self) -> None:
        """Give the lock up."""
        os.close(self._file)

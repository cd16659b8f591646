"""The database as a file of the operating system: who may read it, and whether it is still there.

SQLite keeps three files: the database, `-wal` (commits that are not yet copied into it) and `-shm`
(an index of `-wal`, shared by processes).
"""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

_MAGIC = b"SQLite format 3\0"
"""The first bytes of each database, from its first transaction on."""
_OTHERS = 0o077
"""The permissions of everybody but the owner."""


def create_private(path: Path) -> None:
    """Create an empty file that only its owner may read, whatever the umask.

    SQLite gives `-wal` and `-shm` the permissions of the database. A file that exists is left as
    it is. A file that cannot be created is left to SQLite, whose error says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def make_private(path: Path) -> None:
    """Take the permissions to read and write from everybody but the owner; log it, or its failure.

    A report holds what people wrote, so other users of the machine must not read it.
    """
    for file in files_of(path):
        try:
            mode = file.stat().st_mode & 0o777
        except FileNotFoundError:
            continue
        if not mode & _OTHERS:
            continue
        try:
            file.chmod(mode & ~_OTHERS)
        except OSError as error:
            log.warning(
                "others may read a file", extra={"file": file, "mode": f"{mode:04o}", "why": error}
            )
        else:
            log.warning(
                "other users could read a file; its permissions were corrected",
                extra={"file": file, "mode": f"{mode:04o}"},
            )


class OpenFile:
    """The database and its `-wal` as they were when they were opened.

    A process can go on writing a file that was deleted or replaced, and nobody ever reads those
    commits. A file whose bytes are overwritten in place keeps its identity. It is noticed only if
    it does not begin as a database any more, and not if another database was copied over it.
    """

    def __init__(self, path: Path) -> None:
        """Call it after the first write: then `-wal` exists, and it stays until the last process
        closes the database.
        """
        self._path = path
        # It stays open as long as SQLite works with the file. A process that closes any descriptor
        # of a file gives up all its locks on it, SQLite's too, and then the next other process that
        # closes the database deletes `-wal`. Source: https://www.sqlite.org/howtocorrupt.html, 2.2
        self._file = path.open("rb", buffering=0)
        self._identities = {file: _identity(file) for file in list(files_of(path))[:2]}

    def fault(self) -> str | None:
        """What happened to the files, in a sentence for the operator; None when nothing did.

        It costs two calls of `stat` and the reading of 16 bytes: about 10 microseconds, where a
        commit costs milliseconds.
        """
        for file, opened in self._identities.items():
            found = _identity(file)
            if found != opened:
                return f"{file} was {'replaced' if found else 'deleted'} while it was in use"
        # Source: https://www.sqlite.org/fileformat.html, section 1.3
        if os.pread(self._file.fileno(), len(_MAGIC), 0) != _MAGIC:
            return f"{self._path} was overwritten while it was in use"
        return None

    def close(self) -> None:
        """Call it after SQLite has closed the database."""
        self._file.close()


def files_of(path: Path) -> Iterator[Path]:
    """The database, `-wal` and `-shm`, whether they are there or not."""
    yield path
    real = os.path.realpath(path)  # SQLite puts the other two beside what a link points to
    yield Path(f"{real}-wal")
    yield Path(f"{real}-shm")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

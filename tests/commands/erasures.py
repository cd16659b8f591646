"""What the tests of `constat forget` share: a secret word, and what is left of it."""

import sqlite3
from pathlib import Path

from tests.commands.conftest import Run

SECRET = "Zanzibar-7391"
"""Words of a person that nothing else in the file has."""


def wrote(payload: dict[str, object]) -> dict[str, object]:
    return {**payload, "comment": f"{SECRET} is wrong"}


def left(folder: Path, *words: str) -> list[str]:
    """The words that are somewhere in the bytes of the file or its write-ahead log."""
    files = [file.read_bytes() for file in folder.glob("constat.db*")]
    return [word for word in words if any(word.encode() in content for content in files)]


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(folder / "constat.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def verified(run: Run) -> tuple[int, str]:
    ended = run("log", "--verify")
    return ended.status, ended.out


FITS = (0, "the history fits\n")

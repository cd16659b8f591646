"""The command line on a file of its own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import constat


@dataclass(frozen=True)
class Ended:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Ended]


@pytest.fixture(autouse=True)
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The reader is in Paris, and the output goes to no terminal."""
    monkeypatch.setenv("TZ", "Europe/Paris")
    monkeypatch.delenv("COLUMNS", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `constat` with the file of this test's folder."""

    def invoke(
        *arguments: str, answers: str = "", charset: str = "utf-8", **settings: str
    ) -> Ended:
        environment = {"CONSTAT_DB": str(tmp_path / "constat.db"), **settings}
        ended = CliRunner(charset, env=environment).invoke(
            constat, arguments, input=answers, prog_name="constat", catch_exceptions=False
        )
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    return invoke

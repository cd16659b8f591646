"""The command line on a file of its own."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import constat
from storage.address import PostgresAddress
from tests.engines import address_in


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
    """Runs `constat` with the database of this test's folder."""

    def invoke(
        *arguments: str, answers: str = "", charset: str = "utf-8", **settings: str
    ) -> Ended:
        address = address_in(tmp_path)
        value = address.url if isinstance(address, PostgresAddress) else str(address)
        environment = {"CONSTAT_DB": value, **settings}
        ended = CliRunner(charset, env=environment).invoke(
            constat, arguments, input=answers, prog_name="constat", catch_exceptions=False
        )
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    return invoke

"""Fixtures that several files of this folder use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import network
from bot.cli import main
from bot.settings import Settings
from sandbox.sandbox import Sandbox
from tests.bot.environment import MARK, Environment, Start
from tests.world import without_lists

VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", *network.BUNDLES),
)


@pytest.fixture
def direct_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without proxies and without certificates of its own."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that is served, for a bot that runs as a process."""
    sandbox = without_lists()
    async with sandbox.serve():
        yield sandbox


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """Sets every variable that the bot needs, and the given ones; None removes a variable."""

    def set_variables(**changes: str | None) -> None:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        complete: dict[str, str | None] = {
            "SLACK_BOT_TOKEN": f"xoxb-{MARK}",
            "SLACK_SIGNING_SECRET": f"{MARK}-{MARK}-{MARK}",
            "SLACK_APP_TOKEN": f"xapp-{MARK}",
            "IMMOTEUR_TOKEN": f"imt-{MARK}",
            "CONSTAT_DB": str(tmp_path / "constat.db"),
        }
        for name, value in (complete | changes).items():
            if value is not None:
                monkeypatch.setenv(name, value)

    return set_variables


@pytest.fixture
def start(environment: Environment, capsys: pytest.CaptureFixture[str]) -> Start:
    """Runs a command that must end at its settings: its exit status, and its lines of errors."""

    def run(command: str, **changes: str | None) -> tuple[int, list[str]]:
        environment(**changes)
        status = main([command])
        output = capsys.readouterr()
        assert output.out == ""
        return status, output.err.splitlines()

    return run

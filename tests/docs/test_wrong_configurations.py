"""Twenty-six wrong configurations: each is one line for each fault, with the right status, and
docs/troubleshooting.md has its cause and its remedy.
"""

import re
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from bot import cli
from bot.cli import main
from bot.settings import Settings
from sandbox.process import free_port
from sandbox.slack.faults import SlackFault
from tests.docs.test_troubleshooting_page import EXPLAINED
from tests.world import without_lists, world

SERVE = ("serve", "--port", "0")
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "IMMOTEUR_TOKEN": "imt_1",
    "CONSTAT_DB": "{folder}/constat.db",
    "CONSTAT_CONFIG": "{folder}/constat.toml",
}


@dataclass(frozen=True)
class Wrong:
    """A configuration that stops the program. `{folder}` is the folder of the test."""

    status: int
    settings: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = SERVE
    config: str = ""
    """The content of the TOML file."""
    faults: int = 1
    """How many faults it has, and so how many lines."""


def add_newer_step(path: Path) -> None:
    db = Database(path)
    db["_sqlite_migrations"].insert(  # type: ignore[union-attr]
        {"id": 1, "migration_set": "constat", "name": "2099-01-01 wings", "applied_at": ""}
    )
    db.close()


FILES: Mapping[str, Callable[[Path], object]] = {
    "another.db": lambda path: path.write_text("a letter", "utf-8"),
    "folder.db": Path.mkdir,
    "newer.db": add_newer_step,
}

STOPPED = {
    "nothing is set": Wrong(2, dict.fromkeys(GOOD, ""), faults=4),
    "half of KARE's login": Wrong(2, {"KARE_EMAIL": "bot@example.org"}),
    "half of KARE's tokens": Wrong(2, {"KARE_ACCESS_TOKEN": "a-token-of-kare"}),
    "the folder of the file is missing": Wrong(2, {"CONSTAT_DB": "{folder}/nowhere/constat.db"}),
    "the file is not a database": Wrong(1, {"CONSTAT_DB": "{folder}/another.db"}),
    "the file is a folder": Wrong(1, {"CONSTAT_DB": "{folder}/folder.db"}),
    "a newer version wrote the file": Wrong(1, {"CONSTAT_DB": "{folder}/newer.db"}),
    "an address without a scheme": Wrong(2, {"IMMOTEUR_API_URL": "api.example.org"}),
    "a language that is not there": Wrong(2, {"CONSTAT_LANGUAGE": "de"}),
    "the TOML file is missing": Wrong(2, {"CONSTAT_CONFIG": "{folder}/nothing.toml"}),
    "the TOML file has no TOML": Wrong(2, config="admins = ["),
    "a key that is not there": Wrong(2, config="[delivery]\nspeed = 1"),
    "a value that cannot be": Wrong(2, config="[delivery]\nconcurrency = 0"),
    "a level of risk that is not there": Wrong(2, config="[risk.4]\ndue = 'x'"),
    "a label that is too long": Wrong(2, config=f"[risk.3]\nlabel = '{'x' * 90}'"),
    "an admin by name": Wrong(2, config='admins = ["jean.dupont"]'),
    "a port that is taken": Wrong(1, command=("serve", "--port", "{taken}")),
    "an address of another machine": Wrong(1, command=("serve", "--host", "192.0.2.1")),
    "no file to read": Wrong(2, {"CONSTAT_DB": ""}, ("log",)),
    "a file to read that is missing": Wrong(1, {"CONSTAT_DB": "{folder}/no.db"}, ("log",)),
    "swapped tokens": Wrong(
        2, {"SLACK_BOT_TOKEN": "xapp-1-swapped", "SLACK_APP_TOKEN": "xoxb-swapped"}, faults=2
    ),
    "a token in quotation marks": Wrong(2, {"IMMOTEUR_TOKEN": '"imt_1"'}),
    "a short password": Wrong(2, {"KARE_EMAIL": "a@example.org", "KARE_PASSWORD": "abc"}),
    "no API": Wrong(2, {"IMMOTEUR_TOKEN": ""}),
    "a misspelt setting": Wrong(2, {"IMMOTEUR_TOKEN": "", "IMMOTEUR_TOKN": "imt_1"}),
}
ONE_MORE = "a port that no machine has"


def explanations(line: str) -> list[str]:
    """The messages of docs/troubleshooting.md that are this line, with anything for each `…`."""
    return [
        message
        for message in EXPLAINED
        if re.fullmatch(".+".join(map(re.escape, message.split("…"))), line)
    ]


def test_there_are_twenty_six() -> None:
    assert len([*STOPPED, ONE_MORE]) == 26


@pytest.mark.parametrize("what", STOPPED)
def test_it_stops_with_its_status_and_a_line_that_is_explained(
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = STOPPED[what]
    for name, make in FILES.items():
        make(tmp_path / name)
    (tmp_path / "constat.toml").write_text(wrong.config, "utf-8")
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in {**GOOD, **wrong.settings}.items():
        monkeypatch.setenv(name, value.replace("{folder}", str(tmp_path)))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status = main([part.replace("{taken}", port) for part in wrong.command])
    output = capsys.readouterr()
    lines = output.err.splitlines()
    assert (status, output.out, len(lines)) == (wrong.status, "", wrong.faults)
    for line in lines:
        assert line.startswith("constat: ")
        assert explanations(line.removeprefix("constat: ")), f"no remedy for: {line}"


def test_a_port_that_no_machine_has_is_a_wrong_argument() -> None:
    ended = CliRunner().invoke(cli.constat, ["serve", "--port", "70000"])
    assert ended.exit_code == 2
    assert ended.output.splitlines()[-1].endswith("70000 is not in the range 0<=x<=65535.")


def test_a_command_without_its_extra_names_what_is_missing() -> None:
    ended = CliRunner().invoke(cli._loaded(EntryPoint("try", "no_such_package:x", cli.GROUP)))
    assert ended.exit_code == 1
    [line] = ended.output.splitlines()
    assert explanations(line.removeprefix("Error: "))


@pytest.mark.parametrize(
    ("settings", "errors", "begin"),
    [
        ({"SLACK_API_URL": "http://127.0.0.1:{port}/api/"}, [], "Slack cannot be reached: "),
        ({}, ["invalid_auth"], "Slack does not accept SLACK_BOT_TOKEN: invalid_auth"),
        ({"IMMOTEUR_TOKEN": "revoked"}, [], "immoteur refuses our token: renew IMMOTEUR_TOKEN"),
        ({"KARE_PASSWORD": "another one"}, [], "kare refuses our token: renew KARE_EMAIL"),
    ],
    ids=["no network", "Slack's token", "Immoteur's token", "KARE's password"],
)
async def test_what_only_the_other_side_can_find_is_in_readyz_and_explained(
    tmp_path: Path, settings: dict[str, str], errors: list[str], begin: str
) -> None:
    sandbox = without_lists()
    given = {name: value.replace("{port}", str(free_port())) for name, value in settings.items()}
    for error in errors:
        sandbox.slack.faults.set("auth.test", SlackFault("error", error=error))
    async with world(tmp_path, sandbox=sandbox, settings=given) as bot:
        await bot.until(lambda: any(line.startswith(begin) for line in bot.runtime.missing()))
        [line] = [line for line in bot.runtime.missing() if line.startswith(begin)]
    assert explanations(line)

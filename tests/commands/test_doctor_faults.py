"""`constat doctor`: fifteen faults, each put in on purpose into an installation that is well."""

import asyncio
import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from sqlite_utils import Database

from bot.clock import Clock
from bot.commands.network_checks import SCOPES, from_scopes
from sandbox.sandbox import Sandbox
from sandbox.slack.faults import SlackFault
from storage.database import open_database
from storage.reports import Change
from storage.states import State
from tests.commands.conftest import Run
from tests.commands.files import add, end, file_report, refuse, writing
from tests.world import without_lists

ROOT = Path(__file__).parents[2]
DAY = 86_400.0


def nothing(_: object) -> None:
    """This part of the installation stays as it is."""


@dataclass(frozen=True)
class Fault:
    """A fault, and the check that finds it."""

    check: str
    status: int
    settings: dict[str, str] = field(default_factory=dict)
    services: Callable[[Sandbox], object] = nothing
    content: Callable[[Database], object] = nothing
    file: Callable[[Path], object] = nothing
    behind: float = 0.0
    """Seconds by which our clock is behind those of Slack and the APIs."""


@dataclass(frozen=True)
class ClockAhead(Clock):
    seconds: float

    def time(self) -> float:
        return time.time() + self.seconds


def lose_a_scope(sandbox: Sandbox) -> None:
    sandbox.slack.workspace.app = replace(
        sandbox.slack.workspace.app, scopes=frozenset({"commands", "chat:write"})
    )


def damage(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096 * 20)


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(sql)


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def let_others_read_the_log(path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    log.touch()
    log.chmod(0o644)


def hold(db: Database) -> None:
    end(db, add(db), Change(State.HELD, {"why": "token"}), at=2e9)


NEWER = (
    "insert into _sqlite_migrations (migration_set, name, applied_at) values ('constat', 'x', 'x')"
)
OLDER = "delete from _sqlite_migrations where name = '2026-11-27 salts and erasures'"
NOWHERE = "http://127.0.0.1:9/"

FAULTS = {
    "a setting is missing": Fault("settings", 2, {"SLACK_BOT_TOKEN": ""}),
    "two tokens are swapped": Fault("settings", 2, {"SLACK_BOT_TOKEN": "xapp-1-swapped"}),
    "Slack revoked the bot token": Fault("Slack", 2, {"SLACK_BOT_TOKEN": "xoxb-0-revoked"}),
    "Slack cannot be reached": Fault("Slack", 2, {"SLACK_API_URL": NOWHERE}),
    "a scope is missing": Fault("scopes", 2, services=lose_a_scope),
    "Slack revoked the app token": Fault("Socket Mode", 2, {"SLACK_APP_TOKEN": "xapp-0-revoked"}),
    "Immoteur refuses the token": Fault("Immoteur", 2, {"IMMOTEUR_TOKEN": "revoked"}),
    "KARE refuses the login": Fault("KARE", 2, {"KARE_PASSWORD": "another one"}),
    "KARE cannot be reached": Fault("KARE", 2, {"KARE_API_URL": NOWHERE}),
    "the clock is wrong": Fault("clock", 2, behind=600.0),
    "the file is damaged": Fault("database", 2, file=damage),
    "a newer constat wrote the file": Fault("database", 2, content=lambda db: db.execute(NEWER)),
    "somebody changed a report": Fault(
        "audit trail", 2, content=lambda db: db.execute("update reports set who = 'U2'")
    ),
    "reports are held": Fault("unsent", 2, content=hold),
    "others may read the file": Fault("mode", 1, file=lambda path: path.chmod(0o644)),
}
MORE = {
    "Socket Mode is switched off": Fault(
        "Socket Mode",
        2,
        services=lambda sandbox: sandbox.slack.faults.set(
            "apps.connections.open", SlackFault("error", error="socket_mode_not_enabled")
        ),
    ),
    "the app token lacks its scope": Fault(
        "Socket Mode",
        2,
        services=lambda sandbox: sandbox.slack.faults.set(
            "apps.connections.open", SlackFault("error", error="missing_scope")
        ),
    ),
    "a firewall refuses WebSockets": Fault(
        "Socket Mode", 2, services=lambda sandbox: vars(sandbox.slack.socket).update(refused=True)
    ),
    "Immoteur cannot be reached": Fault("Immoteur", 2, {"IMMOTEUR_API_URL": NOWHERE}),
    "an older constat wrote the file": Fault("version", 1, content=lambda db: db.execute(OLDER)),
    "a report has waited for days": Fault(
        "unsent", 2, content=lambda db: add(db, at=time.time() - 2 * DAY)
    ),
    "nobody has decided": Fault("undecided", 1, content=refuse),
    "another server answers in Immoteur's place": Fault(
        "Immoteur", 2, services=lambda sandbox: sandbox.immoteur.faults.always("html", on="* /")
    ),
    "another server answers in KARE's place": Fault(
        "KARE", 2, services=lambda sandbox: sandbox.kare.faults.always("html", on="GET /")
    ),
    "Immoteur has a fault": Fault(
        "Immoteur", 2, services=lambda sandbox: sandbox.immoteur.faults.always("500", on="* /")
    ),
    "a table is missing": Fault("database", 2, file=lambda path: change(path, "drop table photos")),
    "a column is missing": Fault(
        "database", 2, file=lambda path: change(path, "alter table notices drop column place")
    ),
    "an index is missing": Fault(
        "database", 2, file=lambda path: change(path, "drop index reports_unfinished")
    ),
    "a trigger is missing": Fault(
        "database", 2, file=lambda path: change(path, "drop trigger reports_counted_when_added")
    ),
    "there is a folder in the place of the file": Fault("database", 2, file=become_a_folder),
    "others may read the newest reports": Fault("mode", 1, file=let_others_read_the_log),
    "the file is another program's": Fault(
        "database", 2, file=lambda path: path.write_text("hello", "utf-8")
    ),
}


async def findings(
    sandbox: Sandbox, run: Run, settings: dict[str, str]
) -> tuple[int, dict[str, dict[str, str]]]:
    """The status of the command, and each check that is not ok, by its name."""
    async with sandbox.serve():
        given = {**sandbox.settings, **settings}
        ended = await asyncio.to_thread(run, "doctor", "--json", **given)
    checks = [json.loads(line) for line in ended.lines]
    return ended.status, {check["name"]: check for check in checks if check["level"] != "ok"}


def test_there_are_fifteen_faults() -> None:
    assert len(FAULTS) == 15


@pytest.mark.parametrize("what", FAULTS | MORE)
async def test_a_fault_is_found_and_nothing_else(tmp_path: Path, run: Run, what: str) -> None:
    put_in = (FAULTS | MORE)[what]
    with writing(tmp_path) as db:
        file_report(db)
        put_in.content(db)
    put_in.file(tmp_path / "constat.db")
    sandbox = without_lists(ClockAhead(put_in.behind))
    put_in.services(sandbox)
    status, found = await findings(sandbox, run, put_in.settings)
    assert (status, list(found)) == (put_in.status, [put_in.check])
    assert found[put_in.check]["remedy"]


@pytest.mark.parametrize(("free", "level"), [(2**31, []), (2**29, ["warning"]), (2**20, ["fault"])])
async def test_a_full_disk_is_found(
    run: Run, monkeypatch: pytest.MonkeyPatch, free: int, level: list[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    _, found = await findings(without_lists(), run, {})
    assert [check["level"] for check in found.values()] == level
    assert list(found) == ["disk"] * len(level)


async def test_doctor_changes_nothing(tmp_path: Path, run: Run) -> None:
    open_database(tmp_path / "constat.db").close()
    before = (tmp_path / "constat.db").read_bytes()
    sandbox = without_lists()
    assert await findings(sandbox, run, {}) == (0, {})
    assert (tmp_path / "constat.db").read_bytes() == before
    assert {call.method for call in sandbox.slack.calls} == {"auth.test", "apps.connections.open"}
    assert sandbox.slack.socket.connections == 0


async def test_the_scope_of_the_app_token_and_a_refused_websocket_have_their_own_remedies(
    run: Run,
) -> None:
    remedies = {}
    for what in ("the app token lacks its scope", "a firewall refuses WebSockets"):
        sandbox = without_lists()
        MORE[what].services(sandbox)
        _, found = await findings(sandbox, run, {})
        remedies[what] = found["Socket Mode"]["remedy"]
    assert "connections:write" in remedies["the app token lacks its scope"]
    assert "wss://*.slack.com" in remedies["a firewall refuses WebSockets"]


def test_the_scopes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


@pytest.mark.parametrize(
    ("headers", "level"),
    [
        ({"x-oauth-scopes": "commands,chat:write,users:read,im:history"}, 0),
        ({"X-OAuth-Scopes": "chat:write.public, users:read, im:history, commands, chat:write"}, 0),
        ({"X-OAuth-Scopes": ["commands,chat:write,users:read,im:history"]}, 0),
        ({"X-OAuth-Scopes": "commands"}, 2),
        ({"X-OAuth-Scopes": ""}, 2),
        ({}, 0),
    ],
)
def test_scopes_are_read_as_slack_writes_them(headers: dict[str, object], level: int) -> None:
    assert from_scopes(headers).level == level

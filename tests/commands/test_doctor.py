"""`constat doctor`: each fault is found, and only that one."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.check import counted
from bot.commands.network_checks import clock_check
from sandbox.faults import ApiFault
from sandbox.sandbox import Sandbox
from storage.reports import Change
from storage.states import State
from tests.commands.conftest import Run
from tests.commands.files import add, end, file_report, refuse, writing
from tests.world import without_lists


async def examine(sandbox: Sandbox, run: Run, **settings: str) -> tuple[int, dict[str, str]]:
    """The status of the command, and the finding of each check that is not ok."""
    async with sandbox.serve():
        given = {**sandbox.settings, **settings}
        ended = await asyncio.to_thread(run, "doctor", "--json", **given)
    checks = [json.loads(line) for line in ended.lines]
    assert all(check["remedy"] for check in checks if check["level"] != "ok")
    return ended.status, {
        check["name"]: check["finding"] for check in checks if check["level"] != "ok"
    }


async def test_a_good_installation_has_no_fault(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        add(db, at=time.time())
    assert await examine(without_lists(), run) == (0, {})


async def test_a_file_that_the_bot_has_not_created_yet_is_no_fault(run: Run) -> None:
    assert await examine(without_lists(), run) == (0, {})


@pytest.mark.parametrize(
    ("settings", "name", "status", "finding"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-0-revoked"}, "Slack", 2, "invalid_auth"),
        ({"SLACK_APP_TOKEN": "xapp-0-revoked"}, "Socket Mode", 2, "invalid_auth"),
        ({"SLACK_BOT_TOKEN": "xapp-1-swapped"}, "settings", 2, "SLACK_BOT_TOKEN"),
        ({"IMMOTEUR_TOKEN": "revoked"}, "Immoteur", 2, "it refuses IMMOTEUR_TOKEN"),
        ({"IMMOTEUR_API_URL": "http://127.0.0.1:9/"}, "Immoteur", 2, "cannot be reached"),
        ({"KARE_PASSWORD": "another one"}, "KARE", 2, "it refuses KARE_EMAIL, KARE_PASSWORD"),
        ({"KARE_API_URL": "http://127.0.0.1:9/"}, "KARE", 2, "cannot be reached"),
        ({"CONSTAT_LANGUAGE": "de"}, "settings", 2, "CONSTAT_LANGUAGE"),
    ],
)
async def test_a_wrong_setting_is_found(
    run: Run, settings: dict[str, str], name: str, status: int, finding: str
) -> None:
    found = await examine(without_lists(), run, **settings)
    assert (found[0], list(found[1])) == (status, [name])
    assert finding in found[1][name]


async def test_an_unreachable_slack_is_not_taken_for_a_wrong_token(run: Run) -> None:
    status, found = await examine(without_lists(), run, SLACK_API_URL="http://127.0.0.1:9/")
    assert (status, sorted(found)) == (2, ["Slack"])
    assert all(finding.startswith("Slack cannot be reached") for finding in found.values())


@pytest.mark.parametrize(
    ("ahead", "level"), [(29, 0), (-29, 0), (60, 1), (-60, 1), (400, 2), (-400, 2)]
)
def test_a_wrong_clock_is_found(ahead: float, level: int) -> None:
    assert clock_check(ahead).level == level


async def test_the_clock_is_compared_with_the_apis(run: Run) -> None:
    sandbox = without_lists()
    async with sandbox.serve():
        ended = await asyncio.to_thread(run, "doctor", **sandbox.settings)
    assert [line for line in ended.lines if line.startswith("ok       clock: ")]


@pytest.mark.parametrize(
    ("make", "name", "status"),
    [
        (lambda db: add(db, at=time.time() - 7200), "unsent", 1),
        (lambda db: add(db, at=time.time() - 2 * 86_400), "unsent", 2),
        (lambda db: end(db, add(db), Change(State.HELD, {"why": "token"}), at=2e9), "unsent", 2),
        (refuse, "undecided", 1),
        (lambda db: db.execute("update reports set who = 'U2'"), "audit trail", 2),
        (
            lambda db: db.execute(
                "delete from _sqlite_migrations where name = '2026-11-27 salts and erasures'"
            ),
            "version",
            1,
        ),
    ],
    ids=["waits long", "waits for days", "held", "undecided", "changed", "older"],
)
async def test_a_fault_of_the_file_is_found(
    tmp_path: Path, run: Run, make: Callable[..., object], name: str, status: int
) -> None:
    with writing(tmp_path) as db:
        file_report(db)
        make(db)
    found = await examine(without_lists(), run)
    assert (found[0], list(found[1])) == (status, [name])


async def test_a_file_that_others_may_read_is_found(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    (tmp_path / "constat.db").chmod(0o644)
    assert list((await examine(without_lists(), run))[1]) == ["mode"]


async def test_a_damaged_file_is_found(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        file_report(db)
    with (tmp_path / "constat.db").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096 * 20)
    status, found = await examine(without_lists(), run)
    assert (status, list(found)) == (2, ["database"])


async def test_an_api_that_is_busy_is_a_warning(run: Run) -> None:
    sandbox = without_lists()
    sandbox.immoteur.faults.always(ApiFault("503"), on="GET /auth")
    status, found = await examine(sandbox, run)
    assert (status, list(found)) == (1, ["Immoteur"])


def test_each_missing_setting_is_a_line_with_a_remedy(run: Run) -> None:
    ended = run("doctor")
    assert ended.status == 2
    assert "FAULT    settings: SLACK_BOT_TOKEN is missing" in ended.lines
    assert "         -> correct the setting; docs/settings.md lists all" in ended.lines


async def test_an_app_without_the_scopes_for_links_is_found_where_links_unfold(run: Run) -> None:
    status, findings = await examine(without_lists(), run, CONSTAT_UNFURL_DOMAINS="pap.fr")
    assert status == 2
    assert findings == {"scopes": "the app lacks links:read, links:write"}


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 reports"), (1, "1 report"), (2, "2 reports"), (1200, "1,200 reports")],
)
def test_one_is_not_counted_as_several(count: int, text: str) -> None:
    assert counted(count, "report") == text

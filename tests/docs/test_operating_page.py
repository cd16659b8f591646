"""docs/operating.md has the exit statuses, the columns of a CSV file and the fields of the log."""

import json
import re
from pathlib import Path
from socket import socket as Socket  # noqa: N812 - a class, in spite of its name

import pytest

from bot import asgi_server, http_body, http_protocol, log_limit
from bot.cli import main
from bot.commands import COMMANDS
from bot.commands.log import log
from bot.commands.run import serve
from bot.home.worker import BURST, PER_SECOND
from bot.kare.csv_import import COLUMNS, NEEDED
from storage import reports
from storage.database import open_database
from storage.reports import NewReport
from storage.states import Action, states_allowing
from tests.docs.pages import PAGES, code, fences, rows

PAGE = "docs/operating.md"
BOT_ITSELF = {"bot.commands.run", "bot.kare.csv_command"}
"""The commands in these files are described in the README."""
SERVE = {parameter.name: parameter.default for parameter in serve.params}
NEW = NewReport("key", "report_issue", "immoteur", "U1", origin={}, payload={})


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of CONSTAT_DB; no file is there yet."""
    path = tmp_path / "constat.db"
    monkeypatch.setenv("CONSTAT_DB", str(path))
    return path


def statuses() -> dict[str, str]:
    return {row[0]: row[1] for row in rows(PAGE, "Exit statuses")}


def test_the_table_has_every_exit_status() -> None:
    assert list(statuses()) == ["0", "1", "2"]


def test_status_0_is_that_of_a_command_that_succeeded(file: Path) -> None:
    open_database(file).close()
    assert main(["log"]) == 0
    assert "the command succeeded" in statuses()["0"]


def test_status_1_is_that_of_a_file_that_cannot_be_used(file: Path) -> None:
    assert main(["log"]) == 1
    assert "the file cannot be used" in statuses()["1"]


def test_status_1_is_that_of_a_csv_file_that_is_rejected(file: Path, tmp_path: Path) -> None:
    open_database(file).close()
    (tmp_path / "sites.csv").write_text("id;name\n", "utf-8")
    assert main(["catalogue", "load", str(tmp_path / "sites.csv")]) == 1
    assert "a CSV file was rejected" in statuses()["1"]


def test_status_1_is_that_of_a_report_that_was_changed(file: Path) -> None:
    db = open_database(file)
    with db.atomic():
        reports.add(db, NEW, now=1_800_000_000.0)
        db.execute("update reports set who = 'U2'")
    db.close()
    assert main(["log", "--verify"]) == 1
    assert "`--verify` found a difference" in statuses()["1"]


def test_status_2_is_that_of_missing_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONSTAT_DB", raising=False)
    assert main(["log"]) == 2
    assert "settings are missing" in statuses()["2"]


def test_status_2_is_that_of_wrong_arguments() -> None:
    assert main(["log", "--no-such-option"]) == 2
    assert "arguments" in statuses()["2"]


def taken(monkeypatch: pytest.MonkeyPatch, listener: Socket) -> int:
    """The settings of a bot, and a port that another program has."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-2-abcdefghijkl")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("IMMOTEUR_TOKEN", "a-token-of-immoteur")
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return int(listener.getsockname()[1])


@pytest.mark.usefixtures("file")
def test_status_2_is_that_of_a_port_for_health_checks_that_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Socket() as listener:
        monkeypatch.setenv("CONSTAT_HEALTH", f"127.0.0.1:{taken(monkeypatch, listener)}")
        assert main(["serve", "--port", "0"]) == 2
    assert "CONSTAT_HEALTH: " in capsys.readouterr().err
    assert "the address of `CONSTAT_HEALTH` cannot be used" in statuses()["2"]


@pytest.mark.usefixtures("file")
def test_status_1_is_that_of_a_port_for_slack_that_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Socket() as listener:
        port = taken(monkeypatch, listener)
        assert main(["serve", "--port", str(port)]) == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in capsys.readouterr().err
    assert "the port of `constat serve` cannot be used" in statuses()["1"]


def test_the_table_has_every_column_of_a_csv_file() -> None:
    table = rows(PAGE, "Names of sites and installations")
    assert {row[0]: tuple(code(row[1])) for row in table} == COLUMNS
    assert {row[0]: tuple(code(row[2])) for row in table} == NEEDED


def test_the_fields_of_the_log_are_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = open_database(file)
    with db.atomic():
        reports.add(db, NEW, now=1_800_000_000.0)
    db.close()
    main(["log", "--json"])
    item = PAGES[PAGE].partition("- `constat log --json`")[2].partition("\n- ")[0]
    assert code(item) == list(json.loads(capsys.readouterr().out))


def test_the_page_has_every_option_of_the_log() -> None:
    table = [name for row in rows(PAGE, "`constat log`") for name in code(row[0])]
    others = ["--json", "--csv", "--xlsx", "--verify"]
    options = [option for parameter in log.params for option in parameter.opts]
    assert sorted([*table, *others]) == sorted(options)


@pytest.mark.parametrize(
    "command", [name for name, command in COMMANDS.items() if command.module not in BOT_ITSELF]
)
def test_the_page_describes_every_command_of_the_operator(command: str) -> None:
    assert f"`constat {command}" in PAGES[PAGE]


def test_the_page_has_the_pace_of_homes() -> None:
    home = " ".join(PAGES[PAGE].split())
    pace = f"{PER_SECOND * 60:g} Homes a minute on average, and at most {BURST:g} at once"
    assert pace in home


def test_the_table_of_http_limits_has_their_values() -> None:
    table = {row[0]: row[1] for row in rows(PAGE, "HTTP mode")}
    numbers = {limit: re.findall(r"\d+", value) for limit, value in table.items()}
    assert http_body.TIMEOUT == http_protocol.HEAD_TIMEOUT
    assert numbers == {
        "the head of a request, then its body": [f"{http_body.TIMEOUT:g}"],
        "one body": [f"{http_body.LIMIT / 1e6:g}"],
        "all bodies that are being read": [
            f"{http_body.LIMIT_OF_ALL / 1e6:g}",
            f"{http_body.SMALL // 1024}",
        ],
        "connections": [str(asgi_server.MOST_CONNECTIONS)],
        "pieces of a body": [
            str(http_protocol.FREE_PIECES),
            str(http_protocol.SMALLEST_PIECE),
        ],
        "log lines that clients can cause": [str(log_limit.BURST)],
    }


def test_the_page_has_the_states_that_each_decision_needs() -> None:
    table = {code(row[0])[0].split()[1]: set(code(row[1])) for row in reversed(
        rows(PAGE, "Decide about a report")
    )}  # fmt: skip
    assert table == {
        "retry": set(states_allowing(Action.TRY_NOW)),
        "settle": set(states_allowing(Action.IT_IS_THERE)),
        "discard": set(states_allowing(Action.DISCARD)),
    }


def test_every_web_server_of_the_page_passes_the_same_requests() -> None:
    """From one bot on its machine, and from several behind a load balancer."""
    one, several = fences(PAGE, "nginx")
    inside = r"location = /slack/events \{\n(.*?)\}"
    lines = [
        re.sub(r"http://[\w.:]+", "http://…", found).split("\n")
        for text in (one, several)
        for found in re.findall(inside, text, flags=re.DOTALL)
    ]
    assert [line.strip() for line in lines[0]] == [line.strip() for line in lines[1]]
    [upstream] = re.findall(r"upstream (\w+)", several)
    assert f"proxy_pass http://{upstream};" in several
    assert f"proxy_pass http://127.0.0.1:{SERVE['port']};" in one


def http_mode() -> str:
    return PAGES[PAGE].partition("\n### HTTP mode\n")[2].partition("\n### ")[0]


def test_the_manifest_is_the_last_step_to_http_mode() -> None:
    """Slack asks the address when it is saved: bot and web server must answer by then."""
    steps = re.findall(
        r"^\d\. (.*?)(?=^\d\. |^The bot)", http_mode(), flags=re.DOTALL | re.MULTILINE
    )
    found = [
        [n for n, step in enumerate(steps) if words in step]
        for words in ("reload nginx", "systemctl restart constat", "five addresses")
    ]
    assert found == [[1], [2], [3]]

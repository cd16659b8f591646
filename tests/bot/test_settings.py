"""A start with settings missing or wrong names every one of them at once, and prints no secret."""

import os
from collections.abc import Callable
from errno import EISDIR, ENOENT
from pathlib import Path

import pytest

from blocks.anomaly.risk import SHIPPED, Risk
from bot.cli import main
from bot.config import Config, DeliveryLimits, ReceiptLimits, read_config
from bot.settings import Settings, SettingsError, load
from sandbox.slack.seed import ANNONCES, BOB
from tests.world import world

MARK = "hush-hush"
"""Part of every secret here."""
NO_ADDRESS = "it is not an address that begins with https:// or http://"
Environment = Callable[..., None]
Start = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """Sets everything that the bot needs, and these beside it; None takes one away."""

    def given(**others: str | None) -> None:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        complete: dict[str, str | None] = {
            "SLACK_BOT_TOKEN": f"xoxb-{MARK}",
            "SLACK_SIGNING_SECRET": f"{MARK}-{MARK}-{MARK}",
            "SLACK_APP_TOKEN": f"xapp-{MARK}",
            "IMMOTEUR_TOKEN": f"imt-{MARK}",
            "CONSTAT_DB": str(tmp_path / "constat.db"),
        }
        for name, value in (complete | others).items():
            if value is not None:
                monkeypatch.setenv(name, value)

    return given


@pytest.fixture
def start(environment: Environment, capsys: pytest.CaptureFixture[str]) -> Start:
    """Runs a command that is expected to end at its settings: its status, and what it said."""

    def run(command: str, **others: str | None) -> tuple[int, list[str]]:
        environment(**others)
        status = main([command])
        said = capsys.readouterr()
        assert said.out == ""
        return status, said.err.splitlines()

    return run


def config_file(folder: Path, text: str) -> str:
    path = folder / "constat.toml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("serve", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "CONSTAT_DB"]),
        ("socket", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CONSTAT_DB"]),
        ("log", ["CONSTAT_DB"]),
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_start_names_every_setting_that_is_missing_or_empty(
    start: Start, command: str, missing: list[str], value: str | None
) -> None:
    said = start(command, **dict.fromkeys(missing, value))
    assert said == (2, [f"constat: {name} is missing" for name in missing])


def test_a_start_names_what_is_wrong_and_what_is_missing_at_once(
    start: Start, tmp_path: Path
) -> None:
    said = start(
        "serve",
        SLACK_BOT_TOKEN=None,
        SLACK_API_URL="slack.com/api",
        IMMOTEUR_API_URL="ftp://immoteur.example",
        CONSTAT_LANGUAGE="de",
        CONSTAT_DB=str(tmp_path / "nowhere" / "constat.db"),
        KARE_EMAIL="bot@example.org",
        CONSTAT_CONFIG=config_file(tmp_path, "colour = 'red'\nadmins = 'U1'\n"),
    )
    assert said == (
        2,
        [
            f"constat: SLACK_API_URL is wrong: {NO_ADDRESS}",
            f"constat: IMMOTEUR_API_URL is wrong: {NO_ADDRESS}",
            "constat: CONSTAT_DB is wrong: its folder does not exist",
            "constat: CONSTAT_LANGUAGE is wrong: it must be 'en' or 'fr'",
            "constat: SLACK_BOT_TOKEN is missing",
            "constat: KARE_PASSWORD is missing: KARE_EMAIL needs it",
            "constat: CONSTAT_CONFIG: admins: it must be a list",
            "constat: CONSTAT_CONFIG: colour: there is no such key",
        ],
    )


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("KARE_ACCESS_TOKEN", "KARE_SESSION_TOKEN"),
        ("KARE_SESSION_TOKEN", "KARE_ACCESS_TOKEN"),
        ("KARE_EMAIL", "KARE_PASSWORD"),
        ("KARE_PASSWORD", "KARE_EMAIL"),
    ],
)
def test_half_a_pair_of_kare_settings_names_the_other_half(
    start: Start, given: str, missing: str
) -> None:
    value = f"{MARK}@example.org" if given == "KARE_EMAIL" else MARK
    said = start("serve", **{given: value})
    assert said == (2, [f"constat: {missing} is missing: {given} needs it"])


def test_a_faulty_start_prints_no_secret(start: Start) -> None:
    secrets = {
        name.upper(): f"{MARK} é {MARK}"
        for name in Settings.model_fields
        if name.endswith(("token", "secret"))
    }
    _, said = start("serve", **secrets, KARE_PASSWORD="hush", KARE_EMAIL=None)
    assert len(said) == len(secrets) + 2
    assert [line for line in said if "hush" in line] == []


def test_a_settings_object_shows_no_secret(environment: Environment) -> None:
    environment(IMMOTEUR_TOKEN=MARK, KARE_EMAIL="bot@example.org", KARE_PASSWORD=MARK)
    settings, _ = load("serve")
    assert MARK not in repr(settings) + str(settings) + settings.model_dump_json()


def test_a_token_pasted_with_blanks_around_it_is_the_token(environment: Environment) -> None:
    environment(IMMOTEUR_TOKEN="  imt_1\n", SLACK_BOT_TOKEN="xoxb-1\r\n")
    settings, _ = load("serve")
    assert settings.immoteur_token is not None
    tokens = [settings.immoteur_token, settings.slack_bot_token]
    assert [token.get_secret_value() for token in tokens] == ["imt_1", "xoxb-1"]


@pytest.mark.parametrize("token", ["imt 1", "imt_é", "imt\n1", "imt\x011"])
def test_a_token_that_no_request_could_carry_is_named_at_the_start(
    environment: Environment, token: str
) -> None:
    environment(IMMOTEUR_TOKEN=token)
    with pytest.raises(SettingsError) as wrong:
        load("serve")
    assert wrong.value.faults == [
        "IMMOTEUR_TOKEN is wrong: it contains spaces, or characters that no token has"
    ]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://slack.com/api", "https://slack.com/api/"),
        ("https://slack.com/api/", "https://slack.com/api/"),
        ("http://127.0.0.1:3100/slack/api//", "http://127.0.0.1:3100/slack/api/"),
        ("http://[::1]:3100", "http://[::1]:3100/"),
    ],
)
def test_an_address_ends_with_one_slash(environment: Environment, given: str, used: str) -> None:
    environment(SLACK_API_URL=given)
    settings, _ = load("serve")
    assert settings.slack_api_url == used


@pytest.mark.parametrize(
    "address",
    [
        "slack.com", "https://", "https:///", "file:///etc", "https://:443", "https://a b",
        "https://a:99999", "https://[::1", "https://a?b=c", "https://me:secret@a",
    ],
)  # fmt: skip
def test_what_is_no_address_is_named_at_the_start(start: Start, address: str) -> None:
    said = start("serve", SLACK_API_URL=address)
    assert said == (2, [f"constat: SLACK_API_URL is wrong: {NO_ADDRESS}"])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"admins = [", "is not a TOML file: Invalid value (at end of document)"),
        (b"\xff", "is not a TOML file: 'utf-8' codec can't decode byte 0xff"),
        (b"[delivery]\nspeed = 1", ": delivery.speed: there is no such key"),
        (
            b"[delivery]\nconcurrency = 0",
            ": delivery.concurrency: it must be at least 1",
        ),
        (b"[delivery]\nper_second = inf", ": delivery.per_second: it must be a finite number"),
        (b"[delivery]\nlease = 'long'", ": delivery.lease: it must be a number"),
        (b"delivery = 1", ": delivery: it must be a table"),
        (b"[risk.4]", ": risk: there is no level 4; the levels are 0, 1, 2 and 3"),
        (b"[risk.4]\ndue = 'x'", ": risk: there is no level 4; the levels are 0, 1, 2 and 3"),
        (b"risk = 3", ": risk: it must be a table"),
        (b"[risk]\n3 = 3", ": risk.3: it must be a table"),
        (b"[risk.3]\nalert = 'x'", ": risk.3.alert: it must be true or false"),
        (b"[risk.3]\ndue = 'maybe'", ": risk.3.due: it must be 'hidden', 'optional' or 'required'"),
        (
            b"[risk.3]\ndue_in_hours = 1e9",
            ": risk.3.due_in_hours: it must be at most 87600",
        ),
    ],
)
def test_a_config_that_cannot_be_used_is_named_with_its_place(
    start: Start, tmp_path: Path, content: bytes, fault: str
) -> None:
    path = tmp_path / "constat.toml"
    path.write_bytes(content)
    status, said = start("serve", CONSTAT_CONFIG=str(path))
    whole = f"constat: CONSTAT_CONFIG{'' if fault[0] == ':' else ' '}{fault}"
    assert (status, len(said), said[0][: len(whole)]) == (2, 1, whole)


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        (f"label = '{'x' * 90}'", "risk.3.label: it must have at most 60 characters"),
        ("label = ''", "risk.3.label: it must have at least 1 characters"),
        ("label = 5", "risk.3.label: it must be a text or a table"),
        ("label = { de = 'x' }", "risk.3.label.de: there is no such language; use en or fr"),
        ("label = { en = 5 }", "risk.3.label.en: it must be a text"),
        (f"label = {{ fr = '{'x' * 61}' }}", "risk.3.label.fr: it must have at most 60 characters"),
    ],
)
def test_a_label_that_cannot_be_used_is_named_once_by_its_key(
    start: Start, tmp_path: Path, label: str, fault: str
) -> None:
    path = config_file(tmp_path, f"[risk.3]\n{label}\n")
    assert start("serve", CONSTAT_CONFIG=path) == (2, [f"constat: CONSTAT_CONFIG: {fault}"])


@pytest.mark.parametrize(("name", "number"), [("nothing.toml", ENOENT), (".", EISDIR)])
def test_a_config_that_is_not_a_file_is_named(
    start: Start, tmp_path: Path, name: str, number: int
) -> None:
    path = tmp_path / name
    said = start("serve", CONSTAT_CONFIG=str(path))
    why = f"{os.strerror(number)}: {path}"
    assert said == (2, [f"constat: CONSTAT_CONFIG cannot be read: {why}"])


def test_without_a_config_file_the_shipped_one_holds(environment: Environment) -> None:
    environment(CONSTAT_CONFIG="")
    assert load("serve")[1] == Config()


def test_a_config_file_replaces_what_it_names_and_leaves_the_rest_as_shipped(
    tmp_path: Path,
) -> None:
    text = "admins = ['U1']\n[risk.1]\ndue = 'required'\n[delivery]\nconcurrency = 2\n"
    config = read_config(Path(config_file(tmp_path, text)))
    assert config == Config(
        admins=frozenset({"U1"}),
        risk={**SHIPPED, "1": Risk(due="required", place="optional")},
        delivery=DeliveryLimits(concurrency=2),
        receipts=ReceiptLimits(),
    )


async def test_an_api_without_a_token_says_so_to_the_person_and_the_other_works(
    tmp_path: Path,
) -> None:
    nothing = {"KARE_EMAIL": None, "KARE_PASSWORD": None}
    async with world(tmp_path, settings=nothing) as bot:
        bob = bot.person(BOB)
        refused = await bob.command("/anomaly", channel=ANNONCES)
        opened = await bob.command("/report-issue", channel=ANNONCES)
        view = await bob.view()
    said = "KARE is not set up here, so this form cannot be used. Ask an administrator of this bot."
    assert (refused.text, opened.text, view.title) == (said, "", "Report a data issue")


async def test_a_bot_without_both_apis_still_answers(tmp_path: Path) -> None:
    nothing = {"KARE_EMAIL": None, "KARE_PASSWORD": None, "IMMOTEUR_TOKEN": None}
    async with world(tmp_path, settings=nothing) as bot:
        bob = bot.person(BOB)
        replies = [
            await bob.command(one, channel=ANNONCES) for one in ("/anomaly", "/report-issue")
        ]
    assert [(one.failure, one.text.partition(",")[0]) for one in replies] == [
        (None, "KARE is not set up here"),
        (None, "Immoteur is not set up here"),
    ]

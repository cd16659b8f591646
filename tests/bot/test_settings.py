"""A start with settings missing or wrong names every one of them at once, and prints no secret."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.environment import MARK, Environment, Start, config_file
from tests.world import world

NO_ADDRESS = "it is not an address that begins with https:// or http://"


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
    outcome = start(command, **dict.fromkeys(missing, value))
    assert outcome == (2, [f"constat: {name} is missing" for name in missing])


def test_a_start_names_what_is_wrong_and_what_is_missing_at_once(
    start: Start, tmp_path: Path
) -> None:
    outcome = start(
        "serve",
        SLACK_BOT_TOKEN=None,
        SLACK_API_URL="slack.com/api",
        IMMOTEUR_API_URL="ftp://immoteur.example",
        CONSTAT_LANGUAGE="de",
        CONSTAT_DB=str(tmp_path / "nowhere" / "constat.db"),
        KARE_EMAIL="bot@example.org",
        CONSTAT_CONFIG=config_file(tmp_path, "colour = 'red'\nadmins = 'U1'\n"),
    )
    assert outcome == (
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
    outcome = start("serve", **{given: value})
    assert outcome == (2, [f"constat: {missing} is missing: {given} needs it"])


def test_a_faulty_start_prints_no_secret(start: Start) -> None:
    secrets = {
        name.upper(): f"{MARK} é {MARK}"
        for name in Settings.model_fields
        if name.endswith(("token", "secret"))
    }
    _, errors = start("serve", **secrets, KARE_PASSWORD="hush", KARE_EMAIL=None)
    assert len(errors) == len(secrets) + 2
    assert [line for line in errors if "hush" in line] == []


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
    outcome = start("serve", SLACK_API_URL=address)
    assert outcome == (2, [f"constat: SLACK_API_URL is wrong: {NO_ADDRESS}"])


async def test_an_api_without_a_token_says_so_to_the_person_and_the_other_works(
    tmp_path: Path,
) -> None:
    nothing = {"KARE_EMAIL": None, "KARE_PASSWORD": None}
    async with world(tmp_path, settings=nothing) as bot:
        bob = bot.person(BOB)
        refused = await bob.command("/anomaly", channel=ANNONCES)
        opened = await bob.command("/report-issue", channel=ANNONCES)
        view = await bob.view()
    text = "KARE is not set up here, so this form cannot be used. Ask an administrator of this bot."
    assert (refused.text, opened.text, view.title) == (text, "", "Report a data issue")


async def test_a_bot_without_both_apis_still_answers(tmp_path: Path) -> None:
    nothing = {"KARE_EMAIL": None, "KARE_PASSWORD": None, "IMMOTEUR_TOKEN": None}
    async with world(tmp_path, settings=nothing) as bot:
        bob = bot.person(BOB)
        replies = [
            await bob.command(name, channel=ANNONCES) for name in ("/anomaly", "/report-issue")
        ]
    assert [(reply.failure, reply.text.partition(",")[0]) for reply in replies] == [
        (None, "KARE is not set up here"),
        (None, "Immoteur is not set up here"),
    ]

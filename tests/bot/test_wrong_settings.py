"""Plainly wrong settings stop the start: one line each, with a remedy and without a secret."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import NO_API, Settings

HUSH = "hush-hush-hush-hush"
"""Part of every value that must not be shown."""
SECRET = "0123456789abcdef0123456789abcdef"
Start = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Start:
    """Runs `constat serve` with complete settings and these beside them; "" takes one away."""

    def run(**others: str) -> tuple[int, list[str]]:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        complete = {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "IMMOTEUR_TOKEN": "imt_1",
            "CONSTAT_DB": str(tmp_path / "constat.db"),
        }
        for name, value in (complete | others).items():
            monkeypatch.setenv(name, value)
        status = main(["serve", "--port", "0"])
        output = capsys.readouterr()
        assert HUSH not in output.out + output.err
        return status, output.err.splitlines()

    return run


IN_QUOTES = "it is in quotation marks; remove them"
OTHER_CHARACTERS = "it contains spaces, or characters that no token has"
PLACEHOLDER = "it is the placeholder of an example; give your own value"
BOT = "use the Bot User OAuth Token, which begins with xoxb-"
APP = "use an App-Level Token, which begins with xapp-"
SIGNING = "use the Signing Secret from Basic Information, App Credentials"


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SLACK_BOT_TOKEN", f"xapp-{HUSH}",
         f"it is an app-level token (xapp-…), which belongs in SLACK_APP_TOKEN; {BOT}"),
        ("SLACK_BOT_TOKEN", f"xoxp-{HUSH}",
         f"it is a user token (xoxp-…), which constat never uses; {BOT}"),
        ("SLACK_BOT_TOKEN", f"xoxe-{HUSH}",
         f"it is a refresh token (xoxe-…), which constat never uses; {BOT}"),
        ("SLACK_BOT_TOKEN", HUSH, f"it is not a token of this type; {BOT}"),
        ("SLACK_BOT_TOKEN", f'"xoxb-{HUSH}"', IN_QUOTES),
        ("SLACK_BOT_TOKEN", f" 'xoxb-{HUSH}' ", IN_QUOTES),
        ("SLACK_APP_TOKEN", f"xoxb-{HUSH}",
         f"it is a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN; {APP}"),
        ("SLACK_APP_TOKEN", HUSH, f"it is not a token of this type; {APP}"),
        ("SLACK_SIGNING_SECRET", "abc", f"it is not a signing secret of Slack; {SIGNING}"),
        ("SLACK_SIGNING_SECRET", f"{HUSH}@example.org",
         f"it is not a signing secret of Slack; {SIGNING}"),
        ("SLACK_SIGNING_SECRET", "a" * 24,
         f"it is as long as a Verification Token; {SIGNING}"),
        ("SLACK_SIGNING_SECRET", f"xoxb-{HUSH}",
         f"it is a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN; {SIGNING}"),
        ("SLACK_SIGNING_SECRET", f"“{SECRET}”", IN_QUOTES),
        ("IMMOTEUR_TOKEN", f"xoxb-{HUSH}",
         "it is a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN"),
        ("IMMOTEUR_TOKEN", f"{HUSH}@example.org", "it is an e-mail address, not a token"),
        ("IMMOTEUR_TOKEN", f"https://{HUSH}", "it is a web address, not a token"),
        ("IMMOTEUR_TOKEN", f"Bearer {HUSH}", "it begins with the word Bearer; leave that out"),
        ("IMMOTEUR_TOKEN", f'"{HUSH}"', IN_QUOTES),
        ("IMMOTEUR_TOKEN", f'"{HUSH}', "it has a quotation mark at one end; remove it"),
        ("IMMOTEUR_TOKEN", f"{HUSH},", OTHER_CHARACTERS),
        ("IMMOTEUR_TOKEN", "${IMMOTEUR_TOKEN}", OTHER_CHARACTERS),
        ("IMMOTEUR_TOKEN", f"IMMOTEUR_TOKEN={HUSH};", OTHER_CHARACTERS),
        ("IMMOTEUR_TOKEN", "changeme", PLACEHOLDER),
        ("SLACK_BOT_TOKEN", "xoxb-your-token", PLACEHOLDER),
        ("SLACK_BOT_TOKEN", "xoxb-XXXXXXXX", PLACEHOLDER),
        ("SLACK_BOT_TOKEN", "xoxb-********", OTHER_CHARACTERS),
        ("SLACK_BOT_TOKEN", f"xoxb-{HUSH}\ufeff", OTHER_CHARACTERS),
        ("IMMOTEUR_TOKEN", "  ", "it is blank"),
        ("IMMOTEUR_API_URL", '"https://a.example"', IN_QUOTES),
        ("CONSTAT_DB", "'/tmp/constat.db'", IN_QUOTES),
        ("CONSTAT_DB", " ", "it is blank"),
        ("CONSTAT_DB", "/", "it is a folder; add the name of a file"),
        ("CONSTAT_LANGUAGE", "fr\udce9", "it must be a text in UTF-8"),
        ("CONSTAT_LANGUAGE", "de", "it must be 'en' or 'fr'"),
        ("CONSTAT_CONFIG", '"/etc/constat.toml"', IN_QUOTES),
    ],
)  # fmt: skip
def test_a_setting_that_is_plainly_wrong_stops_the_start_with_one_line(
    start: Start, name: str, value: str, fault: str
) -> None:
    assert start(**{name: value}) == (2, [f"constat: {name} is wrong: {fault}"])


@pytest.mark.parametrize(
    ("email", "password", "fault"),
    [
        ("notmail", HUSH, "KARE_EMAIL is wrong: it is not an e-mail address"),
        ("a b@example.org", HUSH, "KARE_EMAIL is wrong: it is not an e-mail address"),
        ("mailto:a@example.org", HUSH, "KARE_EMAIL is wrong: it is not an e-mail address"),
        ('"a@example.org"', HUSH, f"KARE_EMAIL is wrong: {IN_QUOTES}"),
        ("a@" + "b" * 249, HUSH,
         "KARE_EMAIL is wrong: it must have at most 250 characters"),
        ("a@example.org", "abc", "KARE_PASSWORD is wrong: it must have at least 6 characters"),
        ("a@example.org", HUSH * 6, "KARE_PASSWORD is wrong: it must have at most 100 characters"),
    ],
)  # fmt: skip
def test_a_login_that_is_plainly_wrong_stops_the_start_with_one_line(
    start: Start, email: str, password: str, fault: str
) -> None:
    outcome = start(KARE_EMAIL=email, KARE_PASSWORD=password)
    assert outcome == (2, [f"constat: {fault}"])


def test_swapped_tokens_are_named_both(start: Start) -> None:
    status, outcome = start(SLACK_BOT_TOKEN=f"xapp-{HUSH}", SLACK_APP_TOKEN=f"xoxb-{HUSH}")
    app, bot = "an app-level token (xapp-…)", "a bot token (xoxb-…)"
    assert status == 2
    assert [line.partition(",")[0] for line in outcome] == [
        f"constat: SLACK_BOT_TOKEN is wrong: it is {app}",
        f"constat: SLACK_APP_TOKEN is wrong: it is {bot}",
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("SLAK_BOT_TOKEN", "SLACK_BOT_TOKEN"),
        ("slack_bot_tokn", "SLACK_BOT_TOKEN"),
        ("SLACK_BOT_USER_TOKEN", "SLACK_BOT_TOKEN"),
        ("SLACK_SIGNIN_SECRET", "SLACK_SIGNING_SECRET"),
        ("IMMOTEUR_TOKN", "IMMOTEUR_TOKEN"),
        ("IMOTEUR_TOKEN", "IMMOTEUR_TOKEN"),
        ("CONSTAT_DATABASE", "CONSTAT_DB"),
        ("CONTSAT_DB", "CONSTAT_DB"),
    ],
)
def test_a_misspelt_name_of_a_setting_is_named_with_the_right_one(
    start: Start, name: str, meant: str
) -> None:
    """The setting that it stands for is then not reported as missing as well."""
    outcome = start(**{meant: "", name: HUSH})
    assert outcome == (2, [f"constat: {name.upper()} is not a setting; did you mean {meant}?"])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("KARE_PASWORD", "KARE_PASSWORD"),
        ("KARE_PASS", "KARE_PASSWORD"),
        ("KARE_MAIL", "KARE_EMAIL"),
        ("KARE_TOKEN", "KARE_ACCESS_TOKEN"),
        ("CONSTAT_LANG", "CONSTAT_LANGUAGE"),
        ("CONSTAT_CONFG", "CONSTAT_CONFIG"),
        ("SLACK_API_ULR", "SLACK_API_URL"),
    ],
)
def test_a_misspelt_name_of_an_optional_setting_stops_the_start_too(
    start: Start, name: str, meant: str
) -> None:
    outcome = start(**{name: HUSH})
    assert outcome == (2, [f"constat: {name} is not a setting; did you mean {meant}?"])


def test_half_of_a_login_beside_the_misspelt_other_half_is_one_fault(start: Start) -> None:
    outcome = start(KARE_EMAIL="bot@example.org", KARE_PASWORD=HUSH)
    assert outcome == (2, ["constat: KARE_PASWORD is not a setting; did you mean KARE_PASSWORD?"])


@pytest.mark.parametrize(
    "name",
    [
        "SLACK_WEBHOOK_URL", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_API_TOKEN",
        "SLACK_TOKEN", "SLACK_CHANNEL", "SLACK_APP_ID", "SLACK_VERIFICATION_TOKEN",
        "CONSTAT_BROWSER", "CONSTAT_POSTGRES", "CONSTAT_SERVICE_HOST", "CONSTAT_PORT_3000_TCP",
        "KARE_PORT", "IMMOTEUR_PORT", "KARE_HOME", "HOME", "DB", "API_URL",
    ],
)  # fmt: skip
def test_a_name_of_another_program_is_no_fault(start: Start, name: str) -> None:
    outcome = start(**{name: HUSH}, CONSTAT_LANGUAGE="de")
    assert outcome == (2, ["constat: CONSTAT_LANGUAGE is wrong: it must be 'en' or 'fr'"])


def test_a_bot_that_can_file_nothing_does_not_start(start: Start) -> None:
    assert start(IMMOTEUR_TOKEN="") == (2, [f"constat: {NO_API}"])


@pytest.mark.parametrize(
    ("admins", "place"),
    [
        ('["jean.dupont"]', 1),
        ('["U012AB3CD", "@jean"]', 2),
        ('["u012ab3cd"]', 1),
        ('["U012AB3CD", "W1", "C012AB3CD"]', 3),
        ('["bot@example.org"]', 1),
        ("[7]", 1),
        ('[""]', 1),
    ],
)
def test_an_admin_that_is_not_a_user_id_is_named_by_its_place(
    start: Start, tmp_path: Path, admins: str, place: int
) -> None:
    path = tmp_path / "constat.toml"
    path.write_text(f"admins = {admins}\n", "utf-8")
    status, [line] = start(CONSTAT_CONFIG=str(path))
    assert status == 2
    wrong = f"constat: CONSTAT_CONFIG: admins: entry {place} is not a Slack user id"
    assert line == f"{wrong}, such as U012AB3CD (in a person's profile: Copy member ID)"

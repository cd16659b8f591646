"""docs/settings.md has every setting, its default, and every key of the TOML file."""

import re
import tomllib
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from blocks.anomaly.risk import LEVELS, Risk
from bot.alert_config import AlertConfig
from bot.cli import main
from bot.commands import COMMANDS
from bot.config import Config, DeliveryLimits, ReceiptLimits, RetentionLimits
from bot.settings import REQUIRED, Mode, Settings
from tests.docs.pages import ROOT, fences, rows

PAGE = "docs/settings.md"
VARIABLES = {row[0].strip("`"): row for row in rows(PAGE, "Environment variables")}
EXAMPLE: dict[str, Any] = tomllib.loads(fences(PAGE, "toml")[0])
CALLS = (
    "backup copy.db", "catalogue load README.md", "discard --yes 1", "doctor", "forget --rewrite",
    "log", "move --to new.db", "retry 1", "serve", "settle --yes 1", "show 1", "socket", "week",
)  # fmt: skip
"""A call of each command that is not of the stand-ins."""


def default(name: str) -> str:
    """A setting's default, as the table shows it."""
    value = Settings.model_fields[name].default
    shown = "" if isinstance(value, SecretStr) or value == () else str(value)
    if name.endswith("api_url"):
        shown = shown.rstrip("/") + "/"
    return f"`{shown}`" if shown not in {"", ".", "None"} else "none"


def test_the_table_has_every_setting_with_its_default() -> None:
    table = {name: row[1] for name, row in VARIABLES.items()}
    assert table == {name.upper(): default(name) for name in Settings.model_fields}


@pytest.mark.parametrize("command", REQUIRED)
def test_the_table_says_which_settings_a_command_requires(command: Mode) -> None:
    marked = {
        name
        for name, row in VARIABLES.items()
        if f"`constat {command}`" in row[2].partition("Required for ")[2]
    }
    assert marked == set(REQUIRED[command])


@pytest.mark.parametrize("command", CALLS)
def test_every_command_but_those_of_the_stand_ins_requires_the_database(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        "every other command but `constat try` and `constat sandbox`"
        in (VARIABLES["CONSTAT_DB"][2])
    )
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("CONSTAT_DB", raising=False)
    assert main(command.split()) == 2
    captured = capsys.readouterr()
    assert "CONSTAT_DB is missing" in captured.out + captured.err


def test_the_calls_are_of_every_command() -> None:
    assert sorted(call.split()[0] for call in CALLS) == sorted(COMMANDS)


def test_the_example_of_the_toml_file_shows_the_defaults() -> None:
    """With the exceptions that the page names: admins, labels and alert."""
    given = tomllib.loads(fences(PAGE, "toml")[0])
    del given["admins"], given["alert"]
    for level in LEVELS:
        del given["risk"][level]["label"]
    assert Config.model_validate(given) == Config()


def test_the_example_of_an_alert_shows_the_defaults() -> None:
    example = AlertConfig.model_validate(EXAMPLE["alert"])
    shipped = AlertConfig(mention=example.mention, channel=example.channel)
    assert example == shipped


def test_the_example_of_the_toml_file_is_valid() -> None:
    assert Config.model_validate(EXAMPLE).admins == {"U012AB3CD", "U045EF6GH"}


@pytest.mark.parametrize(
    ("part", "model"),
    [
        (EXAMPLE, Config),
        (EXAMPLE["delivery"], DeliveryLimits),
        (EXAMPLE["receipts"], ReceiptLimits),
        (EXAMPLE["retention"], RetentionLimits),
        (EXAMPLE["alert"], AlertConfig),
        ({name: 1 for level in EXAMPLE["risk"].values() for name in level}, Risk),
    ],
    ids=["policy", "delivery", "receipts", "retention", "alert", "risk"],
)
def test_the_example_of_the_toml_file_has_every_key(
    part: dict[str, Any], model: type[BaseModel]
) -> None:
    assert set(part) == set(model.model_fields)


@pytest.mark.parametrize("name", ["kare_email", "kare_password"])
def test_the_table_gives_the_lengths_of_the_kare_login(name: str) -> None:
    properties = Settings.model_json_schema()["properties"][name]["anyOf"][0]
    lengths = [properties[key] for key in ("minLength", "maxLength") if key in properties]
    assert [int(n) for n in re.findall(r"\d+", VARIABLES[name.upper()][2])] == lengths

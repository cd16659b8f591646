"""README.md says what the code does."""

import re
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel, SecretStr

from blocks.anomaly.risk import LEVELS, Risk
from blocks.receipt import OFFERED
from blocks.words import words
from bot.cli import constat
from bot.config import Config, DeliveryLimits, ReceiptLimits
from bot.settings import REQUIRED, Settings
from storage.states import State

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    part = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = part[part.index("\n|") + 1 :].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def example() -> dict[str, Any]:
    return tomllib.loads(README.partition("```toml\n")[2].partition("```")[0])


def default(name: str) -> str:
    value = Settings.model_fields[name].default
    shown = "" if isinstance(value, SecretStr) else str(value)
    if name.endswith("api_url"):
        shown = shown.rstrip("/") + "/"
    return f"`{shown}`" if shown not in {"", ".", "None"} else "none"


def test_the_table_of_settings_has_each_setting_with_its_default() -> None:
    table = {row[0].strip("`"): row[1] for row in rows("Settings")}
    assert table == {name.upper(): default(name) for name in Settings.model_fields}


def test_the_table_of_settings_says_what_is_required() -> None:
    said = {row[0].strip("`") for row in rows("Settings") if "Required" in row[2]}
    assert said == {name for names in REQUIRED.values() for name in names}


def test_the_example_of_the_toml_file_is_the_shipped_policy() -> None:
    """But for admins and labels, of which there are none."""
    given = example()
    assert given.pop("admins")
    for level in LEVELS:
        assert given["risk"][level].pop("label")
    assert Config.model_validate(given) == Config()


def test_the_example_of_the_toml_file_can_be_used() -> None:
    config = Config.model_validate(example())
    assert (sorted(config.admins), sorted(config.risk)) == (["U012AB3CD", "U045EF6GH"], [*LEVELS])


@pytest.mark.parametrize(
    ("part", "model"),
    [
        (example(), Config),
        (example()["delivery"], DeliveryLimits),
        (example()["receipts"], ReceiptLimits),
        ({name: 1 for one in example()["risk"].values() for name in one}, Risk),
    ],
    ids=["config", "delivery", "receipts", "risk"],
)
def test_the_example_of_the_toml_file_names_every_key(
    part: dict[str, Any], model: type[BaseModel]
) -> None:
    assert set(part) == set(model.model_fields)


def test_the_promise_names_every_state() -> None:
    assert [row[0].strip("`") for row in rows("What is promised")] == [str(one) for one in State]


def test_the_promise_names_the_buttons_of_every_state() -> None:
    said = {
        row[0].strip("`"): re.findall(r"\*([\w ]+)\*", row[2]) for row in rows("What is promised")
    }
    english = words("en")
    drawn = {
        str(state): [english(f"button.{name}") for name in OFFERED.get(state, ())]
        for state in State
    }
    assert said == drawn


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:bot|blocks|storage|sandbox|tests)/[\w/.]*)`", README)
    assert (len(named) > 20, [name for name in named if not (ROOT / name).exists()]) == (True, [])


def test_every_make_target_that_is_named_is_there() -> None:
    code = re.findall(r"`make\s+([\w\s]+)`", README)
    named = {target for targets in code for target in targets.split()}
    targets = set(re.findall(r"^(\w+):", MAKEFILE, flags=re.MULTILINE))
    assert ({"try", "test"} - named, named - targets) == (set(), set())


def test_every_command_that_is_named_is_there() -> None:
    code = "\n".join(re.findall(r"`[^`]+`|```.*?```", README, flags=re.DOTALL))
    named = set(re.findall(r"(?:`|/bin/)constat ([a-z]+)", code))
    offered = set(constat.list_commands(click.Context(constat)))
    assert named >= {"serve", "socket", "log"}
    assert named - offered == set()

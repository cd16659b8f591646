"""The command `constat`: its commands, their help, and exit statuses."""

import os
import stat
from collections.abc import Iterator
from importlib.metadata import EntryPoint, version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot import cli
from bot.cli import constat, main
from bot.settings import Settings
from tests.processes import run


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(constat, arguments, prog_name="constat")


def commands(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    """The names of every command below, one after the other."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*names, name)
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)


COMMANDS = [names for names in commands(constat) if names[0] not in {"sandbox", "try"}]


def test_the_commands_are_those_of_the_bot_and_of_the_sandbox() -> None:
    names = constat.list_commands(click.Context(constat))
    assert names == [
        "backup", "catalogue", "discard",
        "doctor",
        "forget", "log", "move", "retry", "sandbox", "serve", "settle", "show",
        "socket", "try", "week",
    ]  # fmt: skip


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_a_help_in_sentences(names: tuple[str, ...], option: str) -> None:
    result = invoke(*names, option)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith(f"Usage: constat {' '.join(names)} ")
    assert lines[2].endswith(".")


@pytest.mark.parametrize(
    "names", [names for names in COMMANDS if names != ("catalogue",)], ids=" ".join
)
def test_every_command_has_an_example_that_it_accepts(names: tuple[str, ...]) -> None:
    """Up to the settings, or the file, which is not there."""
    lines = iter(invoke(*names, "--help").output.splitlines())
    assert any(line.strip() in {"Example:", "Examples:"} for line in lines)
    example = next(lines).split()
    assert example[: len(names) + 1] == ["constat", *names]
    result = CliRunner(env={name.upper(): None for name in Settings.model_fields}).invoke(
        constat, example[1:]
    )
    assert result.exit_code == 2
    assert "CONSTAT_DB is missing" in result.output or "does not exist" in result.output


def test_the_version_is_the_packages() -> None:
    result = invoke("--version")
    assert result.output == f"constat {version('constat')}\n"
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["fly"], "Error: No such command 'fly'."),
        (["log", "--zzzz"], "Error: No such option '--zzzz'."),
        (["log", "12"], "Error: Got unexpected extra argument (12)"),
        (["catalogue", "load"], "Error: Missing argument 'FILE'."),
        (["catalogue", "load", "/"], "Error: Invalid value for 'FILE': File '/' is a directory."),
        (["catalogue", "load", "/nowhere.csv"],
         "Error: Invalid value for 'FILE': File '/nowhere.csv' does not exist."),
        (["serve", "--port", "http"],
         "Error: Invalid value for '--port': 'http' is not a valid integer range."),
        (["serve", "--port", "²"],
         "Error: Invalid value for '--port': '²' is not a valid integer range."),
        (["serve", "--port", "65536"],
         "Error: Invalid value for '--port': 65536 is not in the range 0<=x<=65535."),
        (["serve", "--port=-1"],
         "Error: Invalid value for '--port': -1 is not in the range 0<=x<=65535."),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named_and_end_with_2(arguments: list[str], complaint: str) -> None:
    result = invoke(*arguments)
    assert result.output.splitlines()[-1] == complaint
    assert result.exit_code == 2


def test_a_call_without_a_command_shows_the_help_and_ends_with_2() -> None:
    result = invoke()
    assert result.output.startswith("Usage: constat [OPTIONS] COMMAND")
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--help"], 0), (["--version"], 0), (["fly"], 2), ([], 2)]
)
def test_the_exit_status_is_the_same_for_a_process(
    arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    output = capsys.readouterr()
    assert output.out + output.err == invoke(*arguments).output


def test_a_plug_in_that_cannot_be_loaded_breaks_no_other_command() -> None:
    broken = EntryPoint("broken", "bot.cli:no_such_name", cli.GROUP)
    command = cli._loaded(broken)
    result = CliRunner().invoke(command)
    assert command.short_help == "(cannot be loaded)"
    assert result.exit_code == 1
    assert "bot.cli:no_such_name cannot be loaded" in result.output


async def test_a_file_that_a_command_creates_is_readable_for_its_owner_only(
    tmp_path: Path,
) -> None:
    csv, db = tmp_path / "sites.csv", tmp_path / "constat.db"
    csv.write_text("id;name\n1;Hangar\n", "utf-8")
    ended = await run("catalogue", "load", str(csv), settings={"CONSTAT_DB": str(db)})
    assert (ended.status, ended.err) == (0, "")
    assert stat.S_IMODE(db.stat().st_mode) == 0o600


def test_a_command_leaves_the_umask_of_its_caller_as_it_was() -> None:
    before = os.umask(0o022)
    try:
        invoke("log")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_the_list_of_commands_has_one_style() -> None:
    listed = invoke("--help").output.partition("Commands:\n")[2].splitlines()
    texts = [line.split(maxsplit=1)[1] for line in listed]
    assert [text for text in texts if text[0].isupper() or text.endswith(".")] == []
    assert len(texts) > 10

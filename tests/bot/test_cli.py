"""The command `constat` and its arguments."""

import pytest

from bot.cli import main


def test_the_command_offers_what_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    offered = {line.split()[0] for line in lines if line.startswith("    ")}
    assert {"serve", "socket", "log", "catalogue", "sandbox", "try"} - offered == set()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "constat: error: the following arguments are required: command"),
        (["fly"], "constat: error: argument command: invalid choice: 'fly'"),
        (["log", "--xml"], "constat: error: unrecognized arguments: --xml"),
        (["serve", "--port", "http"], "constat serve: error: argument --port: a port is a number"),
        (["serve", "--port", "65536"], "constat serve: error: argument --port: a port is a number"),
        (["serve", "--port", "²"], "constat serve: error: argument --port: a port is a number"),
        (["serve", "--port=-1"], "constat serve: error: argument --port: a port is a number"),
    ],
)
def test_wrong_arguments_are_told_and_end_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    last = capsys.readouterr().err.splitlines()[-1]
    assert (ended.value.code, last[: len(complaint)]) == (2, complaint)

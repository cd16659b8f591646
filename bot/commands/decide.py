"""`constat retry`, `discard` and `settle`: what the buttons of a receipt do, for an operator."""

import getpass
import os
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from bot.commands.arguments import NUMBER
from bot.commands.database import DatabaseAddress, load_settings, writing
from bot.commands.output import one_line, say
from bot.commands.people import OPERATOR
from storage import reports
from storage.reports import Change
from storage.states import ALLOWED, Action, State, states_allowing

F = TypeVar("F", bound=Callable[..., Any])

BECOMES = {
    Action.TRY_NOW: (State.WAITING, "asked"),
    Action.SEND_AGAIN: (State.WAITING, "again"),
    Action.IT_IS_THERE: (State.FILED, "confirmed"),
    Action.DISCARD: (State.DISCARDED, "discarded"),
}
"""The state that a report gets by an action, and the `why` of its cause."""


def operator() -> str:
    """The login name of the person at the keyboard, also behind sudo."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in a container
        return f"uid {os.getuid()}"


def operator_name(_: click.Context, __: click.Parameter, name: str) -> str:
    """The name that was given, on one line. The login name for a blank one."""
    return one_line(name) or operator()


def _arguments(command: F) -> F:
    """The parts that the three commands share."""
    command = click.option(
        "--as", "name", metavar="NAME", default="", callback=operator_name,
        help="The name for the history. Without it, your login name.",
    )(command)  # fmt: skip
    return click.argument("numbers", type=NUMBER, nargs=-1, required=True, metavar="NUMBER…")(
        command
    )


@click.command()
@_arguments
@click.option(
    "--send-again", is_flag=True,
    help="Also send reports whose state is unknown. They may be filed twice.",
)  # fmt: skip
def retry(numbers: tuple[int, ...], name: str, *, send_again: bool) -> None:
    """Have reports sent at once: those that wait, are held, or were refused.

    A running bot sends them within a few seconds, a stopped one after its start. A report whose
    state is unknown may have arrived already. It is sent again only with --send-again.

    \b
    Example:
      constat retry 12 15
    """
    actions = [Action.TRY_NOW, *([Action.SEND_AGAIN] if send_again else [])]
    _decide(numbers, name, actions)


@click.command()
@_arguments
@click.option("--yes", is_flag=True, help="Do not ask.")
def discard(numbers: tuple[int, ...], name: str, *, yes: bool) -> None:
    """Give reports up. They are never sent, and their text stays stored.

    \b
    Example:
      constat discard 12 --yes
    """
    _confirm(f"Discard {_listed(numbers)}? The receipt can restore it for a day.", yes=yes)
    _decide(numbers, name, [Action.DISCARD])


@click.command()
@_arguments
@click.option("--yes", is_flag=True, help="Do not ask.")
def settle(numbers: tuple[int, ...], name: str, *, yes: bool) -> None:
    """Count unknown reports as filed, because you found them in the API.

    \b
    Example:
      constat settle 12 --yes
    """
    _confirm(f"Count {_listed(numbers)} as filed? There is no way back.", yes=yes)
    _decide(numbers, name, [Action.IT_IS_THERE])


def _listed(numbers: Sequence[int]) -> str:
    word = "report" if len(numbers) == 1 else "reports"
    return f"{word} {', '.join(map(str, numbers))}"


def _confirm(question: str, *, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True, err=True)


def _decide(numbers: Sequence[int], name: str, actions: Sequence[Action]) -> None:
    """Apply the action that a report's state allows to each report.

    :raises ClickException: when at least one report allows none; the others are changed all the
        same
    """
    address = load_settings().constat_db
    objections = [
        objection
        for number in dict.fromkeys(numbers)
        if (objection := _decide_one(address, number, name, actions))
    ]
    if objections:
        raise click.ClickException("; ".join(objections))


def _decide_one(
    address: DatabaseAddress, number: int, name: str, actions: Sequence[Action]
) -> str | None:
    """:returns: why nothing was done, if so"""
    with writing(address) as db:
        report = reports.get(db, number)
        if report is None:
            return f"there is no report {number}"
        action = next((action for action in actions if action in ALLOWED[report.state]), None)
        if action is None:
            return f"report {number} is {report.state}, which does not allow this"
        state, why = BECOMES[action]
        now = time.time()
        who = f"{OPERATOR}{name}"
        change = Change(state, {"why": why, "operator": name}, who=who, next_try=now)
        reports.decide(db, number, states_allowing(action), change, now=now)
    if state is report.state:
        say(f"report {number} is {state}, and is due now")
    else:
        say(f"report {number} was {report.state}, and is {state} now")
    return None

"""The operator's commands. Each file has one; `constat` gathers them."""

from collections.abc import Sequence

import click

from bot.commands.backup import backup
from bot.commands.decide import discard, retry, settle
from bot.commands.doctor import doctor
from bot.commands.forget import forget
from bot.commands.log import log
from bot.commands.move import move
from bot.commands.show import show
from bot.commands.week import week

COMMANDS: Sequence[click.Command] = (
    log,
    show,
    week,
    retry,
    discard,
    settle,
    backup,
    doctor,
    forget,
    move,
)

"""The result of one check of `constat doctor`."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad it is. The worst level is the exit status."""

    OK = 0
    WARNING = 1
    FAULT = 2


@dataclass(frozen=True)
class Check:
    name: str
    level: Level
    finding: str
    remedy: str = ""
    """The operator's remedy. Empty if all is well."""


def ok(name: str, finding: str) -> Check:
    return Check(name, Level.OK, finding)


def warning(name: str, finding: str, remedy: str) -> Check:
    return Check(name, Level.WARNING, finding, remedy)


def fault(name: str, finding: str, remedy: str) -> Check:
    return Check(name, Level.FAULT, finding, remedy)


def counted(count: int, noun: str) -> str:
    """Such as `1 report` and `1,200 reports`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

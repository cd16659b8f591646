"""Environment variables whose names are probably misspelt names of settings."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

CUTOFFS = {"CONSTAT_": 0.74, "IMMOTEUR_": 0.74, "KARE_": 0.74, "SLACK_": 0.8}
"""How similar a name must be to a setting's, from 0 to 1, by prefix. Other programs also use names
that begin with SLACK_."""
OTHER_CUTOFF = 0.9
"""The same for every other prefix, which may itself be misspelt."""
FOREIGN = frozenset({"SLACK_TOKEN", "SLACK_API_TOKEN", "SLACK_USER_TOKEN", "SLACK_CLIENT_SECRET"})
"""Names that other Slack programs and libraries read."""
OF_TESTS = frozenset({"CONSTAT_BROWSER", "CONSTAT_POSTGRES"})
"""Names that the tests read."""
_SET_BY_CONTAINERS = re.compile(r".*_(SERVICE|PORT)(_.*)?")
"""Kubernetes and Docker set such names for a service or container that is called `kare`."""


def misspelt(names: Iterable[str], settings: Sequence[str]) -> Mapping[str, str]:
    """The setting that each misspelt name probably stands for.

    :param names: of environment variables, in capitals
    :param settings: the names of all settings, in capitals
    """
    return {
        name: next((setting for setting in similar if setting.startswith(name)), similar[0])
        for name in names
        if name not in settings
        if name not in FOREIGN | OF_TESTS
        if re.fullmatch(r"[A-Z0-9_]+", name)
        if not _SET_BY_CONTAINERS.fullmatch(name)
        if (similar := _similar(name, tuple(settings)))
    }


@cache
def _similar(name: str, settings: tuple[str, ...]) -> list[str]:
    """The settings with similar names, most similar first.

    A comparison takes a millisecond, and the environment has the same names each time it is read.
    """
    return get_close_matches(name, settings, 3, _cutoff(name))


def _cutoff(name: str) -> float:
    prefixes = (prefix for prefix in CUTOFFS if name.startswith(prefix))
    return CUTOFFS.get(next(prefixes, ""), OTHER_CUTOFF)

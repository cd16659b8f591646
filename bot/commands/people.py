"""People's names, for reading and for filters."""

from collections.abc import Mapping

from bot.texts import searched
from storage import users
from storage.engine import Database

OPERATOR = "operator:"
"""Begins the name of somebody who decided with a command and not in Slack."""


class People:
    def __init__(self, db: Database) -> None:
        self._names: Mapping[str, str] = users.names(db)

    def name(self, who: str | None) -> str:
        """The name in Slack. The id if no name is stored, and empty for nobody."""
        if who is None:
            return ""
        if who.startswith(OPERATOR):
            return f"{who.removeprefix(OPERATOR)} (operator)"
        return self._names.get(who, who)

    def matching(self, text: str) -> set[str]:
        """The ids of the people whose name contains the text, and the text itself as an id."""
        part = searched(text.removeprefix("@"))
        return {text} | {user for user, name in self._names.items() if part in searched(name)}

"""People's names, for reading and for filters."""

import re
from collections import Counter
from collections.abc import Mapping

from bot.texts import searched
from bot.workspace import Workspace, slack_id
from storage import users, workspaces
from storage.engine import Database

USER_ID = re.compile(r"(?:T[A-Z0-9]{2,}/)?[UW][A-Z0-9]{2,}")
"""A Slack user id, with its workspace in front or without one."""
OPERATOR = "operator:"
"""Begins the name of somebody who decided with a command and not in Slack."""


class People:
    def __init__(self, db: Database) -> None:
        self._names: Mapping[str, str] = users.names(db)
        self._workspace = Workspace.of(workspaces.installation(db))
        self._bearers = Counter(self._names.values())

    def identity(self, text: str) -> str:
        """The person of an id that an operator has typed."""
        return self._workspace.person_named(text)

    def slack_id(self, who: str) -> str:
        """The id without a workspace."""
        return slack_id(who)

    def workspace(self, who: str) -> str | None:
        """The workspace of a person in Slack; None while it is not known, and for nobody."""
        return (self._workspace.of_person(who) if who else "") or None

    def name(self, who: str | None) -> str:
        """The name in Slack. The id if no name is stored, and empty for nobody."""
        if who is None:
            return ""
        if who.startswith(OPERATOR):
            return f"{who.removeprefix(OPERATOR)} (operator)"
        return self._names.get(who, who)

    def distinct_name(self, who: str | None) -> str:
        """The name, with the id behind it if several people have the name."""
        name = self.name(who)
        return f"{name} ({who})" if self._bearers[name] > 1 else name

    def matching(self, text: str) -> set[str]:
        """The ids of the people whose name contains the text, and the text itself as an id."""
        part, same = searched(text.removeprefix("@")), self.identity(text)
        if not part:  # it is in every name, and nobody means everybody by it
            return {same}
        return {same} | {user for user, name in self._names.items() if part in searched(name)}

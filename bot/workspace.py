"""The workspace that the bot is installed in, and the ids of people."""

import re
from dataclasses import dataclass

from blocks.person import slack_id
from storage.workspaces import Installation

__all__ = ["PERSON_ID", "Workspace", "slack_id"]

PERSON_ID = re.compile(r"(?:[TE][A-Z0-9]+/)?[UW][A-Z0-9]+")
"""A person as `blocks.person` writes them."""


@dataclass(frozen=True)
class Workspace:
    """What is known of the installation. The ids are empty until Slack has given them."""

    home: str = ""
    """The workspace that constat was installed in first: its people have no workspace in their
    ids. In an organisation-wide installation it is the organisation."""
    installed: str = ""
    """The workspace whose token the bot has. It is `home`, unless the operator moved the bot."""
    enterprise: str = ""
    """The organisation of `installed`; empty for a workspace without one."""

    @classmethod
    def of(cls, installation: Installation) -> "Workspace":
        return cls(installation.home, installation.team, installation.enterprise)

    def person(self, user: str, own: str, payload_says: str = "") -> str:
        """The id of a person.

        :param user: the Slack user id
        :param own: the workspace that the person belongs to; empty when the payload has none
        :param payload_says: the workspace for which Slack sent the payload. It counts until Slack
            has said in which workspace the bot is
        """
        home = self.home or payload_says
        # In an organisation a user id is the same in every workspace.
        if not own or not home or own == home or home.startswith("E"):
            return user
        if self.enterprise == own and self.installed == home:
            return user
        return f"{own}/{user}"

    def person_named(self, written: str) -> str:
        """The id of a person whom an operator names by `U…`, for the installed workspace, or by
        `T…/U…`. As long as the home workspace is unknown, the text is returned unchanged.
        """
        own, _, user = written.rpartition("/")
        return self.person(user, own or self.installed) if self.home else written

    def of_person(self, person: str) -> str:
        """The workspace of a person; empty while it is not known."""
        return person.rpartition("/")[0] or self.home

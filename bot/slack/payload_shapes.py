"""The shapes of Slack's payloads: only the fields that are used.

A field that Slack documents as null or absent may be so: `team` in an organisation's install,
`enterprise`, the `value` of a button.
Source: https://docs.slack.dev/reference/interaction-payloads
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.workspace import Workspace

Block = dict[str, Any]


class Part(BaseModel):
    """A part of a payload. Keys that are not used are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Envelope(Part):
    """What Bolt compares to find a listener."""

    type: str = ""
    """Empty for a command."""
    actions: list[Block] = Field(default_factory=list, min_length=1)
    """Bolt reads the first action before anything else."""
    view: Block | None = None
    action_id: str | None = None
    block_id: str | None = None
    callback_id: str | None = None


class User(Part):
    id: str = Field(min_length=1)
    team_id: str | None = None


class Team(Part):
    id: str | None = None
    domain: str | None = None


class Enterprise(Part):
    id: str | None = None


class Channel(Part):
    id: str = Field(min_length=1)
    name: str | None = None


class Title(Part):
    text: str


class StateShape(Part):
    values: dict[str, dict[str, dict[str, Any]]]


class View(Part):
    id: str = Field(min_length=1)
    app_installed_team_id: str | None = None
    callback_id: str
    hash: str = ""
    private_metadata: str
    title: Title
    state: StateShape
    blocks: list[Block]


class Option(Part):
    value: str = ""


class ActionShape(Part):
    action_id: str = Field(min_length=1)
    block_id: str = ""
    value: str | None = None
    selected_option: Option | None = None
    action_ts: float = Field(allow_inf_nan=False)


class Placed(Part):
    user: User
    team: Team | None = None
    enterprise: Enterprise | None = None

    def person(self, workspace: Workspace, installed: str | None = None) -> str:
        """The id of the person.

        In a shared channel `user.team_id` is the person's own workspace. Whose `team` is, the
        documentation leaves open.

        :param installed: the workspace of the installation, if the payload names it elsewhere
        """
        team = (self.team.id if self.team else None) or ""
        own = self.user.team_id or team
        return workspace.person(self.user.id, own, installed or team)

    def team_id(self) -> str:
        """The workspace; the organisation where Slack names no workspace."""
        enterprise = self.enterprise.id if self.enterprise else None
        team = self.team.id if self.team else None
        return team or self.user.team_id or enterprise or ""


class OnView(Placed):
    """A view_submission, a block_suggestion, or block_actions in a view."""

    view: View
    actions: tuple[dict[str, Any], ...] = ()
    action_id: str = ""
    value: str | None = None

    def person_at(self, workspace: Workspace) -> str:
        return self.person(workspace, self.view.app_installed_team_id)


class Container(Part):
    """The message that a button is on."""

    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str | None = None


class Surface(Part):
    type: str = ""


class OnMessage(Placed):
    """block_actions in a message or on an App Home."""

    view: Surface | None = None
    channel: Channel | None = None
    container: Container = Container()
    actions: list[ActionShape] = Field(min_length=1)
    trigger_id: str = ""
    response_url: str = ""


class Shortcut(Placed):
    """A message_action."""

    channel: Channel
    message: dict[str, Any]
    message_ts: str | None = None
    trigger_id: str
    response_url: str = ""


class Command(Part):
    user_id: str = Field(min_length=1)
    team_id: str | None = None
    enterprise_id: str | None = None
    channel_id: str = Field(min_length=1)
    channel_name: str | None = None
    text: str | None = None
    trigger_id: str
    response_url: str = ""

"""The shapes of Slack's payloads: only the fields that are used.

A field that Slack documents as null or absent may be so: `team` in an organisation's install,
`enterprise`, the `value` of a button.
Source: https://docs.slack.dev/reference/interaction-payloads
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Block = dict[str, Any]


class Part(BaseModel):
    """A part of a payload. Keys that are not used are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Envelope(Part):
    """What Bolt compares to find a listener."""

    type: str = ""
    """Empty for a command."""
    actions: list[Block] | None = Field(None, min_length=1)
    view: Block | None = None
    action_id: str | None = None
    block_id: str | None = None
    callback_id: str | None = None


class UrlVerification(Part):
    """Slack's check of the address that it sends events to.

    Source: https://docs.slack.dev/reference/events/url_verification
    """

    challenge: str = Field(min_length=1)


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


class OnView(Part):
    """A view_submission, a block_suggestion, or block_actions in a view."""

    user: User
    view: View
    actions: list[dict[str, Any]] = []
    action_id: str = ""
    value: str | None = None


class Placed(Part):
    team: Team | None = None
    enterprise: Enterprise | None = None

    def team_of(self, user: User) -> str:
        """The workspace; the organisation where Slack names no workspace."""
        enterprise = self.enterprise.id if self.enterprise else None
        team = self.team.id if self.team else None
        return team or user.team_id or enterprise or ""


class Container(Part):
    """The message that a button is on."""

    channel_id: str = ""
    message_ts: str = ""
    thread_ts: str | None = None


class Surface(Part):
    type: str = ""


class OnMessage(Placed):
    """block_actions in a message or on an App Home."""

    user: User
    view: Surface | None = None
    channel: Channel | None = None
    container: Container = Container()
    actions: list[ActionShape] = Field(min_length=1)
    trigger_id: str = ""
    response_url: str = ""


class Shortcut(Placed):
    """A message_action."""

    user: User
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


class AnyEvent(Part):
    type: str = Field(min_length=1)


class Authorization(Part):
    """An installation of the app that an event is for."""

    user_id: str | None = None
    is_bot: bool | None = None


class EventCallback(Part):
    """The envelope of an event.

    Source: https://docs.slack.dev/apis/events-api
    """

    event_id: str = Field(min_length=1, max_length=255)
    team_id: str | None = None
    enterprise_id: str | None = None
    authorizations: list[Authorization] | None = None
    is_ext_shared_channel: bool | None = None
    """Whether people of another company read the channel of the event."""
    event: AnyEvent

    def is_by_this_bot(self, user: str | None) -> bool:
        """Whether the app itself did it, under the user id of its bot."""
        bots = (given for given in self.authorizations or () if given.is_bot is not False)
        return user is not None and any(bot.user_id == user for bot in bots)


class HomeOpened(AnyEvent):
    """app_home_opened"""

    user: str = Field(min_length=1)
    channel: str = Field(min_length=1)
    tab: str = ""


class SharedLink(Part):
    url: str


class LinkShared(AnyEvent):
    """link_shared. An organisation's install has no `source`."""

    user: str | None = None
    channel: str = ""
    message_ts: str = ""
    source: str | None = None
    links: list[SharedLink]


class MessageEvent(AnyEvent):
    """message. Which fields there are depends on the subtype."""

    channel: str = ""
    channel_type: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    user: str | None = None
    text: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    blocks: list[Block] | None = None

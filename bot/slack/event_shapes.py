"""The shapes of the Events API's payloads: only the fields that are used."""

from pydantic import Field

from bot.slack.payload_shapes import Block, Part
from bot.workspace import Workspace


class UrlVerification(Part):
    """Slack's check of the address that it sends events to.

    Source: https://docs.slack.dev/reference/events/url_verification
    """

    challenge: str = Field(min_length=1)


class AnyEvent(Part):
    type: str = Field(min_length=1)


class Authorization(Part):
    """An installation of the app that an event is for."""

    user_id: str | None = None
    is_bot: bool | None = None
    team_id: str | None = None
    enterprise_id: str | None = None


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

    def person(self, workspace: Workspace, user: str, own: str | None) -> str:
        """The id of a person of the event.

        :param own: their workspace, if the event names it
        """
        installation = next(iter(self.authorizations or ()), Authorization())
        says = installation.team_id or installation.enterprise_id or self.team_id or ""
        return workspace.person(user, own or says, says)


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
    user_team: str | None = None
    team: str | None = None
    text: str | None = None
    ts: str = ""
    thread_ts: str | None = None
    blocks: list[Block] | None = None

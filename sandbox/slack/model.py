"""The values in a workspace. They are frozen: a change puts a new value in the workspace."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Json = dict[str, Any]
DEFAULT_SCOPES = frozenset({"commands", "chat:write", "users:read", "im:history"})
DEFAULT_EVENTS = frozenset({"app_home_opened", "message.im", "app_uninstalled", "tokens_revoked"})


@dataclass(frozen=True)
class Team:
    id: str = "T0CONSTAT1"
    domain: str = "atelier"
    name: str = "Atelier"


@dataclass(frozen=True)
class App:
    """The installed app. Without App Home's `messages_tab` it cannot send direct messages, and
    without its `home_tab` it cannot publish a Home. It gets the `events` that it subscribed to.

    With `enterprise_id` it is installed for a whole organisation; its payloads then have no team.
    """

    id: str = "A0CONSTAT1"
    name: str = "constat"
    bot_id: str = "B0CONSTAT1"
    bot_user_id: str = "U0CONSTAT1"
    bot_token: str = "xoxb-sandbox-bot"
    app_token: str = "xapp-sandbox-app"
    signing_secret: str = "sandbox-signing-secret"
    verification_token: str = "sandbox-verification"
    scopes: frozenset[str] = DEFAULT_SCOPES
    messages_tab: bool = True
    home_tab: bool = True
    events: frozenset[str] = DEFAULT_EVENTS
    enterprise_id: str | None = None
    unfurl_domains: tuple[str, ...] = ()
    """The domains for whose links the app gets events."""

    def with_links(self, *domains: str) -> "App":
        """The app with the scopes and the event that unfurls of these domains need."""
        return replace(
            self,
            scopes=self.scopes | {"links:read", "links:write"},
            events=self.events | {"link_shared"},
            unfurl_domains=domains,
        )


@dataclass(frozen=True)
class User:
    """`locale` is like fr-FR, `tz` like Europe/Paris."""

    id: str
    name: str
    locale: str = "en-US"
    tz: str = "America/New_York"
    team: str = ""
    """Another workspace that the person belongs to: they came in through a shared channel."""


@dataclass(frozen=True)
class Channel:
    """A conversation. An `im` has exactly two members, and no name."""

    id: str
    name: str
    kind: Literal["public", "private", "im"] = "public"
    members: frozenset[str] = frozenset()
    is_archived: bool = False

    @property
    def name_in_payloads(self) -> str:
        """Slack hides the names of private conversations from commands and shortcuts."""
        return {"public": self.name, "private": "privategroup", "im": "directmessage"}[self.kind]


@dataclass(frozen=True)
class Message:
    """A message as stored. `text` is the text that was sent, with its escapes.

    `files` are the ids of its files. `pings` are its mentions (`<!channel>`, `<@U...>`), with those
    of later updates, although Slack notifies nobody of an update. `unfurls` says whether Slack
    would show a preview of a link: it does unless both unfurl_links and unfurl_media are off.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    thread_ts: str | None = None
    bot_id: str | None = None
    edited: str | None = None
    pings: tuple[str, ...] = ()
    unfurls: bool = False
    metadata: Json | None = None
    files: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The text without Slack's three escapes."""
        return unescape(self.text)


@dataclass(frozen=True)
class Ephemeral:
    """A message that one person sees: from a command, a response URL or chat.postEphemeral."""

    user: str
    channel: str
    ts: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    pings: tuple[str, ...] = field(default=())


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

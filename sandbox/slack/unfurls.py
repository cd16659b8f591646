"""Links that people post: the event link_shared, and chat.unfurl.

Source: https://docs.slack.dev/messaging/unfurling-links-in-messages,
https://docs.slack.dev/reference/events/link_shared and
https://docs.slack.dev/reference/methods/chat.unfurl
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sandbox.slack.blockkit import check_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.events import envelope
from sandbox.slack.form import completed
from sandbox.slack.method import Method, Methods, RateLimitedError
from sandbox.slack.model import Message, User
from sandbox.slack.workspace import Workspace, random_word

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|([^<>]*))?>")
SOURCES = ("composer", "conversations_history")
COMPOSER = "COMPOSER"
"""The value of the channel while a person still types."""


@dataclass(frozen=True)
class Shared:
    """Links for which the app got an event."""

    channel: str
    ts: str
    urls: frozenset[str]
    acknowledged: bool = False


class Unfurls:
    """The links that the app was sent, by the id of their unfurl."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._shared: dict[str, Shared] = {}
        self.previews: dict[str, Json] = {}
        """The links that were unfurled while a person typed them, by the id of the unfurl."""

    def share(self, unfurl_id: str, shared: Shared) -> None:
        self._shared[unfurl_id] = shared

    def acknowledge(self, event: Json) -> None:
        """The app acknowledged an event. Only then may it unfurl the links."""
        for unfurl_id, shared in self._shared.items():
            if (shared.channel, shared.ts) == (event["channel"], event["message_ts"]):
                self._shared[unfurl_id] = replace(shared, acknowledged=True)

    def of_id(self, unfurl_id: str) -> Shared:
        """:raises SlackError: invalid_unfurl_id"""
        if unfurl_id not in self._shared:
            raise SlackError("invalid_unfurl_id")
        return self._shared[unfurl_id]

    def of_message(self, channel: str, ts: str) -> Shared | None:
        """All links of a message that the app was sent."""
        unfurls = [
            unfurl
            for unfurl in self._shared.values()
            if (unfurl.channel, unfurl.ts) == (channel, ts)
        ]
        if not unfurls:
            return None
        urls = frozenset[str]().union(*(shared.urls for shared in unfurls))
        return Shared(channel, ts, urls, any(shared.acknowledged for shared in unfurls))


def links_in(text: str) -> Iterator[str]:
    """The links of a stored text that Slack unfurls, each as the text has it."""
    for url, label in LINK.findall(text):
        if not (label and label in url):
            yield url


def link_shared(slack: "Slack", message: Message) -> Json | None:
    """The event for a message; None when it names no link of a registered domain, or is an app's.

    Every call gives another event of the same links.
    """
    if message.bot_id is not None:
        return None
    user = slack.workspace.users[message.user]
    unfurl_id = f"{message.channel}.{message.ts}.{random_word(24).lower()}"
    channel = slack.workspace.channels[message.channel]
    more: Json = {"is_bot_user_member": slack.workspace.bot_is_in(channel)}
    if message.thread_ts:
        more |= {"thread_ts": message.thread_ts}
    return _event(slack, user, message.text, message.channel, message.ts, unfurl_id, more)


def link_composed(slack: "Slack", user: User, text: str) -> Json | None:
    """The event while a person still types. An organisation's install gets none."""
    if slack.workspace.app.enterprise_id is not None:
        return None
    unfurl_id = f"{user.id}-{random_word(32).lower()}-{random_word(8).lower()}"
    return _event(slack, user, text, COMPOSER, unfurl_id, unfurl_id, {})


def _event(
    slack: "Slack", user: User, text: str, channel: str, ts: str, unfurl_id: str, more: Json
) -> Json | None:
    app = slack.workspace.app
    links = [
        {"domain": domain, "url": url}
        for url in dict.fromkeys(links_in(text))
        if (domain := _registered(app.unfurl_domains, url))
    ]
    if not links or "link_shared" not in app.events or "links:read" not in app.scopes:
        return None
    urls = frozenset(link["url"] for link in links)
    slack.unfurls.share(unfurl_id, Shared(channel, ts, urls))
    event: Json = {
        "type": "link_shared",
        "user": user.id,
        "channel": channel,
        "message_ts": ts,
        "links": links,
        "user_locale": user.locale,
        "event_ts": slack.workspace.new_ts(),
        **more,
    }
    if app.enterprise_id is None:
        source = SOURCES[0] if channel == COMPOSER else SOURCES[1]
        event |= {"unfurl_id": unfurl_id, "source": source}
    return envelope(slack, event)


def _registered(domains: tuple[str, ...], url: str) -> str | None:
    """Slack matches by suffix, and ignores the port."""
    host = urlsplit(url).hostname or ""
    return next((name for name in domains if host == name or host.endswith(f".{name}")), None)


def unfurl(slack: "Slack", args: Json) -> Json:
    """Repeating the call replaces the unfurl of a link."""
    shared, unfurls = _target(slack, args), args.get("unfurls")
    if unfurls in (None, ""):
        raise SlackError("missing_unfurls")
    if not isinstance(unfurls, dict):
        raise SlackError("invalid_unfurls_format")
    if not shared.acknowledged:
        raise SlackError("cannot_unfurl_url")
    if not unfurls.keys() <= shared.urls:
        raise SlackError("cannot_unfurl_message")
    contents = {url: _content(content) for url, content in unfurls.items()}
    if (wait := slack.unfurl_limits.take("chat.unfurl")) > 0:
        raise RateLimitedError(wait)
    if shared.channel == COMPOSER:
        slack.unfurls.previews[shared.ts] = contents
    else:
        _attach(slack.workspace, shared, contents)
    return {}


def _target(slack: "Slack", args: Json) -> Shared:
    """The links that a call is about: by channel and ts, or by unfurl_id and source."""
    unfurl_id, source = args.get("unfurl_id"), args.get("source")
    channel, ts = args.get("channel"), args.get("ts")
    if unfurl_id or source:
        if not unfurl_id:
            raise SlackError("missing_unfurl_id")
        if not source:
            raise SlackError("missing_source")
        if source not in SOURCES:
            raise SlackError("invalid_source")
        return slack.unfurls.of_id(unfurl_id)
    if not channel:
        raise SlackError("missing_channel")
    if not ts:
        raise SlackError("missing_ts")
    if channel not in slack.workspace.channels:
        raise SlackError("cannot_find_channel")
    if ts not in slack.workspace.messages[channel]:
        raise SlackError("cannot_find_message")
    shared = slack.unfurls.of_message(channel, ts)
    if shared is None:
        raise SlackError("cannot_unfurl_url")
    return shared


TEXTS = frozenset({"text", "title", "pretext", "fallback", "author_name", "fields", "image_url"})
"""The visible fields of a legacy attachment, which needs one of them if it has no blocks."""


def _content(content: Any) -> Json:
    """An unfurl, checked and completed.

    :raises SlackError: cannot_parse_attachment or invalid_blocks
    """
    if not isinstance(content, dict) or not (content.keys() & (TEXTS | {"blocks"})):
        raise SlackError("cannot_parse_attachment")
    blocks = content.get("blocks") or []
    check_blocks(blocks)
    if any(block["type"] == "rich_text" for block in blocks):
        raise SlackError("invalid_blocks", ["[ERROR] unsupported type: rich_text"])
    return {**content, "blocks": completed(blocks)}


def _attach(workspace: Workspace, shared: Shared, contents: Json) -> None:
    message = workspace.messages[shared.channel][shared.ts]
    attachments = {
        attachment.get("app_unfurl_url", number): attachment
        for number, attachment in enumerate(message.attachments)
    }
    for url, content in contents.items():
        number = attachments[url]["id"] if url in attachments else len(attachments) + 1
        attachments[url] = {
            "id": number,
            "bot_id": workspace.app.bot_id,
            "app_id": workspace.app.id,
            "app_unfurl_url": url,
            "from_url": url,
            "is_app_unfurl": True,
            **{name: value for name, value in content.items() if name != "preview"},
        }
    workspace.put(replace(message, attachments=tuple(attachments.values())))


METHODS: Methods = {"chat.unfurl": Method(unfurl, needs="links:write")}

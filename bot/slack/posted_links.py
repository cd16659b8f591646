"""Links that somebody posted, as Slack sends them in the event `link_shared`.

Source: https://docs.slack.dev/reference/events/link_shared
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from blocks.unfurl import LINK_LIMIT
from bot.link_domains import covers
from bot.slack import payload_shapes as shapes
from bot.slack.payloads import Body, well_formed

LINK_SHARED = "link_shared"
_COMPOSER = "COMPOSER"
"""The channel of a message that is still being typed."""
_TS = re.compile(r"[0-9]{1,20}\.[0-9]{1,10}")


@dataclass(frozen=True)
class PostedLink:
    url: str
    """As Slack sent it: `chat.unfurl` takes no other form."""

    @property
    def address(self) -> str:
        """The address that the link leads to. Slack sends it with entities."""
        return unescape(self.url)


@dataclass(frozen=True)
class PostedLinks:
    """The links of one message, each once."""

    event_id: str
    channel: str
    ts: str
    links: tuple[PostedLink, ...]


def read(body: Body, domains: Collection[str]) -> PostedLinks | None:
    """:param domains: whose links are unfurled

    :returns: None when nothing is to be unfurled: the message is still being typed or the bot's
        own, another company reads the channel, or no link of it is of these domains
    :raises MalformedPayloadError: when it is no such event
    """
    with well_formed():
        envelope = shapes.EventCallback.model_validate(body)
        shared = shapes.LinkShared.model_validate(body["event"])
    is_typed = shared.source == "composer" or shared.channel == _COMPOSER
    is_posted = shared.channel and _TS.fullmatch(shared.message_ts) and not is_typed
    links = tuple(_links(shared, domains))
    is_seen_outside = envelope.is_ext_shared_channel is True
    if not (is_posted and links) or is_seen_outside or envelope.is_by_this_bot(shared.user):
        return None
    return PostedLinks(envelope.event_id, shared.channel, shared.message_ts, links)


def _links(shared: shapes.LinkShared, domains: Collection[str]) -> Iterator[PostedLink]:
    for url in dict.fromkeys(link.url for link in shared.links):
        link = PostedLink(url)
        if len(link.address) <= LINK_LIMIT and covers(domains, _host(link.address)):
            yield link


def _host(address: str) -> str:
    """The host of a web address; empty for any other text."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""

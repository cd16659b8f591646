"""How a conversation is called where a person reads it."""

from collections.abc import Mapping
from typing import Any

from blocks.mrkdwn import link
from blocks.words import Words


def mention(words: Words, channel: str, place: str | None = None) -> str:
    """A conversation's name, as mrkdwn. A direct message and a group have none.

    :param place: `direct` or `group` where Slack said so
    """
    place = _unnamed(channel, place)
    return words(f"place.{place}") if place else f"<#{channel}>"


def is_direct(channel: str) -> bool:
    """Whether it is a direct message. The bot can post only in those that it is part of."""
    return channel.startswith("D")


def why_direct(words: Words, origin: Mapping[str, Any]) -> str:
    """Why a receipt is sent to the person directly, as mrkdwn.

    :param origin: where the form was opened, as it is stored with the report
    """
    if address := origin.get("link"):
        return words("receipt.meant_for.message", place=link(str(address)))
    channel = str(origin.get("channel") or "")
    place = _unnamed(channel, origin.get("place"))
    if place or not channel:
        return words(f"receipt.meant_for.{place or 'direct'}")
    return words("receipt.meant_for.channel", place=f"<#{channel}>")


def _unnamed(channel: str, place: str | None) -> str | None:
    """`direct` or `group` for a conversation without a name."""
    return "direct" if place is None and is_direct(channel) else place

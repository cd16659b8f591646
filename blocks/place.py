"""How a conversation is called where a person reads it."""

from blocks.words import Words


def mention(words: Words, channel: str, place: str | None = None) -> str:
    """A conversation's name, as mrkdwn. A direct message and a group have none.

    :param place: `direct` or `group` where Slack said so
    """
    if place is None and channel.startswith("D"):
        place = "direct"
    return words(f"place.{place}") if place else f"<#{channel}>"

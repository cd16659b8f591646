"""The unfurl below a posted link: the listing behind it, earlier reports about it, and the button
that opens the form.

Source: https://docs.slack.dev/messaging/unfurling-links-in-messages
"""

from dataclasses import dataclass

from blocks import block_kit
from blocks.block_kit import Block
from blocks.message import OWN_UNFURL
from blocks.mrkdwn import cut, link, literal
from blocks.receipt_status import SIGNS
from blocks.rich_text import BETWEEN
from blocks.words import Words

REPORT = "report_link"
"""The action_id of the button, behind which a point and the name of the kind follow."""
CARD_LIMIT = 300
"""Characters of the card of the listing."""
LINK_LIMIT = 2000
"""Characters of a link that the button carries. A longer one is not unfurled."""


@dataclass(frozen=True)
class Reported:
    """An earlier report about the same, as it was when the link was posted."""

    state: str
    at: float
    """When it was sent, UNIX seconds."""
    subject: str
    """Its request, as plain text; may be empty."""
    thread: str | None
    """The address of its thread; None if not everybody in this channel can read that."""


def draw(words: Words, kind: str, link: str, card: str, reported: Reported | None) -> Block:
    """An unfurl, as `chat.unfurl` takes it.

    :param kind: the name of the kind whose form the button opens
    :param link: the text that fills the form, at most `LINK_LIMIT` characters
    :param card: the listing behind the link, as plain text
    """
    blocks = [block_kit.section(block_kit.plain(cut(card, CARD_LIMIT)), block_id=OWN_UNFURL)]
    if reported is not None:
        text = block_kit.mrkdwn(_reported(words, kind, reported))
        blocks.append(block_kit.context(text, block_id="reported"))
    button = block_kit.button(f"{REPORT}.{kind}", words("unfurl.report"), value=link)
    blocks.append(block_kit.actions([button], block_id="report"))
    return {"blocks": blocks}


def _reported(words: Words, kind: str, reported: Reported) -> str:
    """The earlier report and its state. A state that may change is dated."""
    key = "filed" if reported.state == "filed" else "open"
    sentence = words(
        f"{kind}.unfurl.{key}",
        at=block_kit.moment(reported.at),
        state=words.maybe(f"state.{reported.state}", reported.state),
    )
    parts = [f"{SIGNS.get(reported.state, '')} {sentence}".strip()]
    if reported.subject:
        parts.append(literal(reported.subject))
    if reported.thread:
        parts.append(link(reported.thread, words("unfurl.thread")))
    return BETWEEN.join(parts)

"""The state of a report in words, and what a person can do about it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from blocks import block_kit, receipt_photos
from blocks.mrkdwn import cut, link, literal
from blocks.person import mention
from blocks.receipt_view import ReceiptView
from blocks.rich_text import BETWEEN
from blocks.words import Words

SIGNS: Mapping[str, str] = {
    "waiting": "⏳",
    "sending": "⏳",
    "held": "✋",
    "filed": "✅",
    "refused": "❌",
    "unknown": "❓",
    "discarded": "🗑️",
}
"""By state. A sign stands beside the words, never in their place."""


def head(words: Words, receipt: ReceiptView) -> str:
    """The state in a few words, as mrkdwn."""
    sentence = _find(words, receipt, "head")
    if sentence is None:
        raise KeyError(f"no words for {receipt.state} because {receipt.cause.get('why')}")
    return sentence


def explanation(words: Words, receipt: ReceiptView) -> list[str]:
    """The cause of the state, the next step, and the state of the photos: a paragraph each, as
    mrkdwn. The only typed words in them are names of files.
    """
    paragraphs = [" ".join(_why(words, receipt))]
    if receipt.state == "unknown":
        paragraphs.append(receipt.next_step)
    paragraphs += receipt_photos.lines(words, receipt)
    return [paragraph for paragraph in paragraphs if paragraph]


def _why(words: Words, receipt: ReceiptView) -> Iterator[str]:
    is_final = receipt.state == "discarded" and "restore" not in receipt.allowed
    if sentence := _find(words, receipt, "final" if is_final else "text"):
        yield sentence
    if receipt.state == "filed":
        yield from receipt.facts.answered(words, receipt.answer, receipt.api)
    if receipt.state == "unknown":
        if receipt.cause.get("looked"):
            yield words("receipt.looked", api=receipt.api)
        yield words("receipt.not_again")
    if receipt.state == "refused":
        yield from _advice(words, receipt)


def time_of(receipt: ReceiptView) -> float | None:
    """When the report was filed, UNIX seconds; None for a report that is not."""
    if receipt.state != "filed":
        return None
    at = receipt.facts.filed_at(receipt.answer) or receipt.changed_at
    return at if 0 < at < block_kit.LAST_MOMENT else None


def headline(words: Words, receipt: ReceiptView, *, limit: int | None = None) -> str:
    """The state in a few words, with its sign and the time of filing, as mrkdwn.

    :param limit: characters of the words at most
    """
    text = head(words, receipt)
    line = f"{SIGNS[receipt.state]} *{text if limit is None else cut(text, limit)}*"
    at = time_of(receipt)
    return line if at is None else f"{line}{BETWEEN}{block_kit.moment(at)}"


def in_opener(receipt: ReceiptView) -> str:
    """The key of the opener's words for the state."""
    return f"receipt.opener.{'delayed' if receipt.is_delayed else receipt.state}"


def _find(words: Words, receipt: ReceiptView, part: str) -> str | None:
    """The sentence of this state and cause; otherwise of this state whatever the cause."""
    for why in (receipt.cause.get("why"), "plain"):
        key = f"receipt.{receipt.state}.{why}.{part}"
        if key in words.texts:
            names = words.fact_names(key)
            return words(key, **{name: _FACTS[name](receipt) for name in names})
    return None


def _decided_by(cause: Mapping[str, Any]) -> str:
    """Who took the decision, as mrkdwn: a person in Slack, or an operator with a command."""
    by = cause.get("by")
    return mention(by) if by else literal(str(cause.get("operator", "")))


_FACTS: Mapping[str, Callable[[ReceiptView], str]] = {
    "api": lambda receipt: receipt.api,
    "next_try": lambda receipt: block_kit.moment(receipt.next_try),
    "who": lambda receipt: _decided_by(receipt.cause),
    "until": lambda receipt: block_kit.moment(receipt.restorable_until),
}
"""What the sentences about a state may say. A fact is made only where a sentence says it."""


def _advice(words: Words, receipt: ReceiptView) -> Iterator[str]:
    """What to do about a refusal."""
    key = f"receipt.advice.{receipt.cause.get('status')}"
    if key in words.texts:
        yield words(key, api=receipt.api)
    if url := receipt.cause.get("url"):
        yield link(cut(str(url), 1000))

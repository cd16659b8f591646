"""The receipt: one message in a thread that says what is true of a report now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks import block_kit
from blocks.block_kit import Block, text_size
from blocks.mrkdwn import cut, escape, link, split
from blocks.receipt_facts import ReceiptFacts, Summary
from blocks.words import Words

QUOTE_LIMIT = 3000
"""Characters of one block of what a person wrote."""
TEXT_LIMIT = 2000
"""Of the text beside the blocks: what a notification and a screen reader take."""
BLOCKS_LIMIT = 10_000
"""Characters of text in all blocks. Slack refuses about 12,000; it does not document where."""
FACTS_LIMIT = 3000
"""Characters of a list of facts, so that the status and the buttons always have room."""
FACTS_MOST = 40
"""Facts in one list."""


@dataclass(frozen=True)
class ReceiptView:
    """What is true of a report now. Times are UNIX seconds."""

    number: int
    kind: str
    who: str
    api: str
    """What people call the API."""
    state: str
    cause: Mapping[str, Any]
    remote_id: str | None
    answer: Mapping[str, Any]
    created_at: float
    next_try: float
    summary: Summary
    allowed: Collection[str]
    """The action_ids of the buttons that its state allows."""
    facts: ReceiptFacts = field(default_factory=ReceiptFacts)
    version: int = 1
    """Part of block_ids: Slack keeps the state of a block whose block_id stays the same."""
    meant_for: str | None = None
    """The place where it belongs, as mrkdwn, when it is sent to the person directly instead."""


@dataclass(frozen=True)
class Message:
    """What `chat.postMessage` and `chat.update` take."""

    text: str
    blocks: list[Block]


def draw(words: Words, receipt: ReceiptView) -> Message:
    """The receipt, of at most `BLOCKS_LIMIT` characters: what is cut ends with a mark."""
    facts = (_answer_facts(words, receipt), receipt.summary.facts)
    above = [
        _heading(words, receipt),
        *(block_kit.facts(fitting(lines, FACTS_LIMIT)) for lines in facts if lines),
    ]
    below = _below(words, receipt)
    room = max(BLOCKS_LIMIT - text_size([*above, *below]), 0)
    quote = cut(receipt.summary.quote, room) if room else ""
    quotes = [block_kit.quote(part) for part in split(quote, QUOTE_LIMIT)]
    return Message(_plain_text(words, receipt), [*above, *quotes, *below])


def opener(words: Words, receipt: ReceiptView) -> Message:
    """The short message that opens a thread for the receipt of a command's report."""
    text = words(
        "receipt.opener",
        who=f"<@{receipt.who}>",
        kind=words(f"{receipt.kind}.short"),
        number=receipt.number,
    )
    return Message(text, [block_kit.section(block_kit.mrkdwn(text))])


def fitting(lines: Sequence[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """The first lines that have room. The last one is cut, with the mark of what is left out."""
    kept: list[tuple[str, str]] = []
    for label, value in lines[:FACTS_MOST]:
        left = room - len(label) - 3
        if left < 1:
            break
        kept.append((label, cut(value, left)))
        room = left - len(value)
    if len(kept) < len(lines):
        kept.append(("…", str(len(lines) - len(kept))))
    return kept


IN_ORDER = ("it_is_there", "send_again", "edit", "try_now", "discard", "undo", "restore")
"""The action_ids of the buttons that every kind's receipts have, in their order."""
_ASKED_TWICE = frozenset({"discard", "send_again", "it_is_there"})


def _heading(words: Words, receipt: ReceiptView) -> Block:
    text = f"*{_title(words, receipt)}*\n{_status(words, receipt)}"
    return block_kit.section(block_kit.mrkdwn(text))


def _title(words: Words, receipt: ReceiptView) -> str:
    return words("receipt.title", number=receipt.number, kind=words(f"{receipt.kind}.short"))


def _plain_text(words: Words, receipt: ReceiptView) -> str:
    return cut(f"{_title(words, receipt)}: {_status(words, receipt)}", TEXT_LIMIT)


def _below(words: Words, receipt: ReceiptView) -> list[Block]:
    blocks = []
    if buttons := _buttons(words, receipt):
        blocks.append(block_kit.actions(buttons, block_id=f"receipt#{receipt.version}"))
    blocks.append(block_kit.context(*(block_kit.mrkdwn(line) for line in _footer(words, receipt))))
    return blocks


def _buttons(words: Words, receipt: ReceiptView) -> list[Block]:
    """While a report is on its way for the first time, at most *Undo*."""
    allowed = set(receipt.allowed)
    if receipt.state == "waiting" and receipt.cause.get("why") not in {"unreachable", "busy"}:
        allowed &= {"undo"}
    offered = (
        *receipt.facts.buttons(receipt.cause),
        *(name for name in IN_ORDER if name in allowed),
    )
    return [
        block_kit.button(
            name,
            words(f"button.{name}"),
            value=str(receipt.number),
            style="danger" if name == "discard" else None,
            confirm=_confirm(words, name) if name in _ASKED_TWICE else None,
        )
        for name in offered
    ]


def _confirm(words: Words, name: str) -> Block:
    return block_kit.confirm(
        words(f"confirm.{name}.title"),
        words(f"confirm.{name}.text"),
        yes=words(f"button.{name}"),
        no=words("confirm.no"),
    )


def _status(words: Words, receipt: ReceiptView) -> str:
    """The one sentence that matters, as mrkdwn: nothing in it was typed by a person."""
    facts = {
        "api": receipt.api,
        "next_try": block_kit.moment(receipt.next_try),
        "setting": receipt.cause.get("setting", ""),
        "status": receipt.cause.get("status", ""),
        "remote_id": escape(cut(receipt.remote_id or "", 200)),
        "who": _decided_by(receipt.cause),
    }
    why = receipt.cause.get("why")
    for key in (f"receipt.{receipt.state}.{why}", f"receipt.{receipt.state}.plain"):
        if key in words.texts:
            sentence = words(key, **facts)
            break
    else:
        raise KeyError(f"no sentence for {receipt.state} because {why}")
    return " ".join([sentence, *_answered(words, receipt), *_advice(words, receipt)])


def _decided_by(cause: Mapping[str, Any]) -> str:
    """Who took the decision, as mrkdwn: a person in Slack, or an operator with a command."""
    by = cause.get("by")
    return f"<@{by}>" if by else escape(str(cause.get("operator", "")))


def _answered(words: Words, receipt: ReceiptView) -> Sequence[str]:
    """What the API said when it filed the report."""
    if receipt.state != "filed":
        return ()
    return receipt.facts.answered(words, receipt.answer, receipt.api)


def _advice(words: Words, receipt: ReceiptView) -> Iterator[str]:
    """What to do about a refusal, and what was looked up about a report in doubt."""
    if receipt.state == "unknown" and receipt.cause.get("looked"):
        yield words("receipt.looked", api=receipt.api)
    if receipt.state != "refused":
        return
    key = f"receipt.advice.{receipt.cause.get('status')}"
    if key in words.texts:
        yield words(key, api=receipt.api)
    if url := receipt.cause.get("url"):
        yield link(cut(str(url), 1000))


def _answer_facts(words: Words, receipt: ReceiptView) -> list[tuple[str, str]]:
    """What the API said, word for word, by field where it named fields."""
    if receipt.state not in {"refused", "held", "unknown"}:
        return []
    said = []
    if message := receipt.cause.get("message"):
        said.append((words("receipt.said", api=receipt.api), cut(str(message), 300)))
    for name, sentences in (receipt.cause.get("fields") or {}).items():
        label = words.texts.get(f"{receipt.kind}.{name.partition('.')[0]}.label", name)
        said.append((cut(str(label), 100), cut(" ".join(sentences), 300)))
    reasons = receipt.facts.reasons(words, receipt.cause)
    said += [(reason.value, reason.sentence) for reason in reasons]
    return said[:20]


def _footer(words: Words, receipt: ReceiptView) -> Iterator[str]:
    yield words("receipt.by", who=f"<@{receipt.who}>", at=block_kit.moment(receipt.created_at))
    if receipt.meant_for:
        yield words("receipt.meant_for", place=receipt.meant_for)

"""The receipt: one message in a thread that says what is true of a report now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from blocks import kit
from blocks.kit import Block
from blocks.text import cut, escape, split
from blocks.words import Words

QUOTE_LIMIT = 3000
TEXT_LIMIT = 2000
"""Of the text beside the blocks: what a notification and a screen reader take."""


@dataclass(frozen=True)
class Summary:
    """What a report says, for a receipt: short facts, and what the person wrote."""

    facts: tuple[tuple[str, str], ...]
    quote: str = ""


@dataclass(frozen=True)
class Receipt:
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
    meant_for: str | None = None
    """Where it belongs, as mrkdwn, when it is told directly instead."""


@dataclass(frozen=True)
class Message:
    """What `chat.postMessage` and `chat.update` take."""

    text: str
    blocks: list[Block]


def draw(words: Words, receipt: Receipt) -> Message:
    status = _status(words, receipt)
    title = words("receipt.title", number=receipt.number, kind=words(f"{receipt.kind}.short"))
    blocks = [kit.section(kit.mrkdwn(f"*{title}*\n{status}"))]
    blocks += [kit.facts(reasons)] if (reasons := _reasons(words, receipt)) else []
    if receipt.summary.facts:
        blocks.append(kit.facts(receipt.summary.facts))
    blocks += [kit.quote(part) for part in split(receipt.summary.quote, QUOTE_LIMIT)]
    blocks.append(kit.context(*(kit.mrkdwn(line) for line in _footer(words, receipt))))
    return Message(cut(f"{title}: {status}", TEXT_LIMIT), blocks)


def opener(words: Words, receipt: Receipt) -> Message:
    """The short message whose thread a command's report is told in."""
    text = words(
        "receipt.opener",
        who=f"<@{receipt.who}>",
        kind=words(f"{receipt.kind}.short"),
        number=receipt.number,
    )
    return Message(text, [kit.section(kit.mrkdwn(text))])


def moment(seconds: float) -> str:
    """A moment in each reader's own time zone, as mrkdwn."""
    fallback = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(seconds)}^{{date_short_pretty}} {{time}}|{fallback}>"


def _status(words: Words, receipt: Receipt) -> str:
    """The one sentence that matters, as mrkdwn: nothing in it was typed by a person."""
    facts = {
        "api": receipt.api,
        "next_try": moment(receipt.next_try),
        "setting": receipt.cause.get("setting", ""),
        "status": receipt.cause.get("status", ""),
        "remote_id": escape(receipt.remote_id or ""),
        "who": f"<@{receipt.cause.get('by', '')}>",
    }
    why = receipt.cause.get("why")
    for key in (f"receipt.{receipt.state}.{why}", f"receipt.{receipt.state}.plain"):
        if key in words.texts:
            sentence = words(key, **facts)
            break
    else:
        raise KeyError(f"no sentence for {receipt.state} because {why}")
    return " ".join([sentence, *_answered(words, receipt), *_advice(words, receipt)])


def _answered(words: Words, receipt: Receipt) -> Iterator[str]:
    """What a filed report's answer said."""
    if receipt.state != "filed":
        return
    if created := receipt.answer.get("createdAt"):
        yield words("receipt.created", at=moment(datetime.fromisoformat(created).timestamp()))
    if "nbInsertion" in receipt.answer:
        n, sent = receipt.answer["nbInsertion"], receipt.answer["sent"]
        yield words("receipt.inserted", n=n, sent=sent)
        if n < sent:
            yield words("receipt.too_few", n=n, sent=sent, api=receipt.api)


def _advice(words: Words, receipt: Receipt) -> Iterator[str]:
    """What to do about a refusal."""
    if receipt.state != "refused":
        return
    key = f"receipt.advice.{receipt.cause.get('status')}"
    if key in words.texts:
        yield words(key, api=receipt.api)
    if url := receipt.cause.get("url"):
        yield escape(str(url))


def _reasons(words: Words, receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """The API's own words, by field where it named fields. To be shown to the letter."""
    if receipt.state not in {"refused", "held", "unknown"}:
        return ()
    said = []
    if message := receipt.cause.get("message"):
        said.append((words("receipt.said", api=receipt.api), cut(str(message), 300)))
    for name, sentences in (receipt.cause.get("fields") or {}).items():
        label = words.texts.get(f"{receipt.kind}.{name.partition('.')[0]}.label", name)
        said.append((str(label), cut(" ".join(sentences), 300)))
    return tuple(said[:20])


def _footer(words: Words, receipt: Receipt) -> Iterator[str]:
    yield words("receipt.by", who=f"<@{receipt.who}>", at=moment(receipt.created_at))
    if receipt.meant_for:
        yield words("receipt.meant_for", place=receipt.meant_for)

"""The receipt: one message in a thread that says what is true of a report now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from blocks import block_kit
from blocks.block_kit import Block
from blocks.mrkdwn import cut, escape, split
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
    version: int = 1
    """Part of block_ids: Slack keeps the state of a block whose block_id stays the same."""
    meant_for: str | None = None
    """Where it belongs, as mrkdwn, when it is told directly instead."""


@dataclass(frozen=True)
class Message:
    """What `chat.postMessage` and `chat.update` take."""

    text: str
    blocks: list[Block]


def draw(words: Words, receipt: ReceiptView) -> Message:
    status = _status(words, receipt)
    title = words("receipt.title", number=receipt.number, kind=words(f"{receipt.kind}.short"))
    blocks = [block_kit.section(block_kit.mrkdwn(f"*{title}*\n{status}"))]
    blocks += [block_kit.facts(said)] if (said := _said(words, receipt)) else []
    if receipt.summary.facts:
        blocks.append(block_kit.facts(receipt.summary.facts))
    blocks += [block_kit.quote(part) for part in split(receipt.summary.quote, QUOTE_LIMIT)]
    if buttons := _buttons(words, receipt):
        blocks.append(block_kit.actions(buttons, block_id=f"receipt#{receipt.version}"))
    blocks.append(block_kit.context(*(block_kit.mrkdwn(line) for line in _footer(words, receipt))))
    return Message(cut(f"{title}: {status}", TEXT_LIMIT), blocks)


def opener(words: Words, receipt: ReceiptView) -> Message:
    """The short message whose thread a command's report is told in."""
    text = words(
        "receipt.opener",
        who=f"<@{receipt.who}>",
        kind=words(f"{receipt.kind}.short"),
        number=receipt.number,
    )
    return Message(text, [block_kit.section(block_kit.mrkdwn(text))])


OFFERED: Mapping[str, tuple[str, ...]] = {
    "waiting": ("try_now", "discard"),
    "held": ("edit", "try_now", "discard"),
    "refused": ("edit", "try_now", "discard"),
    "unknown": ("it_is_there", "send_again", "edit", "discard"),
}
"""The action_ids of the buttons that a receipt offers, by state."""
_ASKED_TWICE = frozenset({"discard", "send_again", "it_is_there"})


def _buttons(words: Words, receipt: ReceiptView) -> list[Block]:
    """None while it is on its way for the first time: there is nothing to decide."""
    if receipt.state == "waiting" and receipt.cause.get("why") not in {"unreachable", "busy"}:
        return []
    return [
        block_kit.button(
            name,
            words(f"button.{name}"),
            value=str(receipt.number),
            style="danger" if name == "discard" else None,
            confirm=_confirm(words, name) if name in _ASKED_TWICE else None,
        )
        for name in _offered(receipt)
    ]


def _offered(receipt: ReceiptView) -> tuple[str, ...]:
    """`send_without` where other targets than those that could not be read were named."""
    offered = OFFERED.get(receipt.state, ())
    return ("send_without", *offered) if receipt.cause.get("others") else offered


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
        "remote_id": escape(receipt.remote_id or ""),
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


def _answered(words: Words, receipt: ReceiptView) -> Iterator[str]:
    """What a filed report's answer said."""
    if receipt.state != "filed":
        return
    if created := receipt.answer.get("createdAt"):
        yield words(
            "receipt.created", at=block_kit.moment(datetime.fromisoformat(created).timestamp())
        )
    if "nbInsertion" in receipt.answer:
        n, sent = receipt.answer["nbInsertion"], receipt.answer["sent"]
        yield words("receipt.inserted", n=n, sent=sent)
        if n < sent:
            yield words("receipt.too_few", n=n, sent=sent, api=receipt.api)


def _advice(words: Words, receipt: ReceiptView) -> Iterator[str]:
    """What to do about a refusal, and what is known of a doubt."""
    if receipt.state == "unknown" and receipt.cause.get("looked"):
        yield words("receipt.looked", api=receipt.api)
    if receipt.state != "refused":
        return
    key = f"receipt.advice.{receipt.cause.get('status')}"
    if key in words.texts:
        yield words(key, api=receipt.api)
    if url := receipt.cause.get("url"):
        yield escape(str(url))


def _said(words: Words, receipt: ReceiptView) -> tuple[tuple[str, str], ...]:
    """The API's own words, by field where it named fields. To be shown to the letter."""
    if receipt.state not in {"refused", "held", "unknown"}:
        return ()
    said = []
    if message := receipt.cause.get("message"):
        said.append((words("receipt.said", api=receipt.api), cut(str(message), 300)))
    for name, sentences in (receipt.cause.get("fields") or {}).items():
        label = words.texts.get(f"{receipt.kind}.{name.partition('.')[0]}.label", name)
        said.append((str(label), cut(" ".join(sentences), 300)))
    said += _unread(words, receipt.cause.get("unread") or {})
    return tuple(said[:20])


def reasons(words: Words, cause: Mapping[str, Any]) -> dict[str, str]:
    """A refusal's reasons by field of the form; what names no field is under `refusal`."""
    said = {
        name.partition(".")[0]: " ".join(sentences)
        for name, sentences in (cause.get("fields") or {}).items()
    }
    if unread := cause.get("unread"):
        said["propertyIds"] = " ".join(f"{what}: {why}." for what, why in _unread(words, unread))
    if message := cause.get("message"):
        said["refusal"] = str(message)
    return said


def _unread(words: Words, unread: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What could not be looked up, and why."""
    for what, why in unread.items():
        yield cut(what, 100), words(f"listing.unread.{why}")


def _footer(words: Words, receipt: ReceiptView) -> Iterator[str]:
    yield words("receipt.by", who=f"<@{receipt.who}>", at=block_kit.moment(receipt.created_at))
    if receipt.meant_for:
        yield words("receipt.meant_for", place=receipt.meant_for)

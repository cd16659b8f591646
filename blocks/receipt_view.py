"""The present facts of a report, for its receipt, and the messages that show them."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.block_kit import Block
from blocks.person import mention
from blocks.receipt_facts import Item, ReceiptFacts, Summary, Title
from blocks.report_button import ReportButton

__all__ = ["Item", "Message", "ReceiptView", "Title"]


@dataclass(frozen=True)
class PhotoView:
    """A file that was submitted with the report."""

    name: str
    state: str
    """`waiting`, `sending`, `sent`, `refused` or `unclear`."""
    why: str = ""
    """Why it was not sent: a key of the words' `receipt.photos.why`. Empty for a photo that was
    sent, or `confirmed` if a person said so."""
    by: str = ""
    """The person who decided it; empty where nobody did."""


@dataclass(frozen=True)
class ReceiptView:
    """The present facts of a report. Times are UNIX seconds."""

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
    allowed: Collection[str]
    """The action_ids of the buttons that its state allows."""
    title: Title = field(default_factory=lambda: Title(""))
    """The report in one line."""
    summary: Summary = field(default_factory=Summary)
    facts: ReceiptFacts = field(default_factory=ReceiptFacts)
    changed_at: float = 0.0
    """Since when it is in its state."""
    restorable_until: float = 0.0
    """Until when a discarded report can be restored."""
    next_step: str = ""
    """How a person finds out whether an unknown report arrived, as mrkdwn."""
    version: int = 1
    """Part of block_ids: Slack keeps the state of a block whose block_id stays the same."""
    revision: int | None = None
    """The report's revision. A button that decides about the report carries it, so that a press is
    refused once the report has another."""
    photos: Sequence[PhotoView] = ()
    names_reporter: bool = True
    """Whether it names the reporter. It does not if an opener above it does."""
    meant_for: str | None = None
    """Why it is not where it belongs, when it is sent to the person directly instead. mrkdwn."""

    @property
    def reporter(self) -> str:
        """A mention of the person who sent the report."""
        return mention(self.who)

    @property
    def is_delayed(self) -> bool:
        """Whether it waits because the API takes nothing now."""
        return self.state == "waiting" and self.cause.get("why") in {"unreachable", "busy"}

    def button_value(self, *, decides: bool) -> str:
        """The value of a button.

        :param decides: whether a press decides about the report as the reader sees it. Other
            buttons open a form with the present facts, so every revision is right for them.
        """
        return ReportButton(self.number, self.revision if decides else None).value


@dataclass(frozen=True)
class Message:
    """What `chat.postMessage` and `chat.update` take."""

    text: str
    """The text for notifications and screen readers, as mrkdwn."""
    blocks: list[Block]

    @property
    def digest(self) -> str:
        """The same for messages that show the same."""
        content = json.dumps([self.text, self.blocks], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:16]

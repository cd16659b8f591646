"""What a receipt of `/report-issue` shows of Immoteur's answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from blocks import block_kit
from blocks.mrkdwn import cut
from blocks.receipt_facts import Reason, ReceiptFacts
from blocks.words import Words

SEND_WITHOUT = "send_without"
"""action_id of the button that sends a report without the targets that could not be read."""


class IssueReceipt(ReceiptFacts):
    def as_sent(self, payload: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The links that were looked up before it was sent are replaced by what they led to."""
        return {**payload, **answer.get("sent", {})}

    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        del api
        if not (created := answer.get("createdAt")):
            return ()
        at = datetime.fromisoformat(created).timestamp()
        if not 0 <= at < block_kit.LAST_MOMENT:
            return ()
        return (words("receipt.created", at=block_kit.moment(at)),)

    def reasons(self, words: Words, cause: Mapping[str, Any]) -> Sequence[Reason]:
        """The targets that could not be looked up, and why."""
        return [
            Reason("propertyIds", cut(target, 100), words(f"listing.unread.{why}"))
            for target, why in (cause.get("unread") or {}).items()
        ]

    def buttons(self, cause: Mapping[str, Any]) -> tuple[str, ...]:
        """`send_without` when other targets than the unreadable ones were named."""
        return (SEND_WITHOUT,) if cause.get("others") else ()

"""What a receipt of `/anomaly` shows of KARE's answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.receipt_facts import ReceiptFacts
from blocks.words import Words


class AnomalyReceipt(ReceiptFacts):
    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        """How many anomalies KARE stored, of those that were sent."""
        if "nbInsertion" not in answer:
            return ()
        n, sent = answer["nbInsertion"], answer["sent"]
        sentences = [words("receipt.inserted", n=n, sent=sent)]
        if n < sent:
            sentences.append(words("receipt.too_few", n=n, sent=sent, api=api))
        return sentences

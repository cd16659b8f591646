"""What a receipt shows of one kind of report, and of its API's answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blocks.words import Words


@dataclass(frozen=True)
class Summary:
    """What a report says, for a receipt: short facts, and what the person wrote."""

    facts: tuple[tuple[str, str], ...]
    quote: str = ""


@dataclass(frozen=True)
class Reason:
    """Why one of a report's values was refused."""

    field: str
    """The form's field that holds the value."""
    value: str
    sentence: str


class ReceiptFacts:
    """What the receipts of one kind show of its API's answers. A kind overrides what it needs."""

    def as_sent(self, payload: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The stored body, with what replaced parts of it before it was sent."""
        del answer
        return payload

    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        """Sentences about the answer to a filed report, as mrkdwn.

        :param api: what people call the API
        """
        del words, answer, api
        return ()

    def reasons(self, words: Words, cause: Mapping[str, Any]) -> Sequence[Reason]:
        """Why values were refused before they were sent."""
        del words, cause
        return ()

    def buttons(self, cause: Mapping[str, Any]) -> tuple[str, ...]:
        """action_ids of the buttons that a refusal offers beside those of every kind."""
        del cause
        return ()


def errors_by_field(words: Words, cause: Mapping[str, Any], facts: ReceiptFacts) -> dict[str, str]:
    """A refusal's reasons by field of the form. A reason that names no field is under `refusal`.

    A field without a sentence is left out.
    """
    errors: dict[str, list[str]] = {}
    for name, sentences in (cause.get("fields") or {}).items():
        errors.setdefault(name.partition(".")[0], []).extend(sentences)
    for reason in facts.reasons(words, cause):
        errors.setdefault(reason.field, []).append(f"{reason.value}: {reason.sentence}.")
    if message := cause.get("message"):
        errors.setdefault("refusal", []).append(str(message))
    texts = {name: " ".join(sentences).strip() for name, sentences in errors.items()}
    return {name: text for name, text in texts.items() if text}

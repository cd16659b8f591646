"""The facts of one kind of report, and of its API's answers, in a receipt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from blocks.rich_text import BETWEEN
from blocks.words import Words

Labels = Mapping[str, Any]
"""The names that were known when a report was sent, as its kind stored them. JSON's values."""


@dataclass(frozen=True)
class Title:
    """A report in one line: how grave, what, and where. Plain text, as people and APIs wrote it."""

    what: str
    where: str = ""
    grave: str = ""
    """Such as `Risk 3`; empty where a kind has no levels."""
    others: int = 0
    """How many more things the report says besides `what`."""

    def parts(self, words: Words) -> tuple[str, ...]:
        """How grave, what and where; only those that there are."""
        more = f" {words('receipt.more', n=self.others)}" if self.others else ""
        return tuple(part for part in (self.grave, self.what + more, self.where) if part)

    def line(self, words: Words) -> str:
        """Such as `Risk 3 · Emergency exit blocked + 11 more · École Jean Jaurès`."""
        return BETWEEN.join(self.parts(words))


@dataclass(frozen=True)
class Thing:
    """A subject of a report, on its own line."""

    name: str
    url: str | None = None
    """Where the name leads."""
    label: str = ""
    """Stands before the name."""


@dataclass(frozen=True)
class Item:
    """One of several entries of a report, such as a finding."""

    title: str
    notes: tuple[str, ...] = ()
    due: tuple[str, float] | None = None
    """The label of the date, and the date in UNIX seconds."""
    text: str = ""
    """The person's words."""


@dataclass(frozen=True)
class Summary:
    """The content of a report, for a receipt. Plain text, as people and APIs wrote it."""

    facts: tuple[tuple[str, str], ...] = ()
    """Labels and short values."""
    quote: str = ""
    """What the person wrote."""
    things: tuple[Thing, ...] = ()
    items: tuple[Item, ...] = ()
    """In the order in which they are shown. Those without room are in further messages."""

    def without(self, drop: Callable[[str], str]) -> "Summary":
        """The same with `drop` applied to everything that the person wrote at length."""
        items = tuple(replace(item, text=drop(item.text)) for item in self.items)
        return replace(self, quote=drop(self.quote), items=items)

    def shortened(self) -> "Summary":
        """The same without anything that can be long, for a message that Slack finds too long."""
        items = tuple(replace(item, text="") for item in self.items)
        quote = "…" if self.quote else ""
        return replace(self, facts=(), quote=quote, things=self.things[:3], items=items)


@dataclass(frozen=True)
class Reason:
    """Why one of a report's values was refused."""

    field: str
    """The form's field that holds the value."""
    value: str
    sentence: str


class ReceiptFacts:
    """The facts in the receipts of one kind. A kind overrides the methods that it needs."""

    def title(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Title | None:
        """A report in one line; None where the kind's name is all there is to say.

        :param payload: a stored body, of this version or an older one
        """
        del words, payload, labels
        return None

    def summary(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Summary:
        """The content of a stored body, for a receipt."""
        del words, payload, labels
        return Summary()

    def thing(self, payload: Mapping[str, Any], place: int) -> str:
        """The name of one entry of a stored body. Empty where a report has no entries.

        :param place: from 0 on
        """
        del payload, place
        return ""

    def as_sent(self, payload: Mapping[str, Any], answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """The stored body, with what replaced parts of it before it was sent."""
        del answer
        return payload

    def labels_of(self, labels: Labels, answer: Mapping[str, Any]) -> Labels:
        """The names, with those that were learned when the report was sent."""
        del answer
        return labels

    def filed_at(self, answer: Mapping[str, Any]) -> float | None:
        """The time of filing in the API's answer, UNIX seconds; None where it has none."""
        del answer
        return None

    def next_step(self, words: Words, payload: Mapping[str, Any], sent_at: float, api: str) -> str:
        """How a person finds out whether the API has a report that may have arrived, as mrkdwn.

        :param sent_at: when it was sent, UNIX seconds
        :param api: what people call the API
        """
        del payload, sent_at
        return words("receipt.next.look", api=api)

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
        errors.setdefault(reason.field, []).append(
            f"{words('receipt.label', label=reason.value)} {reason.sentence}."
        )
    if message := cause.get("message"):
        errors.setdefault("refusal", []).append(str(message))
    texts = {name: " ".join(sentences).strip() for name, sentences in errors.items()}
    return {name: text for name, text in texts.items() if text}

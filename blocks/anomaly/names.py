"""Names of sites, installations and reports, as they were known when a report was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.anomaly.options import shown
from blocks.rich_text import BETWEEN
from blocks.words import Words

Parts = Sequence[str]
"""The parts of a name, such as a site's name and its city."""

UNNAMED = "catalogue.unnamed"


@dataclass(frozen=True)
class Names:
    """Each mapping is by number, as text. An installation's key is `site/installation`."""

    sites: Mapping[str, Parts] = field(default_factory=dict)
    installations: Mapping[str, Parts] = field(default_factory=dict)
    reports: Mapping[str, Parts] = field(default_factory=dict)

    @classmethod
    def of(cls, labels: Mapping[str, Any]) -> "Names":
        """Stored names. A value of another shape counts as unknown."""
        return cls(*(_names(labels.get(name)) for name in ("sites", "installations", "reports")))

    def labels(self) -> dict[str, dict[str, list[str]]]:
        """The names as they are stored."""
        return {
            name: {number: list(parts) for number, parts in names.items()}
            for name, names in vars(self).items()
            if names
        }

    def site(self, words: Words, number: object, otherwise: str = UNNAMED) -> str:
        """The name with the number behind it.

        :param otherwise: the key of what stands where the name is unknown
        """
        return _named(words, self.sites.get(str(number)), number, otherwise)

    def installation(
        self, words: Words, site: object, number: object, otherwise: str = UNNAMED
    ) -> str:
        return _named(words, self.installations.get(f"{site}/{number}"), number, otherwise)

    def report(self, words: Words, number: object) -> str:
        return _named(words, self.reports.get(str(number)), number, UNNAMED)

    def short_site(self, words: Words, number: object) -> str:
        """The first part of the name, for a line in a channel."""
        parts = self.sites.get(str(number))
        return parts[0] if parts else words("anomaly.receipt.site", number=number)


def _names(value: Any) -> dict[str, Parts]:
    if not isinstance(value, Mapping):
        return {}
    return {
        str(number): [str(part) for part in parts]
        for number, parts in value.items()
        if isinstance(parts, list) and parts
    }


def _named(words: Words, parts: Parts | None, number: object, otherwise: str) -> str:
    if not parts:
        return words(otherwise, number=number)
    return f"{BETWEEN.join(shown(words, part) for part in parts)} ({number})"

"""The value of a button about a report: its number, and the revision that the reader sees."""

import re
from dataclasses import dataclass

_VALUE = re.compile(r"([0-9]{1,18})(?:@([0-9]{1,18}))?")


@dataclass(frozen=True)
class ReportButton:
    number: int
    revision: int | None = None
    """The report's revision when the button was drawn. None for a button that is good for every
    revision, and for a button of an earlier release."""

    @property
    def value(self) -> str:
        """The number, or `number@revision`: at most 37 of the 2,000 characters that Slack takes."""
        return str(self.number) if self.revision is None else f"{self.number}@{self.revision}"

    @classmethod
    def read(cls, value: str) -> "ReportButton | None":
        """:returns: None for a value that names no report"""
        found = _VALUE.fullmatch(value)
        if found is None:
            return None
        return cls(int(found[1]), None if found[2] is None else int(found[2]))

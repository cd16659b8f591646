"""How a new report is compared with an earlier one that names the same thing."""

from collections.abc import Mapping
from typing import Any

from blocks.words import Words


class Duplicates:
    """Any two reports of one thing are the same. A kind of report that can ask for several things
    has a class of its own.
    """

    def is_same(self, body: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Whether a stored body asks for the same.

        :param body: of a new report that shares a target with the stored one
        """
        return True

    def subject(self, words: Words, stored: Mapping[str, Any]) -> str:  # noqa: ARG002
        """The request of a stored body in a few words; may be empty."""
        return ""

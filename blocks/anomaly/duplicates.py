"""Compares a report with an earlier one of the same anomaly."""

from collections.abc import Mapping
from typing import Any

from blocks.duplicates import Duplicates
from blocks.words import Words


class AnomalyDuplicates(Duplicates):
    """Two anomalies of one title at one place are the same."""

    def subject(self, words: Words, stored: Mapping[str, Any]) -> str:
        """The titles of its anomalies. The form cuts a long list."""
        del words
        anomalies = stored.get("anomalies") or ()
        return ", ".join(str(anomaly.get("title", "")) for anomaly in anomalies)

"""The anomalies of a report in one line, for the channel and for a list of reports."""

from collections.abc import Mapping
from typing import Any

from blocks.anomaly.names import Names
from blocks.receipt_facts import Labels, Title
from blocks.words import Words


def title(words: Words, payload: Mapping[str, Any], labels: Labels) -> Title | None:
    """The gravest anomaly by its risk, title and site, and how many there are besides.

    :param payload: a stored body, of this version or an older one
    """
    anomalies = payload.get("anomalies") or ()
    if not anomalies:
        return None
    gravest = max(anomalies, key=lambda anomaly: str(anomaly.get("risk", "")))
    site = gravest.get("siteId")
    return Title(
        what=str(gravest.get("title")),
        where="" if site is None else Names.of(labels).short_site(words, site),
        grave=words("anomaly.receipt.level", risk=gravest.get("risk")),
        others=len(anomalies) - 1,
    )


def headline(words: Words, payload: Mapping[str, Any], labels: Labels) -> str:
    """Such as `Risk 3 · Emergency exit blocked + 11 more · École Jean Jaurès`."""
    line = title(words, payload, labels)
    return line.line(words) if line else ""

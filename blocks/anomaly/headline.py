"""The anomalies of a report in a few words, for a list of reports."""

from collections.abc import Mapping
from typing import Any

from blocks.words import Words


def headline(words: Words, payload: Mapping[str, Any]) -> str:
    """Such as `Risk 3: Emergency exit blocked (and 11 more)`: the gravest anomaly, by its risk and
    title, and how many there are besides.

    :param payload: a stored body, of this version or an older one
    """
    anomalies = payload.get("anomalies") or ()
    if not anomalies:
        return ""
    gravest = max(anomalies, key=lambda anomaly: str(anomaly.get("risk", "")))
    title = words("headline.anomaly", risk=gravest.get("risk"), title=gravest.get("title"))
    others = len(anomalies) - 1
    return f"{title} ({words('headline.more', n=others)})" if others else title

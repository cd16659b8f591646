"""What became of every photo: what KARE has, what the file says, and what the receipt says."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.sandbox import Sandbox
from tests.torture.submitting import Submission

ENDED = frozenset({"sent", "refused", "unclear", "asked"})
"""States of a photo that do not change by themselves any more. `asked` waits for a person."""
_COUNTED = re.compile(r"(\d+) of (\d+) photos were sent|(\d+) photos sur (\d+) ont été envoyées")


@dataclass
class PhotoFigures:
    sent: int = 0
    """Photos whose bytes KARE has."""
    twice: list[str] = field(default_factory=list)
    """Photos that KARE was told of more than once."""
    asked: int = 0
    """Photos whose anomaly a person may choose, because a clock was set between the report and the
    look into KARE's list."""
    lost: list[str] = field(default_factory=list)
    """Photos of acknowledged submissions that are not stored, or of filed ones that still wait, and
    not for a person."""
    untrue: list[str] = field(default_factory=list)
    """Photos and receipts that do not say what is."""


@dataclass(frozen=True)
class PhotosInKare:
    told: Counter[str]
    """How often KARE was told of each photo, by name without its ending."""
    titles: dict[str, str]
    """The titles of the anomalies of the photos whose bytes KARE has."""


def in_kare(sandbox: Sandbox) -> PhotosInKare:
    titles = {saved.id: str(saved.body["title"]) for saved in sandbox.kare.anomalies}
    images = sandbox.kare.images
    return PhotosInKare(
        Counter(_stem(image.image.name) for image in images.all.values()),
        {_stem(image.image.name): titles[image.anomaly_id] for image in images.stored},
    )


def count_photos(
    figures: PhotoFigures,
    kare: PhotosInKare,
    submission: Submission,
    report_state: str,
    rows: Sequence[dict[str, Any]],
    receipt: str,
) -> None:
    """Count the photos of one submission.

    :param rows: what the file holds of them
    """
    states = {
        _stem(row["name"]): "asked" if row["why"] == "choose" else str(row["state"]) for row in rows
    }
    figures.asked += list(states.values()).count("asked")
    for name in map(_stem, submission.photos):
        state, title = states.get(name), kare.titles.get(name)
        figures.sent += title is not None
        if kare.told[name] > 1:
            figures.twice.append(name)
        if state is None or (report_state == "filed" and state not in ENDED):
            figures.lost.append(f"{name}: {state}")
        if title not in {None, submission.word} or (state == "sent" and title is None):
            figures.untrue.append(f"{name}: it is {state}, and it is at {title!r}")
    if submission.photos and report_state == "filed":
        confirmed = sum(state == "sent" for state in states.values())
        if _count_in(receipt) != (confirmed, len(submission.photos)):
            figures.untrue.append(f"{submission.word}: {states}, the receipt says {receipt!r}")


def _count_in(receipt: str) -> tuple[int, int] | None:
    """How many photos of how many were sent, as a receipt says."""
    found = _COUNTED.search(receipt)
    if found is None:
        return None
    sent, total = (int(number) for number in found.groups() if number is not None)
    return sent, total


def _stem(name: str) -> str:
    return name.partition(".")[0]

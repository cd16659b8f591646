"""What became of every submission, counted from outside: the APIs, Slack, and the database."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.sandbox import Sandbox
from storage.opening import open_for_reading
from tests.torture.bots import Bots
from tests.torture.event_figures import EventFigures
from tests.torture.photo_figures import PhotoFigures, PhotosInKare, count_photos, in_kare
from tests.torture.submitting import Submission

TRUE_WORDS: Mapping[str, tuple[str, ...]] = {
    "filed": ("Filed with", "Transmis à"),
    "refused": ("Not filed", "Non transmis"),
    "unknown": ("do not know whether", "ne savons pas si"),
    "waiting": ("Saved", "Enregistré"),
    "held": ("Saved, not sent", "Enregistré, en attente"),
}
"""What a receipt says of a state: in the language of the channel, or of the person where Slack
refused the message in the channel."""
WITHOUT_THE_API = frozenset({"unknown", "refused", "waiting", "held"})
"""States in which a report need not be there."""

_LOOP_ENDED = re.compile("a loop ended; restart constat")
"""What the bot logs of it."""


@dataclass
class Figures:
    acknowledged: int = 0
    presses: int = 0
    kills: int = 0
    filed_once: int = 0
    unknown: int = 0
    """And shown as that."""
    refused: int = 0
    waiting: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    """Receipts that do not say what is."""
    failed_forms: list[str] = field(default_factory=list)
    """Presses of Send that failed while machines were upgraded one after the other."""
    too_early: list[str] = field(default_factory=list)
    """Messages in a channel above Slack's pace."""
    photos: PhotoFigures = field(default_factory=PhotoFigures)
    events: EventFigures = field(default_factory=EventFigures)
    loops_ended: int = 0
    """Loops of a bot that ended before the bot did."""
    intact: bool = True
    """Whether `constat log --verify` exits 0."""
    ended: int | None = 0
    """The exit status of the last bot, on SIGTERM."""

    @property
    def kept(self) -> bool:
        """Whether the promise was."""
        faults = self.loops_ended or any(self.faults.values())
        return self.intact and self.ended == 0 and not faults

    @property
    def faults(self) -> dict[str, list[str]]:
        """What broke the promise, by the name of the figure."""
        return {
            "lost": self.lost,
            "filed twice": self.twice,
            "receipts that are not true": [*self.untrue, *self.photos.untrue],
            "forms failed in an upgrade": self.failed_forms,
            "messages above the pace": self.too_early,
            "photos lost": self.photos.lost,
            "photos sent twice": self.photos.twice,
            "events lost": self.events.lost,
            "events worked on twice": self.events.twice,
        }

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            **_sums(self, other, but={"intact", "ended", "photos", "events"}),
            photos=PhotoFigures(**_sums(self.photos, other.photos)),
            events=EventFigures(**_sums(self.events, other.events)),
            intact=self.intact and other.intact,
            ended=self.ended or other.ended,
        )

    def lines(self) -> str:
        rows = [
            ("submissions acknowledged", self.acknowledged),
            ("presses of Send", self.presses),
            ("kills", self.kills),
            ("filed once", self.filed_once),
            ("unknown and shown", self.unknown),
            ("refused and shown", self.refused),
            ("waiting and shown", self.waiting),
            ("photos sent", self.photos.sent),
            ("photos that wait for a person's choice", self.photos.asked),
            ("events received", self.events.received),
            ("deliveries of events", self.events.deliveries),
            ("events that Slack gave up", self.events.given_up),
            ("answers repeated by a kill", self.events.repeated),
            ("previews that a kill took", self.events.unshown),
            *((name, len(faults)) for name, faults in self.faults.items()),
            ("loops that ended", self.loops_ended),
        ]
        text = "".join(f"{name:<28}{count:>7}\n" for name, count in rows)
        text += f"{'constat log --verify':<28}{'fits' if self.intact else 'BROKEN':>7}\n"
        return text + f"{'exit status on SIGTERM':<28}{self.ended!s:>7}\n"


def _sums(first: object, second: object, *, but: Collection[str] = ()) -> dict[str, Any]:
    """The sums of the fields of two figures."""
    return {
        name: value + getattr(second, name)
        for name, value in vars(first).items()
        if name not in but
    }


def counted(sandbox: Sandbox, bots: Bots, submissions: Iterable[Submission]) -> Figures:
    """Count, once all has settled."""
    figures = Figures(loops_ended=len(_LOOP_ENDED.findall(bots.log.read_text("utf-8"))))
    there, known, photos_in_kare = _there(sandbox), _known(bots), in_kare(sandbox)
    for sent in submissions:
        figures.presses += sent.presses
        copies = there[sent.word]
        if copies > 1:
            figures.twice.append(sent.word)
        rows = known.get(sent.word, [])
        if sent.acknowledged:
            figures.acknowledged += 1
            _judge(figures, sandbox, sent, copies, rows)
            if len(rows) == 1:
                _judge_photos(figures, sandbox, photos_in_kare, sent, rows[0])
    return figures


def _judge_photos(
    figures: Figures,
    sandbox: Sandbox,
    photos_in_kare: PhotosInKare,
    sent: Submission,
    row: Mapping[str, Any],
) -> None:
    photos, receipt = row["photos"], _told(sandbox, row)
    count_photos(figures.photos, photos_in_kare, sent, row["state"], photos, receipt)


def _judge(
    figures: Figures, sandbox: Sandbox, sent: Submission, copies: int, rows: list[dict[str, Any]]
) -> None:
    """:param rows: what the file holds of it; one, if all is well"""
    states = [row["state"] for row in rows]
    if copies == 0 and not set(states) & WITHOUT_THE_API:
        figures.lost.append(sent.word)
    if len(rows) != 1 or not _fits(states[0], copies):
        figures.untrue.append(f"{sent.word}: {copies} there, {states} here")
        return
    text = _told(sandbox, rows[0])
    if not any(words in text for words in TRUE_WORDS[states[0]]):
        figures.untrue.append(f"{sent.word}: it is {states[0]}, and the receipt says {text!r}")
        return
    figures.filed_once += states[0] == "filed" and copies == 1
    figures.unknown += states[0] == "unknown"
    figures.refused += states[0] == "refused"
    figures.waiting += states[0] in {"waiting", "held"}


def _fits(state: str, copies: int) -> bool:
    """Whether a state is true of what the API saved."""
    return state == "unknown" or (state == "filed") == (copies > 0)


def _there(sandbox: Sandbox) -> Counter[str]:
    """How often the APIs saved each word."""
    issues = (issue.body["comment"] for issue in sandbox.immoteur.issues)
    return Counter([*issues, *(saved.body["title"] for saved in sandbox.kare.anomalies)])


def _known(bots: Bots) -> dict[str, list[dict[str, Any]]]:
    """What the file holds, by word."""
    known: dict[str, list[dict[str, Any]]] = {}
    db = open_for_reading(bots.db)
    try:
        photos: dict[int, list[dict[str, Any]]] = {}
        for row in db.execute("select number, name, state, cause from photos"):
            facts = {"why": json.loads(row["cause"] or "{}").get("why"), **dict(row)}
            photos.setdefault(row["number"], []).append(facts)
        for row in db.execute(
            "select number, state, payload, channel, ts"
            " from reports left join receipts using (number)"
        ):
            payload = json.loads(row["payload"])
            word = payload.get("comment") or payload["anomalies"][0]["title"]
            known.setdefault(word, []).append(
                {**dict(row), "photos": photos.get(row["number"], [])}
            )
    finally:
        db.close()
    return known


def _told(sandbox: Sandbox, row: Mapping[str, Any]) -> str:
    message = sandbox.slack.workspace.messages[row["channel"]].get(row["ts"] or "")
    return message.text if message else ""

"""What two machines remember of the reports that they send, and what is right for each report."""

from dataclasses import dataclass, field

from storage.reports import Change, NewReport, Report
from storage.states import Action, State

T0 = 1_800_000_000.0
APART = 10.0
"""Seconds between the two clocks. A bot does not start if its clock is more than 5 seconds apart
from that of the server."""
NEW = NewReport("key", "kind", "api", "U1", origin={}, payload={"words": "x"})

OUTCOMES = {
    "filed": (Change(State.FILED, {"why": "answered"}, remote_id="1", answer={}), True),
    "wait": (Change(State.WAITING, {"why": "busy"}), False),
    "refused": (Change(State.REFUSED, {"why": "refused"}), False),
    "unknown": (Change(State.UNKNOWN, {"why": "cut"}), True),
    "lost": (Change(State.UNKNOWN, {"why": "cut"}), False),
}
"""How a send may end, and whether the API has the report then."""
DECISIONS = {
    Action.SEND_AGAIN: Change(State.WAITING, {"why": "again"}, who="U1"),
    Action.DISCARD: Change(State.DISCARDED, {"why": "discarded"}, who="U1"),
    Action.IT_IS_THERE: Change(State.FILED, {"why": "there"}, who="U1"),
}
DECIDED = (State.UNKNOWN, State.REFUSED)
"""The states in which a person decides here."""
OPEN = (State.WAITING, State.SENDING, *DECIDED)
"""One report is open at a time, so that the owners always meet at the same one."""


@dataclass(eq=False)
class Claimed:
    """A claim in an owner's memory. Times are UNIX seconds by the true clock."""

    number: int
    attempt: int
    owner: str
    at: float
    renewed_at: float
    end: Change | None = None
    """How its send ends; None before it began."""


@dataclass(eq=False)
class Look:
    """The API was asked for an unknown report, and the answer is not stored yet."""

    report: Report
    is_found: bool


@dataclass
class Machine:
    """A machine. It runs one owner after the other."""

    name: str
    offset: float
    """Seconds by which its clock is ahead."""
    starts: int = 1
    claims: list[Claimed] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    @property
    def owner(self) -> str:
        return f"{self.name}/{self.starts}"

    def is_dead(self, owner: str) -> bool:
        """Only the ends of this machine's own owners are known."""
        name, _, starts = owner.partition("/")
        return name == self.name and int(starts) < self.starts


@dataclass
class Expected:
    """What is right for one report."""

    state: State = State.WAITING
    may_send: bool = True
    """Whether nobody has sent it since it was stored, came back, or a person had it sent again."""
    claim: Claimed | None = None
    """The claim whose outcome still counts."""
    has_arrived: bool = False

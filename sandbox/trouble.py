"""What can go wrong between a caller and an API, and when: pure questions, answered in order.

A stand-in has its `Trouble` at `.trouble`; the door before its handlers (door.py) carries it out.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ABORTS = frozenset({"down", "cut", "cut_before"})
STATUSES = frozenset({400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504})
KINDS = (
    ABORTS | {"slow", "slow_after", "hang", "html", "empty", "nonsense"} | set(map(str, STATUSES))
)
SAVES = frozenset({"cut", "slow", "slow_after", "empty", "nonsense"})
WAITS = {"slow": 2.0, "slow_after": 2.0, "hang": 60.0}


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, by kind.

    down         the connection is aborted; the body is not read, nothing is done
    cut_before   the body is read, nothing is done, the connection is aborted
    cut          the request is carried out, then the connection is aborted without an answer
    slow         `seconds` pass, then the request is carried out, even if the caller has left
    slow_after   the request is carried out, then `seconds` pass before the answer
    hang         no answer for `seconds`, then the connection is aborted
    html         200 with a page
    empty        201 without a body
    nonsense     201 with JSON that the API never answers
    400 … 504    that status, in the API's own shape; 429 and 503 carry `retry_after` unless None

    `saved` says whether the request is carried out, where the kind leaves it open: hang, html and
    the statuses do not by default. A request that the API would refuse gets its refusal from html,
    empty and nonsense, so that they never hide one.
    """

    kind: str
    seconds: float | None = None
    saved: bool | None = None
    retry_after: int | None = 30

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"no such trouble: {self.kind!r}; there are {', '.join(sorted(KINDS))}"
            )
        if self.saved is not None and self.kind in SAVES | {"down", "cut_before"}:
            raise ValueError(f"{self.kind!r} itself says whether the request is carried out")

    @property
    def carries_out(self) -> bool:
        return self.kind in SAVES if self.saved is None else self.saved

    @property
    def wait(self) -> float:
        return WAITS.get(self.kind, 0.0) if self.seconds is None else self.seconds


@dataclass
class _Rule:
    on: str
    shares: list[tuple[Fault, float]]
    left: int | None = None
    rng: random.Random = field(default_factory=lambda: random.Random(0))

    def matches(self, call: str) -> bool:
        method, _, path = self.on.partition(" ")
        called, _, at = call.partition(" ")
        return method in {"*", called} and at.startswith(path) and self.left != 0

    def draw(self) -> Fault | None:
        if self.left is not None:
            self.left -= 1
        drawn = self.rng.random()
        for fault, share in self.shares:
            drawn -= share
            if drawn < 0:
                return fault
        return None


class Trouble:
    """The faults switched on for one API; the rule set last is asked first.

    `on` is a method and the beginning of a path below the API's base url, such as "GET /auth";
    "* /" is every request. Left out, it is the request that files a report.
    """

    def __init__(self, filing: str) -> None:
        self._filing = filing
        self._rules: list[_Rule] = []

    def always(self, fault: Fault | str | int, *, on: str | None = None) -> None:
        """Until `stop`."""
        self._add([(_fault(fault), 1.0)], on=on)

    def next(self, times: int, fault: Fault | str | int, *, on: str | None = None) -> None:
        """For the next `times` requests, before whatever was set earlier."""
        self._add([(_fault(fault), 1.0)], on=on, left=times)

    def mix(
        self,
        shares: Mapping[Any, float],
        *,
        seed: int = 0,
        on: str | None = None,
    ) -> None:
        """Draw for each request: a share of 1 to each fault, and what is left over goes well."""
        if sum(shares.values()) > 1.000001:
            raise ValueError("the shares of a mix add up to more than 1")
        drawn = [(_fault(fault), share) for fault, share in shares.items()]
        self._add(drawn, on=on, rng=random.Random(seed))

    def stop(self) -> None:
        """All goes well again; requests already in trouble stay in it."""
        self._rules.clear()

    def pick(self, method: str, path: str) -> Fault | None:
        """The fault for this request, which counts as one of a rule's `times`."""
        for rule in self._rules:
            if rule.matches(f"{method} {path}"):
                return rule.draw()
        return None

    def _add(
        self,
        shares: list[tuple[Fault, float]],
        *,
        on: str | None,
        left: int | None = None,
        rng: random.Random | None = None,
    ) -> None:
        rule = _Rule(on or self._filing, shares, left, rng or random.Random(0))
        self._rules.insert(0, rule)


def _fault(fault: Fault | str | int) -> Fault:
    return fault if isinstance(fault, Fault) else Fault(str(fault))

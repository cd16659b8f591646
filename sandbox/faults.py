"""Faults that a caller of an API can be made to meet, and the rules that choose one for a request.

`Immoteur.faults` and `Kare.faults` are an `ApiFaults` each. fault_middleware.py carries them out.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ABORTS = frozenset({"down", "cut", "cut_before"})
STATUSES = frozenset({400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504})
KINDS = (
    ABORTS
    | {"slow", "slow_after", "hang", "html", "empty", "nonsense", "answer"}
    | set(map(str, STATUSES))
)
SAVES = frozenset({"cut", "slow", "slow_after", "empty", "nonsense"})
WAITS = {"slow": 2.0, "slow_after": 2.0, "hang": 60.0}


@dataclass(frozen=True)
class Answer:
    """A response that the API itself never gives."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ApiFault:
    """One fault, named by its kind.

    down         the connection is aborted; the body is not read, the request is not carried out
    cut_before   the body is read, the request is not carried out, the connection is aborted
    cut          the request is carried out, then the connection is aborted without an answer
    slow         `seconds` pass, then the request is carried out, even if the caller has left
    slow_after   the request is carried out, then `seconds` pass before the answer
    hang         no answer for `seconds`, then the connection is aborted
    html         200 with an HTML page
    empty        201 without a body
    nonsense     201 with JSON that the API never answers
    answer       `answer`, byte for byte
    400 … 504    that status, in the API's own shape; 429 and 503 carry `retry_after` unless None

    `saved` says whether the request is carried out, for the kinds that leave it open: hang, html,
    answer and the statuses do not carry it out by default. A request that the API would refuse gets
    its refusal even from html, empty, nonsense and answer, so that a fault never hides a refusal.

    :raises ValueError: for an unknown kind, `saved` with a kind that does not leave it open, or the
        kind answer without an `answer`
    """

    kind: str
    seconds: float | None = None
    saved: bool | None = None
    retry_after: int | None = 30
    answer: Answer | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind!r}; there are {', '.join(sorted(KINDS))}")
        if self.saved is not None and self.kind in SAVES | {"down", "cut_before"}:
            raise ValueError(f"{self.kind!r} itself says whether the request is carried out")
        if (self.kind == "answer") != (self.answer is not None):
            raise ValueError("an answer belongs to the kind 'answer', and to no other")

    @property
    def carries_out(self) -> bool:
        return self.kind in SAVES if self.saved is None else self.saved

    @property
    def wait(self) -> float:
        """Seconds."""
        return WAITS.get(self.kind, 0.0) if self.seconds is None else self.seconds


@dataclass
class _Rule:
    """Faults with their shares for some requests. `left` is None where the rule has no end."""

    on: str
    shares: list[tuple[ApiFault, float]]
    left: int | None = None
    rng: random.Random = field(default_factory=lambda: random.Random(0))

    def matches(self, method: str, path: str) -> bool:
        rule_method, _, prefix = self.on.partition(" ")
        return rule_method in {"*", method} and path.startswith(prefix) and self.left != 0

    def draw(self) -> ApiFault | None:
        """A fault by its share; counts one request of `left`."""
        if self.left is not None:
            self.left -= 1
        number = self.rng.random()
        for fault, share in self.shares:
            number -= share
            if number < 0:
                return fault
        return None


class ApiFaults:
    """The faults that are switched on for one API. The newest rule that matches decides.

    `on` is a method and the beginning of a path below the API's base url, such as "GET /auth";
    "* /" is every request. By default a rule is for the request that files a report.
    """

    def __init__(self, filing: str) -> None:
        self._filing = filing
        self._rules: list[_Rule] = []

    def always(self, fault: ApiFault | str | int, *, on: str | None = None) -> None:
        """Until `stop`."""
        self._add([(_fault(fault), 1.0)], on=on)

    def next(self, times: int, fault: ApiFault | str | int, *, on: str | None = None) -> None:
        """For the next `times` requests, before any older rule."""
        self._add([(_fault(fault), 1.0)], on=on, left=times)

    def mix(
        self,
        shares: Mapping[Any, float],
        *,
        seed: int = 0,
        on: str | None = None,
    ) -> None:
        """Draw a fault for each request. The shares are of 1; the rest of 1 meets no fault.

        :raises ValueError: when the shares add up to more than 1
        """
        if sum(shares.values()) > 1.000001:
            raise ValueError("the shares of a mix add up to more than 1")
        faults = [(_fault(fault), share) for fault, share in shares.items()]
        self._add(faults, on=on, rng=random.Random(seed))

    def stop(self) -> None:
        """Remove every rule. A request that met its fault already is not helped."""
        self._rules.clear()

    def pick(self, method: str, path: str) -> ApiFault | None:
        """The fault for this request. The request counts as one of the rule's `times`."""
        for rule in self._rules:
            if rule.matches(method, path):
                return rule.draw()
        return None

    def _add(
        self,
        shares: list[tuple[ApiFault, float]],
        *,
        on: str | None,
        left: int | None = None,
        rng: random.Random | None = None,
    ) -> None:
        rule = _Rule(on or self._filing, shares, left, rng or random.Random(0))
        self._rules.insert(0, rule)


def _fault(fault: ApiFault | str | int) -> ApiFault:
    return fault if isinstance(fault, ApiFault) else ApiFault(str(fault))

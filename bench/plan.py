"""How much is measured."""

from dataclasses import dataclass

GROUPS = ("ack", "own", "drain", "block", "memory", "growth", "home", "ask", "postgres")
"""What can be asked for alone: acknowledging; our own time before a request leaves; the drain; the
event loop; memory; the same with a full file; the Home of a person with many reports; the
operator's questions to a file with as many; and one and two bots on PostgreSQL, beside a bot on a
file."""


@dataclass(frozen=True)
class Plan:
    rounds: int = 3
    seconds: float = 2.0
    """For each rate."""
    only: frozenset[str] = frozenset(GROUPS)
    reactions: int = 50
    """Single requests of each kind in a round."""
    waiting: int = 3_000
    """Reports that are drained."""
    stored: int = 1_000_000
    """Reports in the full file."""
    stored_in_postgres: int = 200_000
    """Reports in the full database."""
    remembered: int = 10_000
    """Submissions between two looks at the memory."""
    homes: int = 100_000
    """Reports in the file whose reporter opens their Home, and which answers the operator."""
    openings: int = 20
    """Openings of that Home. constat publishes about 30 Homes at once, and then waits."""
    node: bool = True

    def has(self, group: str) -> bool:
        return group in self.only


QUICK = Plan(
    rounds=2,
    seconds=0.3,
    only=frozenset({"ack", "own", "drain", "home"}),
    reactions=10,
    waiting=100,
    stored=10_000,
    stored_in_postgres=2_000,
    remembered=500,
    homes=2_000,
    openings=8,
    node=False,
)
"""A few seconds, for ratios with a wide margin."""

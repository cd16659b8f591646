"""The states of a report, each with what it promises to the person who filed it."""

from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    """Stored, not sent, and it will be sent without anybody doing anything."""

    SENDING = "sending"
    """One process, the owner, is sending it now; nobody else will."""

    HELD = "held"
    """Stored, not sent: the API takes nothing from us until somebody renews a setting."""

    FILED = "filed"
    """The API took it, and said so, or a person who looked did."""

    REFUSED = "refused"
    """The API said no and kept nothing: it is not sent again unless a person says so."""

    UNKNOWN = "unknown"
    """It was sent and the answer never came: it is not sent again unless a person says so."""

    DISCARDED = "discarded"
    """A person gave it up; its text stays here."""


OPEN = frozenset({State.WAITING, State.SENDING, State.HELD})
"""States that end by themselves."""

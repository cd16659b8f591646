"""The states of a report: for each, the promise to its reporter, and the actions that a person may
take.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    WAITING = "waiting"
    """The report is stored and not sent. It will be sent without anybody doing anything."""

    SENDING = "sending"
    """One process, the owner, is sending the report. No other process sends it."""

    HELD = "held"
    """The report is stored and not sent. The API refuses our token until an operator renews it."""

    FILED = "filed"
    """The API confirmed that it has the report, or a person who looked there did."""

    REFUSED = "refused"
    """The API refused the report and kept nothing. Only a person can have it sent again."""

    UNKNOWN = "unknown"
    """The report was sent, and no answer came. Only a person can have it sent again."""

    DISCARDED = "discarded"
    """A person gave the report up. Its text stays stored."""


class Action(StrEnum):
    """A person's decisions about a report. Each is the action_id of a button."""

    EDIT = "edit"
    """Change the report, and send it."""
    TRY_NOW = "try_now"
    """Send the report at once."""
    SEND_AGAIN = "send_again"
    """Send the report, although it may have arrived."""
    IT_IS_THERE = "it_is_there"
    """The person has found the report in the API."""
    DISCARD = "discard"
    """Give the report up."""
    UNDO = "undo"
    """Give the report up before it is sent for the first time."""
    RESTORE = "restore"
    """Take a discarded report back, in the state that it had."""


ALLOWED: Mapping[State, frozenset[Action]] = MappingProxyType(
    {
        State.WAITING: frozenset({Action.TRY_NOW, Action.DISCARD, Action.UNDO}),
        State.SENDING: frozenset(),
        State.HELD: frozenset({Action.EDIT, Action.TRY_NOW, Action.DISCARD}),
        State.FILED: frozenset(),
        State.REFUSED: frozenset({Action.EDIT, Action.TRY_NOW, Action.DISCARD}),
        State.UNKNOWN: frozenset(
            {Action.EDIT, Action.SEND_AGAIN, Action.IT_IS_THERE, Action.DISCARD}
        ),
        State.DISCARDED: frozenset({Action.RESTORE}),
    }
)
"""The actions that a person may take in each state. Buttons, listeners and storage obey it.

`UNDO` and `RESTORE` have a limit of time besides: see `storage.undo`.
"""


def states_allowing(action: Action) -> frozenset[State]:
    return frozenset(state for state, actions in ALLOWED.items() if action in actions)

"""One table says what a person may do in a state; the buttons and the listeners obey it."""

import pytest

from blocks.receipt import OFFERED
from bot.listeners.receipt_actions import DECISIONS
from storage.states import ALLOWED, Action, State


@pytest.mark.parametrize("state", list(State))
def test_a_receipt_offers_what_is_allowed_in_its_state(state: State) -> None:
    # This button is offered beside the others, where the cause names what could not be read.
    allowed = ALLOWED[state] - {Action.SEND_WITHOUT}
    assert set(OFFERED.get(state, ())) == allowed


def test_every_action_has_a_listener() -> None:
    assert DECISIONS.keys() == set(Action) - {Action.EDIT, Action.SEND_WITHOUT}

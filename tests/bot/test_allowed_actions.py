"""One table says what a person may do in a state; the buttons and the listeners obey it."""

from blocks.receipt import IN_ORDER
from bot.listeners.receipt_actions import DECISIONS
from storage.states import Action


def test_a_receipt_has_a_button_for_every_action() -> None:
    assert set(IN_ORDER) == set(Action)


def test_every_action_has_a_listener() -> None:
    with_their_own = {Action.EDIT, Action.UNDO, Action.RESTORE}
    assert DECISIONS.keys() == set(Action) - with_their_own

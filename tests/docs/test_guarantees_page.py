"""docs/guarantees.md has every state, and the buttons of each."""

import re

from blocks.receipt import IN_ORDER, buttons
from blocks.words import words
from storage.states import State
from tests.blocks.receipt_gallery import causes, view
from tests.docs.pages import rows

PAGE = "docs/guarantees.md"


def test_the_table_has_every_state_in_its_order() -> None:
    assert [row[0].strip("`") for row in rows(PAGE, "States")] == [str(state) for state in State]


def drawn(state: State) -> list[str]:
    """The buttons that receipts in this state have, whatever the cause, as they are labelled."""
    found: dict[str, str] = {}
    for cause in ({}, *causes(state)):
        receipt = view(words("en"), "anomaly", state, cause)
        found |= {str(b["action_id"]): b["text"]["text"] for b in buttons(words("en"), receipt)}
    return [found[name] for name in IN_ORDER if name in found]


def test_the_table_has_the_buttons_of_every_state() -> None:
    shown = {row[0].strip("`"): re.findall(r"\*([\w ]+)\*", row[2]) for row in rows(PAGE, "States")}
    assert shown == {str(state): drawn(state) for state in State}


def test_the_first_try_of_a_refused_report_is_that_of_its_receipt() -> None:
    assert "Send unchanged" in drawn(State.REFUSED)
    assert "Try now" not in drawn(State.REFUSED)

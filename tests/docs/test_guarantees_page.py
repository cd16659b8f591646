"""docs/guarantees.md has every state, and the buttons of each."""

import re

from blocks.receipt import IN_ORDER
from blocks.words import words
from storage.states import ALLOWED, State
from tests.docs.pages import rows

PAGE = "docs/guarantees.md"


def test_the_table_has_every_state_in_its_order() -> None:
    assert [row[0].strip("`") for row in rows(PAGE, "States")] == [str(state) for state in State]


def test_the_table_has_the_buttons_of_every_state() -> None:
    shown = {row[0].strip("`"): re.findall(r"\*([\w ]+)\*", row[2]) for row in rows(PAGE, "States")}
    english = words("en")
    drawn = {
        str(state): [english(f"button.{name}") for name in IN_ORDER if name in ALLOWED[state]]
        for state in State
    }
    assert shown == drawn

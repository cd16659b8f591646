"""What is wrong in a form is said in one round: Slack names what is blank when it is sent, and what
is filled in wrongly is on screen by then.
"""

import time

import pytest

from sandbox.slack import Person, ViewOnScreen
from tests.bot.anomalies import add, opened
from tests.bot.listings import found
from tests.world import World

DAY = 86_400
OWN = {"technicalInstallationId", "risk", "title", "description"}
"""The fields that every finding has."""


def optional(view: ViewOnScreen) -> set[str]:
    """The fields that Slack labels "(optional)"."""
    inputs = [block for block in view.blocks if block["type"] == "input"]
    return {block["element"]["action_id"] for block in inputs if block.get("optional")}


def required(view: ViewOnScreen) -> set[str]:
    return set(view.fields) - optional(view)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("twelve", "This is neither a link nor an id"),
        ("http://localhost/annonces/1", "This is not the link of a public web page"),
        (f"https://www.pap.fr/annonces/{'a' * 2100}", "This link is longer than 2,048 characters"),
    ],
)
async def test_a_wrong_link_is_named_while_other_fields_are_still_blank(
    bot: World, bob: Person, typed: str, sentence: str
) -> None:
    await found(bob, "")
    await bob.type("propertyIds", typed)
    view = await bob.until(lambda view: sentence in view.text())
    assert view.value("issueFacets") == []
    await bob.type("propertyIds", "5f0c2d1e-8a4b-1c3d-9e2f-0000000000a1")
    await bob.until(lambda view: sentence not in view.text())
    assert bot.sandbox.immoteur.issues == []


@pytest.mark.parametrize(("date", "sentence"), [(-DAY, "This date is in the past")])
async def test_a_wrong_date_is_named_while_other_fields_are_still_blank(
    bot: World, bob: Person, date: int, sentence: str
) -> None:
    await opened(bob)
    await bob.choose("risk", "2")
    await bob.until(lambda view: "dueAt" in view.fields)
    await bob.pick_date("dueAt", int(time.time()) + date)
    view = await bob.until(lambda view: sentence in view.text())
    assert view.value("title") is None
    assert bot.sandbox.kare.anomalies == []


async def test_the_fields_of_the_next_finding_are_optional_only_while_nothing_is_typed(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    assert required(await bob.view()) >= OWN
    before = await add(bob, "Exit blocked")
    assert optional(before) >= OWN
    await bob.type("title", "Lamp out")
    await bob.until(lambda view: required(view) >= OWN)
    await bob.type("title", "")
    await bob.until(lambda view: optional(view) >= OWN)
    await bob.submit()
    await bot.state(1, "filed")


async def test_what_a_risk_asks_of_the_place_is_said_for_every_finding(
    bot: World, bob: Person
) -> None:
    sentence = "Give the floor, the room, or both."
    await opened(bob)
    await bob.choose("risk", "3")
    await bob.until(lambda view: sentence in view.text())
    await bob.choose("risk", "0")
    await add(bob, "Exit blocked")
    await bob.choose("risk", "3")
    await bob.until(lambda view: sentence in view.text())
    assert bot.sandbox.kare.anomalies == []

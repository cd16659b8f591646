"""What a choice takes off a form comes back with the choice before it: a finger slips easily."""

import time
from typing import Any

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, SECURITE
from sandbox.slack.view_on_screen import ViewOnScreen
from tests.world import ID, World

DAY = 86_400
HIDDEN_BY_RISK_0 = ("dueAt", "location.floor", "location.room")


async def at_risk(person: Person, risk: str, *, shows: bool) -> ViewOnScreen:
    await person.choose("risk", risk)
    return await person.until(
        lambda view: view.value("risk") == risk and ("dueAt" in view.fields) is shows
    )


def answers(view: ViewOnScreen) -> dict[str, Any]:
    return {name: view.value(name) for name in HIDDEN_BY_RISK_0}


async def anomaly(person: Person) -> None:
    await person.command("/anomaly", "1204 Exit blocked", channel=SECURITE)
    await person.until(lambda view: view.callback_id == "anomaly")
    await person.type("siteId", "31")
    await person.type("technicalInstallationId", "7")
    await person.type("description", "Boxes before the door")


async def test_date_and_place_come_back_with_the_risk_that_asks_for_them(
    bot: World, bob: Person
) -> None:
    due = int(time.time()) // DAY * DAY + 26 * DAY
    await anomaly(bob)
    await at_risk(bob, "3", shows=True)
    await bob.pick_date("dueAt", due)
    await bob.type("location.floor", "basement −1")
    await at_risk(bob, "0", shows=False)
    view = await at_risk(bob, "3", shows=True)
    assert answers(view) == {
        "dueAt": due,
        "location.floor": "basement −1",
        "location.room": None,
    }
    await bob.submit()
    await bot.until(lambda: bot.sandbox.kare.anomalies)
    body = bot.sandbox.kare.anomalies[0].body
    assert (body["risk"], body["location"]) == (3, {"floor": "basement −1"})


async def test_they_come_back_after_other_choices_too(bot: World, bob: Person) -> None:
    await anomaly(bob)
    await at_risk(bob, "2", shows=True)
    await bob.type("location.room", "204")
    await at_risk(bob, "0", shows=False)
    await bob.type("title", "Exit blocked by boxes")
    await bob.choose("risk", "0")
    view = await at_risk(bob, "1", shows=True)
    assert answers(view)["location.room"] == "204"


async def test_a_date_that_nobody_chose_does_not_come_back(bot: World, bob: Person) -> None:
    await anomaly(bob)
    await at_risk(bob, "3", shows=True)
    await at_risk(bob, "0", shows=False)
    view = await at_risk(bob, "2", shows=True)
    assert answers(view)["dueAt"] is None


async def test_the_next_finding_has_no_place_of_the_one_before(bot: World, bob: Person) -> None:
    await anomaly(bob)
    await at_risk(bob, "2", shows=True)
    await bob.type("location.room", "204")
    await at_risk(bob, "0", shows=False)
    await bob.click("add_anomaly")
    await bob.until(lambda view: not view.value("title"))
    view = await at_risk(bob, "1", shows=True)
    assert answers(view)["location.room"] is None


async def test_what_is_wrong_comes_back_with_the_kind_of_issue(bot: World, bob: Person) -> None:
    await bob.command("/report-issue", ID, channel=ANNONCES)
    await bob.until(lambda view: view.callback_id == "report_issue")
    await bob.choose("issueFacets", ["price", "link"])
    await bob.choose("issueKind", "clustering")
    await bob.until(lambda view: "clusteringAction" in view.fields)
    await bob.choose("clusteringAction", "merge")
    await bob.choose("issueKind", "data")
    view = await bob.until(lambda view: "issueFacets" in view.fields)
    assert view.value("issueFacets") == ["price", "link"]
    await bob.choose("issueKind", "clustering")
    view = await bob.until(lambda view: "clusteringAction" in view.fields)
    assert view.value("clusteringAction") == "merge"

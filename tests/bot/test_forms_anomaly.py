"""/anomaly on a person's screen: each risk asks for what the config says, and sends just that."""

import time
from pathlib import Path

import pytest

from blocks.anomaly.risk import Risk
from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import BOB, SECURITE
from tests.world import FAST, World, world

ALWAYS = ["reportId", "siteId", "technicalInstallationId", "risk", "title", "description"]
PLACE = ["location.floor", "location.room"]
DAY = 86_400
ANOMALY = {
    "title": "Exit blocked",
    "description": "Boxes before the door",
    "technicalInstallationId": 7,
    "siteId": 31,
}


async def opened(person: Person, text: str = "1204 Exit blocked") -> None:
    await person.command("/anomaly", text, channel=SECURITE)
    await person.until(lambda view: view.callback_id == "anomaly")


async def filled(person: Person) -> None:
    await opened(person)
    await person.type("siteId", "31")
    await person.type("technicalInstallationId", "7")
    await person.type("description", "Boxes before the door")


async def choose(person: Person, risk: str) -> ViewOnScreen:
    """The form once it is drawn for that risk."""
    shown = {"0": ALWAYS}.get(risk, [*ALWAYS, "dueAt", *PLACE])
    await person.choose("risk", risk)
    return await person.until(
        lambda view: view.fields == shown and ("(warning)" in view.text()) == (risk == "3")
    )


async def filed(bot: World) -> list[object]:
    await bot.until(lambda: bot.sandbox.kare.anomalies)
    return [(anomaly.report_id, anomaly.body) for anomaly in bot.sandbox.kare.anomalies]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", [None, None]),
        ("1204", ["1204", None]),
        ("1204 Exit blocked", ["1204", "Exit blocked"]),
        ("Exit “blocked” & <shut>", [None, "Exit “blocked” & <shut>"]),
        ("the word payload", [None, "the word payload"]),
    ],
)
async def test_the_words_after_the_command_fill_the_form(
    bot: World, bob: Person, text: str, values: list[str | None]
) -> None:
    await opened(bob, text)
    view = bob.screen
    assert view is not None
    assert [view.value("reportId"), view.value("title")] == values


async def test_until_a_risk_is_chosen_the_form_asks_what_0_asks(bot: World, bob: Person) -> None:
    await opened(bob)
    view = bob.screen
    assert view is not None
    assert (view.fields, view.value("risk")) == (ALWAYS, None)


async def test_risk_0_sends_neither_date_nor_place(bot: World, bob: Person) -> None:
    await filled(bob)
    await choose(bob, "0")
    await bob.submit()
    assert await filed(bot) == [(1204, ANOMALY | {"risk": 0})]


async def test_risk_1_may_go_without_date_and_place(bot: World, bob: Person) -> None:
    await filled(bob)
    await choose(bob, "1")
    await bob.type("location.room", "204")
    await bob.submit()
    assert await filed(bot) == [(1204, ANOMALY | {"risk": 1, "location": {"room": "204"}})]


async def test_risk_2_wants_a_date(bot: World, bob: Person) -> None:
    await filled(bob)
    await choose(bob, "2")
    outcome = await bob.submit(raw=True)
    assert outcome.errors == {"dueAt": "This risk needs a date to fix it by."}


async def test_risk_3_comes_with_a_date_in_24_hours_and_wants_a_place(
    bot: World, bob: Person
) -> None:
    await filled(bob)
    suggested = (await choose(bob, "3")).value("dueAt")
    ahead = suggested - time.time()
    outcome = await bob.submit()
    assert suggested % 3600 == 0
    assert DAY - 120 < ahead <= DAY + 3600
    assert outcome.errors == {
        "location.floor": "This risk needs a place: give the floor, the room, or both."
    }


async def test_a_past_date_is_refused(bot: World, bob: Person) -> None:
    await filled(bob)
    await choose(bob, "1")
    await bob.pick_date("dueAt", int(time.time()) - 60)
    outcome = await bob.submit()
    assert outcome.errors == {"dueAt": "This date is in the past. Choose a later one."}


async def test_a_date_chosen_stays_through_every_risk_that_asks_for_one(
    bot: World, bob: Person
) -> None:
    picked = int(time.time()) // 60 * 60 + 2 * DAY
    await filled(bob)
    await choose(bob, "1")
    await bob.pick_date("dueAt", picked)
    await bob.type("location.floor", "2")
    dates = []
    for risk in ("3", "2", "3"):
        view = await choose(bob, risk)
        dates.append((view.value("dueAt"), view.value("location.floor")))
    await bob.submit()
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(picked))
    assert (dates, await filed(bot)) == (
        [(picked, "2")] * 3,
        [(1204, ANOMALY | {"risk": 3, "dueAt": moment, "location": {"floor": "2"}})],
    )


async def test_a_date_that_the_form_suggested_goes_with_its_risk(bot: World, bob: Person) -> None:
    await filled(bob)
    dates = []
    for risk in ("1", "3", "2", "3", "0", "3", "1"):
        view = await choose(bob, risk)
        dates.append("dueAt" in view.fields and view.value("dueAt") is not None)
    assert dates == [False, True, False, True, False, True, False]


@pytest.mark.parametrize("first", ["0", "1", "2"])
async def test_a_choice_made_before_the_last_drawing_arrived_still_gets_its_date(
    bot: World, bob: Person, first: str
) -> None:
    """Both start from the same form: what the second resets must have another number."""
    await filled(bob)
    bot.slack.faults.set("views.update", SlackFault("slow", seconds=0.1), times=1)
    await bob.choose("risk", first)
    await bot.until(lambda: not bot.slack.faults._queued["views.update"])
    await bob.choose("risk", "3")
    view = await bob.until(lambda view: "(warning)" in view.text())
    drawings = await bot.slack.called("views.update", times=2)
    assert view.value("dueAt") is not None
    assert len(drawings) == 2


async def test_what_a_later_choice_hid_is_not_sent(bot: World, bob: Person) -> None:
    await filled(bob)
    await choose(bob, "3")
    await bob.type("location.floor", "2")
    await choose(bob, "0")
    await bob.submit()
    assert await filed(bot) == [(1204, ANOMALY | {"risk": 0})]


async def test_every_fault_is_shown_on_its_field_at_once(bot: World, bob: Person) -> None:
    await opened(bob, "")
    await bob.type("siteId", "9" * 17)
    outcome = await bob.submit(raw=True)
    whole = "Enter a whole number, such as 1204."
    assert (outcome.errors, bot.rows("select number from reports")) == (
        {
            "reportId": whole,
            "siteId": "This number is too large for KARE."
            " Check that the whole number, and nothing else, was copied.",
            "technicalInstallationId": whole,
            "risk": "Choose a risk.",
            "title": "This cannot be left blank.",
            "description": "This cannot be left blank.",
        },
        [],
    )


async def test_a_form_submitted_before_its_redraw_came_gets_the_fields_it_lacks(
    bot: World, bob: Person
) -> None:
    await filled(bob)
    bot.slack.faults.set("views.update", SlackFault("error", error="not_found"), times=1)
    await bob.choose("risk", "3")
    outcome = await bob.submit()
    view = bob.screen
    assert view is not None
    assert (outcome.kind, view.fields, view.value("description")) == (
        "updated",
        [*ALWAYS, "dueAt", *PLACE],
        "Boxes before the door",
    )


async def test_an_operators_policy_decides_what_a_risk_asks_for(tmp_path: Path) -> None:
    config = FAST.model_copy(
        update={"risk": {**FAST.risk, "0": Risk(place="required", label="P4")}}
    )
    async with world(tmp_path, config=config) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        view = bob.screen
        assert view is not None
        assert (view.fields, view.options("risk")["0"]) == ([*ALWAYS, *PLACE], "0 · P4")

"""/anomaly's draft: many findings of one visit, kept as they are gathered, filed in one call."""

import asyncio
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.clock import Clock
from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from sandbox.slack.trouble import Fault as SlackFault
from sandbox.trouble import Fault
from tests.world import World, anomalies, without_lists, world

DAY = 86_400


async def opened(person: Person, text: str = "1204", channel: str = SECURITE) -> ViewOnScreen:
    await person.command("/anomaly", text, channel=channel)
    return await person.until(lambda view: view.callback_id == "anomaly")


async def fill(person: Person, title: str, *, site: str = "31", risk: str = "0") -> None:
    """A finding in the open form."""
    view = await person.view()
    if view.value("siteId") != site:
        await person.enter("siteId", site)
    await person.enter("technicalInstallationId", "7")
    await person.choose("risk", risk)
    if risk != "0":
        await person.until(lambda view: "dueAt" in view.fields)
        await person.type("location.room", "204")
    await person.type("title", title)
    await person.type("description", f"{title}, seen today")


async def add(person: Person, title: str, **more: str) -> ViewOnScreen:
    """Fill a finding in and add it; the form once it shows it."""
    await fill(person, title, **more)
    await person.click("add_finding")
    return await person.until(lambda view: title in titles(view) and not view.value("title"))


def titles(view: ViewOnScreen) -> list[str]:
    """What is in the draft, as it is shown."""
    return [block["title"]["text"].strip("*") for block in view.blocks if block["type"] == "card"]


def filed(bot: World) -> list[str]:
    return [one.body["title"] for one in bot.sandbox.kare.anomalies]


def calls(bot: World) -> int:
    """Requests that filed something."""
    return sum("nonconformity" in one.path for one in bot.sandbox.kare.requests)


async def test_another_finding_keeps_report_and_site_and_clears_the_rest(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    view = await add(bob, "Exit blocked", risk="0")
    held = {name: view.value(name) for name in view.fields}
    assert (held, titles(view)) == (
        {
            "siteId": "31",
            "technicalInstallationId": None,
            "reportId": "1204",
            "risk": None,
            "title": None,
            "description": None,
        },
        ["Exit blocked"],
    )


async def test_all_findings_are_filed_in_one_call(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await add(bob, "Lamp out")
    await fill(bob, "Cable bare", site="32")
    outcome = await bob.submit()
    receipt = await bot.receipt(SECURITE, says="3 of 3 findings were created")
    sites = [one.body["siteId"] for one in bot.sandbox.kare.anomalies]
    assert (outcome.kind, filed(bot), sites, calls(bot), bool(receipt)) == (
        "closed",
        ["Exit blocked", "Lamp out", "Cable bare"],
        [31, 31, 32],
        1,
        True,
    )


async def test_blank_fields_behind_the_last_finding_are_not_sent(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    outcome = await bob.submit()
    await bot.state(1, "filed")
    left = bot.rows("select * from drafts")
    assert (outcome.kind, filed(bot), left) == ("closed", ["Exit blocked"], [])


async def test_fewer_insertions_than_findings_are_told_loudly(bot: World, bob: Person) -> None:
    bot.sandbox.kare.insert_only = 1
    await opened(bob)
    await add(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    await bob.submit()
    assert await bot.receipt(SECURITE, says="created only 1 of the 2 findings sent")


async def test_a_finding_with_faults_is_not_added_and_they_are_shown(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await bob.type("title", "Exit blocked")
    await bob.click("add_finding")
    view = await bob.until(lambda view: "(error)" in view.text())
    shown = (view.text().count("(error)"), view.value("title"), titles(view))
    assert shown == (4, "Exit blocked", [])


async def test_a_finding_half_filled_is_not_sent_as_if_it_were_blank(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await bob.type("title", "Lamp out")
    outcome = await bob.submit()
    assert (outcome.kind, sorted(outcome.errors.values()), filed(bot)) == (
        "errors",
        [
            "Choose the risk.",
            "Enter a whole number, such as 1204.",
            "This cannot be left blank.",
        ],
        [],
    )


async def test_a_finding_of_the_draft_is_edited(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked", risk="3")
    await add(bob, "Lamp out")
    await bob.click("edit_finding", value="1")
    view = await bob.until(lambda view: view.value("title") == "Exit blocked")
    held = (view.value("risk"), view.value("technicalInstallationId"), view.value("description"))
    await bob.type("title", "Exit locked")
    await bob.submit()
    await bot.state(1, "filed")
    assert (held, filed(bot)) == (
        ("3", "7", "Exit blocked, seen today"),
        ["Exit locked", "Lamp out"],
    )


async def test_what_is_typed_is_added_before_another_finding_is_edited(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    await bob.click("edit_finding", value="1")
    view = await bob.until(lambda view: view.value("title") == "Exit blocked")
    assert titles(view) == ["Exit blocked", "Lamp out"]


async def test_saving_an_edited_finding_goes_on_to_a_new_one(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await add(bob, "Lamp out")
    await bob.click("edit_finding", value="1")
    await bob.until(lambda view: view.value("title") == "Exit blocked")
    await bob.type("title", "Exit locked")
    await bob.click("add_finding")
    view = await bob.until(lambda v: "Exit locked" in titles(v) and not v.value("title"))
    await fill(bob, "Cable bare")
    await bob.submit()
    await bot.state(1, "filed")
    assert (titles(view), filed(bot)) == (
        ["Exit locked", "Lamp out"],
        ["Exit locked", "Lamp out", "Cable bare"],
    )


async def test_a_finding_is_removed_and_what_is_typed_stays(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await add(bob, "Lamp out")
    await fill(bob, "Cable bare")
    await bob.click("remove_finding", value="1")
    view = await bob.until(lambda view: titles(view) == ["Lamp out"])
    await bob.submit()
    await bot.state(1, "filed")
    assert (view.value("title"), filed(bot)) == ("Cable bare", ["Lamp out", "Cable bare"])


async def test_removing_the_last_finding_leaves_a_form_as_it_was(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await bob.click("remove_finding", value="1")
    view = await bob.until(lambda view: not titles(view))
    outcome = await bob.submit()
    assert (bot.rows("select * from drafts"), "(warning)" in view.text(), outcome.kind) == (
        [],
        False,
        "blocked",
    )


async def test_a_closed_forms_findings_are_offered_and_gone_on_with(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await add(bob, "Lamp out")
    await bob.close()
    offered = await opened(bob, "")
    await bob.click("draft_continue")
    view = await bob.until(lambda view: len(titles(view)) == 2)
    await fill(bob, "Cable bare")
    await bob.submit()
    await bot.state(1, "filed")
    seen = {
        "offered": "You have 2 unsent findings for report 1204" in offered.text(),
        "report": view.value("reportId"),
        "site": view.value("siteId"),
        "filed": filed(bot),
    }
    assert seen == {
        "offered": True,
        "report": "1204",
        "site": "31",
        "filed": ["Exit blocked", "Lamp out", "Cable bare"],
    }


async def test_what_was_typed_for_a_new_form_stays_when_going_on(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await bob.close()
    await opened(bob, "5 Lamp out")
    await bob.click("draft_continue")
    view = await bob.until(lambda view: bool(titles(view)))
    assert (view.value("reportId"), view.value("title")) == ("1204", "Lamp out")


async def test_findings_begun_elsewhere_are_offered_with_their_channel(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await bob.close()
    view = await opened(bob, channel=ANNONCES)
    assert "Started in #securite" in view.text()


async def test_unsent_findings_can_be_given_up(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await bob.close()
    await opened(bob)
    await bob.click("draft_discard")
    await bob.until(lambda view: "You have" not in view.text())
    assert bot.rows("select * from drafts, draft_anomalies") == []


async def test_a_form_of_its_own_can_be_sent_beside_unsent_findings(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await bob.close()
    await opened(bob)
    await fill(bob, "Lamp out")
    await bob.submit()
    await bot.state(1, "filed")
    kept = [row["who"] for row in bot.rows("select who from drafts")]
    assert (filed(bot), kept) == (["Lamp out"], [BOB])


async def test_the_same_form_sent_twice_is_one_report(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    first, second = await bob.submit(), await bob.submit_again()
    await bot.state(1, "filed")
    reports = bot.rows("select number from reports")
    assert (first.kind, second.kind, len(reports), filed(bot)) == (
        "closed",
        "closed",
        1,
        ["Exit blocked"],
    )


async def test_add_pressed_twice_adds_once(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    await asyncio.gather(bob.click("add_finding"), bob.click("add_finding"))
    await bob.until(lambda view: titles(view) == ["Exit blocked"] and not view.value("title"))
    await bob.submit()
    await bot.state(1, "filed")
    assert filed(bot) == ["Exit blocked"]


async def test_a_form_sent_before_an_added_finding_left_its_fields_sends_it_once(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    bot.slack.trouble.set("views.update", SlackFault("error"))
    await bob.click("add_finding")
    await bot.until(lambda: bot.rows("select * from draft_anomalies"))
    await bob.submit()
    await bot.state(1, "filed")
    assert (filed(bot), bot.rows("select * from drafts")) == (["Exit blocked"], [])


async def test_findings_taken_over_by_another_form_are_missed_by_the_first(
    bot: World, bob: Person
) -> None:
    """The same person, at two screens."""
    await opened(bob)
    await add(bob, "Exit blocked")
    key = bot.rows("select key from drafts")[0]["key"]
    sql = "update drafts set key = 'another' where key = ?"
    await bot.runtime.services.store.write(Database.execute, sql, [key])
    outcome = await bob.submit()
    view = await bob.view()
    assert (outcome.kind, "opened in another form" in view.text(), titles(view)) == (
        "updated",
        True,
        [],
    )


async def test_two_people_fill_baskets_of_their_own(bot: World, bob: Person, alice: Person) -> None:
    await asyncio.gather(opened(bob), opened(alice))
    await alice.until(lambda view: view.title == "Signaler une anomalie")
    await asyncio.gather(add(bob, "Exit blocked"), add(alice, "Porte bloquée"))
    bobs, alices = await asyncio.gather(add(bob, "Lamp out"), add(alice, "Lampe éteinte"))
    assert (titles(bobs), titles(alices)) == (
        ["Exit blocked", "Lamp out"],
        ["Porte bloquée", "Lampe éteinte"],
    )


async def test_a_draft_outlives_a_restart_of_the_bot(tmp_path: Path) -> None:
    sandbox = without_lists()
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await add(bob, "Exit blocked")
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await add(bob, "Lamp out")
        outcome = await bob.submit()
        await bot.state(1, "filed")
        assert (outcome.kind, filed(bot)) == ("closed", ["Exit blocked", "Lamp out"])


async def test_fifty_findings_fit_and_a_51st_is_refused(bot: World, bob: Person) -> None:
    await opened(bob)
    await add(bob, "the first")
    key = bot.rows("select key from drafts")[0]["key"]
    body = {
        "title": "<&>" * 80,
        "description": "d" * 2500,
        "risk": 0,
        "technicalInstallationId": 7,
        "siteId": 31,
    }
    await anomalies(bot).drafts.put(
        key, dict.fromkeys(range(3, 51), body), who=BOB, channel=SECURITE, head={}, edits=None
    )
    view = await add(bob, "the fiftieth")
    await fill(bob, "one too many")
    outcome = await bob.submit()
    await bob.type("title", "")
    await bob.type("description", "")
    await bob.submit()
    await bot.state(1, "filed")
    seen = {
        "shown": len(titles(view)),
        "offers another": "add_finding" in view.buttons,
        "said": list(outcome.errors.values()),
        "filed": len(filed(bot)),
        "calls": calls(bot),
    }
    assert seen == {
        "shown": 50,
        "offers another": False,
        "said": [
            "A report can hold 50 findings. Send these first, then start a new report for this one."
        ],
        "filed": 50,
        "calls": 1,
    }


async def test_a_refused_report_of_several_findings_is_edited_as_it_was(
    bot: World, bob: Person
) -> None:
    bot.sandbox.kare.trouble.next(1, Fault("400"))
    await opened(bob)
    await add(bob, "Exit blocked")
    await add(bob, "Lamp out")
    await bob.submit()
    await bot.state(1, "refused")
    await bob.press(await bot.receipt(SECURITE, says="Not filed"), "edit")
    view = await bob.until(lambda view: len(titles(view)) == 2)
    await bob.click("remove_finding", value="2")
    await bob.until(lambda view: len(titles(view)) == 1)
    await bob.type("title", "Exit locked")
    await bob.submit()
    await bot.state(1, "filed")
    assert (view.value("title"), filed(bot), bot.rows("select * from drafts")) == (
        "Exit blocked",
        ["Exit locked"],
        [],
    )


class Later(Clock):
    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


async def test_a_date_that_passed_since_it_was_added_is_named(tmp_path: Path) -> None:
    clock = Later()
    async with world(tmp_path, clock=clock) as bot:
        alice = bot.person(ALICE)
        await opened(alice)
        await alice.until(lambda view: view.title == "Signaler une anomalie")
        await fill(alice, "Issue bloquée", risk="3")
        await alice.click("add_finding")
        await alice.until(lambda view: bool(titles(view)))
        clock.ahead = 2 * DAY
        outcome = await alice.submit()
        said = "est maintenant passée"
        assert (outcome.kind, said in (await alice.view()).text()) == ("updated", True)


@pytest.mark.parametrize("press", ["add_finding", "edit_finding", "remove_finding"])
async def test_a_draft_that_cannot_be_stored_says_so_and_loses_nothing(
    bot: World, bob: Person, press: str
) -> None:
    await opened(bob)
    await add(bob, "Exit blocked")
    await fill(bob, "Lamp out")
    for sql in (
        (
            "create trigger full_i before insert on draft_anomalies"
            " begin select raise(abort, 'full'); end"
        ),
        (
            "create trigger full_u before delete on draft_anomalies"
            " begin select raise(abort, 'full'); end"
        ),
    ):
        await bot.runtime.services.store.write(Database.execute, sql)
    await bob.click(press, value=None if press == "add_finding" else "1")
    view = await bob.until(lambda view: "could not be saved" in view.text())
    assert (titles(view), view.value("title")) == (["Exit blocked"], "Lamp out")

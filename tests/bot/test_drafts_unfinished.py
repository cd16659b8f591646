"""What is being typed in /anomaly when its form is closed: kept, offered, and never added twice."""

import asyncio
from pathlib import Path

from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.seed import BOB
from tests.bot.anomalies import (
    ADD,
    add,
    copy,
    edit,
    filed,
    fill,
    open_with,
    opened,
    show_list,
    stored,
    titles,
)
from tests.world import World, without_lists, world


def kept(bot: World) -> list[str | None]:
    """The titles that the drafts keep unfinished."""
    sql = "select unfinished ->> '$.values.title' as title from drafts order by key"
    return [row["title"] for row in bot.rows(sql)]


async def offered(person: Person) -> ViewOnScreen:
    """The next form, once it offers what was kept."""
    await opened(person, "")
    return await person.until(lambda view: "did not finish" in view.text())


async def test_a_finding_that_was_being_typed_is_offered_and_continued(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await fill(bob, "Lamp out", risk="3")
    await bot.until(lambda: kept(bot) == ["Lamp out"])
    await bob.close()
    offer = await offered(bob)
    await bob.click("draft_continue")
    view = await bob.until(lambda view: view.value("title") == "Lamp out")
    await bob.submit()
    await bot.state(1, "filed")
    assert "You did not finish a finding for site 31, report 1204: “Lamp out”" in offer.text()
    assert view.value("risk") == "3"
    assert view.value("location.room") == "204"
    assert view.value("description") == "Lamp out, seen today"
    assert filed(bot) == ["Lamp out"]


async def test_findings_and_the_one_being_typed_are_offered_together(
    bot: World, bob: Person
) -> None:
    await open_with(bob, "Exit blocked")
    await bob.type("title", "Lamp out")
    await bot.until(lambda: kept(bot) == ["Lamp out"])
    await bob.close()
    offer = await offered(bob)
    await bob.click("draft_continue")
    view = await bob.until(lambda view: view.value("title") == "Lamp out")
    assert "1 unsent finding for" in offer.text()
    assert "one that you did not finish: “Lamp out”" in offer.text()
    assert titles(view) == ["Exit blocked"]


async def test_an_unfinished_edit_is_continued_as_an_edit(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked")
    await edit(bob, 1, "Exit blocked")
    await bob.type("title", "Exit locked")
    await bot.until(lambda: kept(bot) == ["Exit locked"])
    await bob.close()
    await offered(bob)
    await bob.click("draft_continue")
    await bob.until(lambda view: view.value("title") == "Exit locked")
    await bob.click(ADD)
    await bot.until(lambda: stored(bot) == [(1, "Exit locked")])


async def test_an_added_or_sent_finding_is_not_kept_as_unfinished(bot: World, bob: Person) -> None:
    await open_with(bob, "Exit blocked")
    await asyncio.sleep(0.6)
    after_add = kept(bot)
    await fill(bob, "Lamp out")
    await bob.submit()
    await bot.state(1, "filed")
    view = await opened(bob)
    assert after_add == [None]
    assert kept(bot) == []
    assert "did not finish" not in view.text()


async def test_text_that_was_taken_back_is_not_kept(bot: World, bob: Person) -> None:
    await opened(bob)
    await bob.type("title", "Lamp out")
    await bot.until(lambda: kept(bot) == ["Lamp out"])
    await bob.type("title", "")
    await bot.until(lambda: kept(bot) == [])


async def test_a_form_that_was_only_opened_and_closed_leaves_nothing(
    bot: World, bob: Person
) -> None:
    await opened(bob, "1204 Lamp out")
    await bob.close()
    view = await opened(bob)
    assert kept(bot) == []
    assert "did not finish" not in view.text()


async def test_a_finding_in_the_fields_is_not_replaced_by_an_unfinished_one(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await bob.type("title", "Lamp out")
    await bot.until(lambda: kept(bot) == ["Lamp out"])
    await bob.close()
    await opened(bob, "1204 Exit blocked")
    await bob.until(lambda view: "draft_continue" in view.buttons)
    await bob.click("draft_continue")
    view = await bob.until(lambda view: "(error)" in view.text())
    assert "First save or clear the finding in the fields below" in view.text()
    assert view.value("title") == "Exit blocked"


async def test_what_was_typed_outlives_a_restart_of_the_bot(tmp_path: Path) -> None:
    sandbox = without_lists()
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await bob.type("title", "Lamp out")
        await bot.until(lambda: kept(bot) == ["Lamp out"])
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await bob.close()
        view = await offered(bob)
        assert "“Lamp out”" in view.text()


async def test_a_copy_takes_everything_over_and_is_a_finding_of_its_own(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await add(bob, "Lamp out", risk="3")
    await copy(bob, 1)
    view = await bob.until(lambda view: view.value("title") == "Lamp out")
    await bob.type("location.room", "205")
    await bob.submit()
    await bot.state(1, "filed")
    rooms = [anomaly.body["location"]["room"] for anomaly in bot.sandbox.kare.anomalies]
    assert view.value("risk") == "3"
    assert filed(bot) == ["Lamp out", "Lamp out"]
    assert rooms == ["204", "205"]


async def test_a_copy_that_was_not_changed_is_not_filed(bot: World, bob: Person) -> None:
    await open_with(bob, "Lamp out")
    await copy(bob, 1)
    await bob.until(lambda view: view.value("title") == "Lamp out")
    outcome = await bob.submit()
    assert "same as the finding that was duplicated" in next(iter(outcome.errors.values()))
    assert filed(bot) == []


async def test_the_form_says_what_closing_does(bot: World, bob: Person) -> None:
    first = await opened(bob)
    view = await add(bob, "Exit blocked")
    assert "[Close]" in first.text()
    assert "[Later (kept)]" in view.text()
    assert "everything is kept, including what you are typing" in first.text()


async def test_the_next_finding_begins_in_a_short_form(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Exit blocked")
    await bob.click(ADD)
    view = await bob.until(lambda view: "anomaly_list" in view.buttons)
    listed = await show_list(bob)
    assert view.fields == ["technicalInstallationId", "risk", "title", "description"]
    assert view.buttons[ADD] == "Save and add another (2)"
    assert titles(view) == []
    assert titles(listed) == ["Exit blocked"]


async def test_the_home_names_a_draft_by_what_is_being_typed(bot: World, bob: Person) -> None:
    await opened(bob)
    await fill(bob, "Lamp out")
    await bot.until(lambda: kept(bot) == ["Lamp out"])
    await bob.close()
    await bob.open_home()
    home = await bob.home_shows(lambda text: "Not sent yet" in text)
    assert "Lamp out" in home

"""A person searches their reports on the Home by words, and chooses the language there."""

from pathlib import Path

import pytest

from sandbox.slack import Person
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from tests.bot.test_home import report, report_anyway
from tests.world import World, world


async def at_home(person: Person) -> None:
    """The person has reported two things, and their Home shows both."""
    await report(person, "the link is dead")
    await report_anyway(person, "La façade est fausse")
    await person.open_home()
    await person.home_shows(lambda text: "link is dead" in text and "façade" in text)


async def at_home_with_link(person: Person) -> None:
    """The same Home after a search that leaves only the report of the link."""
    await at_home(person)
    await person.enter_on_home("home_search", "link")
    await person.home_shows(lambda text: "façade" not in text)


@pytest.mark.parametrize("words", ["link", "DEAD link", "  the  dead ", "1", "No. 1", "n° 1"])
async def test_the_list_has_the_reports_with_all_words(bob: Person, words: str) -> None:
    await at_home(bob)
    await bob.enter_on_home("home_search", words)
    home = await bob.home_shows(lambda text: "façade" not in text)
    assert "link is dead" in home


async def test_accents_do_not_count(bob: Person) -> None:
    await at_home(bob)
    await bob.enter_on_home("home_search", "FACADE")
    home = await bob.home_shows(lambda text: "link is dead" not in text)
    assert "façade" in home


@pytest.mark.parametrize("words", ["nowhere", "link façade", "payload", "%", "issueKind"])
async def test_words_that_no_report_has_find_none(bob: Person, words: str) -> None:
    await at_home(bob)
    await bob.enter_on_home("home_search", words)
    await bob.home_shows(lambda text: "No report of yours fits" in text)


@pytest.mark.parametrize("words", ["autre problème : link", "Other problem: the link"])
async def test_the_list_is_searched_by_the_words_that_it_shows(bob: Person, words: str) -> None:
    await at_home(bob)
    await bob.enter_on_home("home_search", words)
    home = await bob.home_shows(lambda text: "façade" not in text)
    assert "link is dead" in home


async def test_no_words_show_all_again(bob: Person) -> None:
    await at_home_with_link(bob)
    await bob.enter_on_home("home_search", "")
    await bob.home_shows(lambda text: "façade" in text)


async def test_the_next_opening_shows_all_again(bob: Person) -> None:
    await at_home_with_link(bob)
    await bob.open_home()
    await bob.home_shows(lambda text: "façade" in text)


async def test_reports_of_others_are_not_found(bot: World, bob: Person, alice: Person) -> None:
    await at_home(bob)
    await report_anyway(alice, "le lien est mort")
    await bot.state(3, "filed")
    await bob.enter_on_home("home_search", "mort")
    await bob.home_shows(lambda text: "No report of yours fits" in text)


async def test_words_and_menus_limit_together(bob: Person) -> None:
    await at_home_with_link(bob)
    await bob.choose_on_home("home_state", "refused")
    await bob.home_shows(lambda text: "No report of yours fits" in text)


async def test_a_chosen_language_is_that_of_the_home_and_of_forms(bob: Person) -> None:
    await bob.open_home()
    await bob.home_shows(lambda text: "(spinner)" not in text)
    await bob.choose_on_home("home_language", "fr")
    await bob.home_shows(lambda text: "Signalez ce qui ne va pas" in text)
    await bob.command("/report-issue", channel=ANNONCES)
    view = await bob.view()
    assert view.text().startswith("== Signaler")


async def test_the_choice_can_be_taken_back(bob: Person) -> None:
    await bob.open_home()
    await bob.home_shows(lambda text: "(spinner)" not in text)
    await bob.choose_on_home("home_language", "fr")
    await bob.home_shows(lambda text: "Signalez" in text)
    await bob.choose_on_home("home_language", "any")
    await bob.home_shows(lambda text: "Report what is wrong" in text)


async def test_the_choice_outlives_a_restart_and_what_slack_says(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        alice = bot.person(ALICE)
        await alice.open_home()
        await alice.home_shows(lambda text: "Signalez" in text)
        await alice.choose_on_home("home_language", "en")
        await alice.home_shows(lambda text: "Report what is wrong" in text)
        await bot.runtime.services.users.learn(ALICE)
        sandbox = bot.sandbox
    async with world(tmp_path, sandbox=sandbox) as bot:
        assert bot.runtime.services.users.words(ALICE).language == "en"
        assert bot.runtime.services.users.words(BOB).language == "en"
        assert bot.rows("select name from people where id = ?", ALICE) == [{"name": "alice"}]

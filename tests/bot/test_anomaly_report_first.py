"""/anomaly asks for the visit's report first: it fills the site, and a foreign report is shown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.slack import Person
from tests.bot.pickers import INSTALLATION, REPORT, SITE, choose_site, opened
from tests.world import World, full_catalogue, stock, world


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    """It has KARE's lists."""
    await stock(tmp_path)
    async with world(tmp_path) as bot:
        yield bot


def reports_of(bot: World, *, count: int) -> dict[str, list[str]]:
    """The sites of each report whose visit saw so many."""
    return {
        str(visit["report"]["id"]): [str(site["id"]) for site in visit["sites"]]
        for visit in full_catalogue().commissions
        if visit["report"] and len(visit["sites"]) == count
    }


async def choose_report(person: Person, number: str) -> None:
    await person.search("reportId", number)
    await person.pick("reportId", number)
    await person.until(lambda view: f'"report":"{number}"' in view.private_metadata)


async def test_the_report_is_the_first_question(bot: World, bob: Person) -> None:
    view = await opened(bob)
    assert view.fields[:3] == ["reportId", "siteId", "technicalInstallationId"]


async def test_a_chosen_report_fills_its_site(bot: World, bob: Person) -> None:
    report, sites = next(iter(reports_of(bot, count=1).items()))
    await opened(bob)
    await choose_report(bob, report)
    assert (await bob.view()).value("siteId") == sites[0]


async def test_the_report_of_a_command_fills_its_site(bot: World, bob: Person) -> None:
    report, sites = next(iter(reports_of(bot, count=1).items()))
    view = await opened(bob, f"{report} Exit blocked")
    assert view.value("siteId") == sites[0]


async def test_a_site_that_a_report_filled_follows_the_next_report(bot: World, bob: Person) -> None:
    (first, _), (second, sites) = list(reports_of(bot, count=1).items())[:2]
    await opened(bob, first)
    await choose_report(bob, second)
    assert (await bob.view()).value("siteId") == sites[0]


async def test_the_sites_of_a_visit_of_several_are_offered_first(bot: World, bob: Person) -> None:
    report, sites = next(iter(reports_of(bot, count=3).items()))
    await opened(bob)
    await choose_report(bob, report)
    found = list(await bob.search("siteId", ""))
    assert (await bob.view()).value("siteId") is None
    assert found[:3] == sites


async def test_only_the_reports_of_a_chosen_site_are_offered_without_a_search(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await choose_site(bob, SITE)
    offered = set(await bob.search("reportId", ""))
    here = {
        report
        for count in (1, 2, 3)
        for report, sites in reports_of(bot, count=count).items()
        if SITE in sites
    }
    assert offered == here


async def test_a_report_of_another_site_is_found_chosen_warned_about_and_filed(
    bot: World, bob: Person
) -> None:
    foreign = next(r for r, sites in reports_of(bot, count=1).items() if SITE not in sites)
    await opened(bob)
    await choose_site(bob, SITE)
    await choose_report(bob, foreign)
    view = await bob.view()
    await bob.enter("technicalInstallationId", INSTALLATION)
    await bob.choose("risk", "0")
    await bob.type("title", "Exit blocked")
    await bob.type("description", "Boxes")
    await bob.submit()
    await bot.state(1, "filed")
    assert "(warning) This report belongs to " in view.text()
    assert "not to École élémentaire Jean Jaurès" in view.text()
    assert view.value("siteId") == SITE


async def test_the_right_report_takes_the_warning_away(bot: World, bob: Person) -> None:
    foreign = next(r for r, sites in reports_of(bot, count=1).items() if SITE not in sites)
    await opened(bob)
    await choose_site(bob, SITE)
    await choose_report(bob, foreign)
    await choose_report(bob, REPORT)
    assert "(warning)" not in (await bob.view()).text()


async def test_a_report_is_found_by_its_day_as_people_write_it(bot: World, bob: Person) -> None:
    await opened(bob)
    labels = await bob.search("reportId", REPORT)
    day = labels[REPORT].split(" · ")[0]
    assert REPORT in await bob.search("reportId", day)


async def test_what_is_missing_in_a_list_is_asked_for_as_a_choice(bot: World, bob: Person) -> None:
    await opened(bob)
    outcome = await bob.submit(raw=True)
    chosen = ("reportId", "siteId", "technicalInstallationId", "risk")
    assert [outcome.errors[name] for name in chosen] == [
        "Choose a report.",
        "Choose a site.",
        "Choose an installation.",
        "Choose a risk.",
    ]


async def test_a_draft_names_the_site_and_the_day_of_the_visit(bot: World, bob: Person) -> None:
    await opened(bob, REPORT)
    await choose_site(bob, SITE)
    await bob.enter("technicalInstallationId", INSTALLATION)
    await bob.choose("risk", "0")
    await bob.type("title", "Exit blocked")
    await bob.type("description", "Boxes")
    await bob.click("add_anomaly")
    await bob.until(lambda view: "anomaly_list" in view.buttons)
    await bob.close()
    view = await opened(bob)
    assert "Strasbourg, visit of " in view.text()

"""/anomaly's searchable lists: fed from KARE, answered from memory, a number where none is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.socket_mode import connected
from sandbox.catalogue import Catalogue
from sandbox.patience import PATIENCE
from sandbox.slack import BotLink, Person
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.pickers import INSTALLATION, REPORT, SITE, choose_site, kinds, opened
from tests.world import World, full_catalogue, stock, world


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    """It has KARE's lists."""
    await stock(tmp_path)
    async with world(tmp_path) as bot:
        yield bot


async def file(bot: World, person: Person, number: int, title: str = "Exit blocked") -> None:
    """An anomaly in the open form, where it lacks nothing but that."""
    for name in ("siteId", "technicalInstallationId"):
        await person.enter(name, {"siteId": SITE}.get(name, INSTALLATION))
    await person.choose("risk", "0")
    await person.type("title", title)
    await person.type("description", "Boxes before the door")
    await person.submit()
    await bot.state(number, "filed")


async def test_the_three_numbers_are_searched_for_by_name(bot: World, bob: Person) -> None:
    assert kinds(await opened(bob)) == ["external_select"] * 3


@pytest.mark.parametrize("query", ["ecole jaures", "ÉCOLE Jaurès", "jaurès école", SITE])
async def test_a_site_is_found_by_name_or_number_without_case_and_accents(
    bot: World, bob: Person, query: str
) -> None:
    await opened(bob)
    found = await bob.search("siteId", query)
    assert SITE in found


async def test_a_site_is_found_by_its_city_and_shown_with_it(bot: World, bob: Person) -> None:
    await opened(bob)
    found = await bob.search("siteId", "villeurbanne")
    assert len(found) > 5
    assert [label for label in found.values() if "Villeurbanne" not in label] == []
    assert [label for number, label in found.items() if not label.endswith(f" · {number}")] == []
    assert max(map(len, found.values())) <= 75


async def test_more_than_100_are_narrowed_by_typing(bot: World, bob: Person) -> None:
    await opened(bob)
    everything = await bob.search("siteId", "")
    less = await bob.search("siteId", "lycee curie")
    assert len(everything) == 100
    assert 0 < len(less) < 20
    assert bob.notices == []


async def test_installations_are_those_in_use_at_the_chosen_site(bot: World, bob: Person) -> None:
    await opened(bob)
    await choose_site(bob, SITE)
    found = await bob.search("technicalInstallationId", "")
    present = full_catalogue().present
    assert set(found) == {str(number) for site, number in present if str(site) == SITE}


async def test_a_translation_key_is_shown_as_words(bot: World, bob: Person) -> None:
    await opened(bob)
    await choose_site(bob, SITE)
    assert await bob.search("technicalInstallationId", "ascens") == {
        INSTALLATION: "Ascenseurs · 301"
    }


async def test_another_site_takes_away_an_installation_that_it_has_not(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await choose_site(bob, SITE)
    here, there = SITE, str(Catalogue.sample_site + 10)
    present = full_catalogue().present
    of = {place: {n for site, n in present if str(site) == place} for place in (here, there)}
    both, only_here = min(of[here] & of[there]), min(of[here] - of[there])
    values = []
    for number in (both, only_here):
        await choose_site(bob, here)
        await bob.enter("technicalInstallationId", str(number))
        view = await choose_site(bob, there)
        values.append(view.value("technicalInstallationId"))
    assert values == [str(both), None]


async def test_a_site_whose_installations_are_all_archived_says_so_and_takes_a_number(
    bot: World, bob: Person
) -> None:
    sites = {
        site["id"]
        for establishment in full_catalogue().establishments
        for site in establishment["sites"]
    }
    bare = str(min(sites - {site for site, _ in full_catalogue().present}))
    await opened(bob)
    view = await choose_site(bob, bare)
    found = await bob.search("technicalInstallationId", "")
    typed = await bob.search("technicalInstallationId", "301")
    assert "no installation in use at this site" in view.text()
    assert found == {}
    assert typed == {"301": "No. 301, not in the list"}


async def test_a_number_that_no_list_knows_can_be_sent(bot: World, bob: Person) -> None:
    await opened(bob, "5 Exit blocked")
    await bob.enter("siteId", "7")
    await bob.enter("technicalInstallationId", "8")
    await bob.choose("risk", "0")
    await bob.type("description", "Boxes")
    await bob.submit()
    await bot.state(1, "filed")
    saved = bot.sandbox.kare.anomalies[0]
    sent = (saved.report_id, saved.body["siteId"], saved.body["technicalInstallationId"])
    assert sent == (5, 7, 8)


async def test_a_report_from_the_command_is_shown_by_its_name(bot: World, bob: Person) -> None:
    view = await opened(bob, REPORT)
    name = await bob.search("reportId", REPORT)
    assert view.value("reportId") == REPORT
    assert name[REPORT] in view.text()


async def test_a_report_that_exists_no_more_stays_as_typed(bot: World, bob: Person) -> None:
    view = await opened(bob, "999 Exit blocked")
    assert view.value("reportId") == "999"
    assert "No. 999, not in the list" in view.text()


async def first_offered(person: Person) -> list[str]:
    """The first site and the first report of the open form's lists."""
    return [next(iter(await person.search(name, ""))) for name in ("siteId", "reportId")]


async def test_what_was_used_last_is_offered_first(bot: World, bob: Person, alice: Person) -> None:
    """Sites that the person used, and reports that were used in the channel."""
    await opened(bob)
    other_site, other_report = await first_offered(bob)
    await bob.close()
    await opened(bob, f"{REPORT} x")
    await file(bot, bob, 1)
    await opened(bob)
    async with asyncio.timeout(PATIENCE):
        while await first_offered(bob) != [SITE, REPORT]:
            await asyncio.sleep(0.01)
    await bob.close()
    await opened(bob, channel=ANNONCES)
    await opened(alice)
    assert await first_offered(bob) == [SITE, other_report]
    assert await first_offered(alice) == [other_site, REPORT]


async def test_reports_of_the_chosen_site_come_before_others(bot: World, bob: Person) -> None:
    await opened(bob)
    await choose_site(bob, SITE)
    visits = full_catalogue().commissions
    there = {
        str(visit["report"]["id"])
        for visit in visits
        if visit["report"] and any(str(site["id"]) == SITE for site in visit["sites"])
    }
    found = list(await bob.search("reportId", ""))
    assert set(found[: len(there)]) == there


async def test_everyone_reads_the_lists_in_their_language(bot: World, alice: Person) -> None:
    await opened(alice)
    await alice.until(lambda view: view.title == "Signaler une anomalie")
    assert await alice.search("siteId", "123456") == {"123456": "N° 123456, absent de la liste"}


async def test_a_search_is_answered_in_socket_mode_too(bot: World) -> None:
    app = bot.slack.workspace.app
    async with connected(bot.runtime.app, app.app_token, f"{bot.sandbox.url}/slack/api/"):
        await bot.slack.socket.connected()
        bob = Person(bot.slack, BOB, BotLink(socket=bot.slack.socket))
        await opened(bob)
        assert SITE in await bob.search("siteId", SITE)

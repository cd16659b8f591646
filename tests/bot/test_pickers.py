"""/anomaly's searchable lists: fed from KARE, answered from memory, a number where none is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.socket_mode import connected
from sandbox.catalogue import Catalogue
from sandbox.faults import ApiFault
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person, ViewOnScreen
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from tests.world import World, fetched, stock, world

LISTS = ("/establishments/", "/sites-technical-installations/", "/commissions/")
SEARCHED = ("siteId", "technicalInstallationId", "reportId")
SITE, INSTALLATION = str(Catalogue.sample_site), str(Catalogue.sample_installation)
REPORT = str(Catalogue.sample_report)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    """It has KARE's lists."""
    await stock(tmp_path)
    async with world(tmp_path) as made:
        yield made


def kinds(view: ViewOnScreen) -> list[str]:
    """What the three fields are."""
    types = {
        block["element"]["action_id"]: block["element"]["type"]
        for block in view.blocks
        if block["type"] == "input"
    }
    return [types[name] for name in SEARCHED]


async def opened(person: Person, text: str = "", channel: str = SECURITE) -> ViewOnScreen:
    await person.command("/anomaly", text, channel=channel)
    return await person.until(lambda view: view.callback_id == "anomaly")


async def choose_site(person: Person, number: str, query: str = "") -> ViewOnScreen:
    await person.search("siteId", query or number)
    await person.pick("siteId", number)
    return await person.until(lambda view: f'"site":"{number}"' in view.private_metadata)


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
    shown = {
        "all there": all("Villeurbanne" in label for label in found.values()),
        "numbered": all(label.endswith(f" · {number}") for number, label in found.items()),
        "fits": all(len(label) <= 75 for label in found.values()),
        "some": len(found) > 5,
    }
    assert shown == dict.fromkeys(shown, True)


async def test_more_than_100_are_narrowed_by_typing(bot: World, bob: Person) -> None:
    await opened(bob)
    everything = await bob.search("siteId", "")
    less = await bob.search("siteId", "lycee curie")
    assert (len(everything), 0 < len(less) < 20, bob.notices) == (100, True, [])


async def test_installations_are_those_in_use_at_the_chosen_site(bot: World, bob: Person) -> None:
    await opened(bob)
    await choose_site(bob, SITE)
    found = await bob.search("technicalInstallationId", "")
    present = bot.sandbox.catalogue.present
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
    of = {one: {n for site, n in bot.sandbox.catalogue.present if str(site) == one} for one in
          (here, there)}  # fmt: skip
    both, only_here = min(of[here] & of[there]), min(of[here] - of[there])
    held = []
    for number in (both, only_here):
        await choose_site(bob, here)
        await bob.enter("technicalInstallationId", str(number))
        view = await choose_site(bob, there)
        held.append(view.value("technicalInstallationId"))
    assert held == [str(both), None]


async def test_a_site_whose_installations_are_all_archived_says_so_and_takes_a_number(
    bot: World, bob: Person
) -> None:
    sites = {site["id"] for one in bot.sandbox.catalogue.establishments for site in one["sites"]}
    bare = str(min(sites - {site for site, _ in bot.sandbox.catalogue.present}))
    await opened(bob)
    view = await choose_site(bob, bare)
    found = await bob.search("technicalInstallationId", "")
    typed = await bob.search("technicalInstallationId", "301")
    assert ("no installation in use at this site" in view.text(), found, typed) == (
        True,
        {},
        {"301": "No. 301, not in the list"},
    )


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
    assert (view.value("reportId"), name[REPORT] in view.text()) == (REPORT, True)


async def test_a_report_that_exists_no_more_stays_as_typed(bot: World, bob: Person) -> None:
    view = await opened(bob, "999 Exit blocked")
    assert (view.value("reportId"), "No. 999, not in the list" in view.text()) == ("999", True)


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
    async with asyncio.timeout(10):
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
    visits = bot.sandbox.catalogue.commissions
    there = {
        str(one["report"]["id"])
        for one in visits
        if one["report"] and any(str(site["id"]) == SITE for site in one["sites"])
    }
    found = list(await bob.search("reportId", ""))
    assert set(found[: len(there)]) == there


FAILURES = [
    (ApiFault("403"), "Our KARE account may not read this list"),
    (ApiFault("404"), "could not be read"),
    (ApiFault("500"), "is unavailable right now"),
    (ApiFault("html"), "could not be read"),
    (ApiFault("down"), "is unavailable right now"),
    (ApiFault("nonsense"), "could not be read"),
]


@pytest.mark.parametrize(("fault", "why"), FAILURES, ids=[one.kind for one, _ in FAILURES])
async def test_a_list_that_cannot_be_had_leaves_a_number_and_says_why(
    tmp_path: Path, fault: ApiFault, why: str
) -> None:
    sandbox = Sandbox(burst=1000)
    for path in LISTS:
        sandbox.kare.faults.always(fault, on=f"GET {path}")
    async with world(tmp_path, sandbox=sandbox) as bot:
        await fetched(bot)
        view = await opened(bot.person(BOB))
        lines = view.text().splitlines()
        fields = [
            n
            for n, line in enumerate(lines)
            if line.startswith(("Site:", "Installation:", "Report:"))
        ]
        said = [why in lines[field + 2] for field in fields]
        assert (kinds(view), said) == (["number_input"] * 3, [True] * 3)


async def test_a_list_that_cannot_be_had_leaves_the_others_to_be_searched(tmp_path: Path) -> None:
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(403, on="GET /establishments/")
    async with world(tmp_path, sandbox=sandbox) as bot:
        await fetched(bot)
        bob = bot.person(BOB)
        first = kinds(await opened(bob))
        await bob.type("siteId", SITE, enter=True)
        await bob.until(lambda view: f'"site":"{SITE}"' in view.private_metadata)
        found = await bob.search("technicalInstallationId", "")
        present = {number for site, number in sandbox.catalogue.present if str(site) == SITE}
        assert (first, set(found)) == (
            ["number_input", "external_select", "external_select"],
            {str(number) for number in present},
        )


async def test_a_form_opens_at_once_while_kare_hangs(tmp_path: Path) -> None:
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(ApiFault("hang"), on="* /")
    async with world(tmp_path, sandbox=sandbox) as bot:
        view = await opened(bot.person(BOB))
        assert (kinds(view), "still loading" in view.text()) == (["number_input"] * 3, True)


async def test_the_lists_are_there_at_once_after_a_restart(tmp_path: Path) -> None:
    await stock(tmp_path)
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(ApiFault("hang"), on="* /")
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        view = await opened(bob)
        found = await bob.search("siteId", SITE)
        assert (kinds(view), SITE in found) == (["external_select"] * 3, True)


async def test_a_form_keeps_its_fields_when_a_list_comes_meanwhile(tmp_path: Path) -> None:
    """In the place of a number field, a list would drop what was typed into it."""
    sandbox = Sandbox(burst=1000)
    for path in LISTS:
        sandbox.kare.faults.next(1, ApiFault("slow", seconds=0.3), on=f"GET {path}")
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await bob.type("siteId", "31")
        await fetched(bot)
        await bob.choose("risk", "3")
        view = await bob.until(lambda view: "dueAt" in view.fields)
        assert (kinds(view), view.value("siteId")) == (["number_input"] * 3, "31")


async def test_a_search_that_finds_nothing_asks_kare_again(tmp_path: Path) -> None:
    """Behind the answer, and at most once in half a minute."""
    await stock(tmp_path)
    sandbox = Sandbox(burst=1000)
    sandbox.catalogue.establishments[0]["sites"].append({"id": 77, "name": "Hangar neuf"})
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        before = await bob.search("siteId", "hangar neuf")
        async with asyncio.timeout(20):
            while not (after := await bob.search("siteId", "hangar neuf")):
                await asyncio.sleep(0.05)
        lists = [one.query for one in sandbox.kare.requests if "establishments" in one.path]
        assert (before, list(after), lists.count({})) == ({}, ["77"], 1)


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


async def test_searching_goes_on_while_kare_hangs(tmp_path: Path) -> None:
    """Every list is asked for again, and none answers; nobody notices."""
    await stock(tmp_path)
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(ApiFault("hang"), on="* /")
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await bob.search("siteId", "a site that no list has")
        await bot.until(lambda: len(sandbox.kare.requests))
        await choose_site(bob, SITE)
        found = await bob.search("technicalInstallationId", "asc")
        assert (list(found), bob.notices) == ([INSTALLATION], [])


async def test_lists_that_are_fresh_are_not_fetched_again_at_a_start(bot: World) -> None:
    await opened(bot.person(BOB))
    assert [one.path for one in bot.sandbox.kare.requests] == []

"""/anomaly's lists when KARE does not give them: numbers, reasons, and answers from the copy."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.patience import PATIENCE
from sandbox.sandbox import Sandbox
from sandbox.slack.seed import BOB
from tests.bot.pickers import INSTALLATION, SITE, choose_site, kinds, opened
from tests.world import World, fetched, stock, world

LISTS = ("/establishments/", "/sites-technical-installations/", "/commissions/")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    """It has KARE's lists."""
    await stock(tmp_path)
    async with world(tmp_path) as bot:
        yield bot


FAILURES = [
    (ApiFault("403"), "Our KARE account may not read this list"),
    (ApiFault("404"), "could not be read"),
    (ApiFault("500"), "is unavailable right now"),
    (ApiFault("html"), "could not be read"),
    (ApiFault("down"), "is unavailable right now"),
    (ApiFault("nonsense"), "could not be read"),
]


@pytest.mark.parametrize(("fault", "why"), FAILURES, ids=[fault.kind for fault, _ in FAILURES])
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
        explained = [why in lines[field + 2] for field in fields]
        assert kinds(view) == ["number_input"] * 3
        assert explained == [True] * 3


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
        assert first == ["external_select", "number_input", "external_select"]
        assert set(found) == {str(number) for number in present}


async def test_a_form_opens_at_once_while_kare_hangs(tmp_path: Path) -> None:
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(ApiFault("hang"), on="* /")
    async with world(tmp_path, sandbox=sandbox) as bot:
        view = await opened(bot.person(BOB))
        assert kinds(view) == ["number_input"] * 3
        assert "still loading" in view.text()


async def test_the_lists_are_there_at_once_after_a_restart(tmp_path: Path) -> None:
    await stock(tmp_path)
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(ApiFault("hang"), on="* /")
    async with world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        view = await opened(bob)
        found = await bob.search("siteId", SITE)
        assert kinds(view) == ["external_select"] * 3
        assert SITE in found


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
        async with asyncio.timeout(PATIENCE):
            while not (after := await bob.search("siteId", "hangar neuf")):
                await asyncio.sleep(0.05)
        lists = [
            request.query for request in sandbox.kare.requests if "establishments" in request.path
        ]
        assert (before, list(after), lists.count({})) == ({}, ["77"], 1)


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
    # The bot may have logged in meanwhile to check its password.
    paths = [request.path for request in bot.sandbox.kare.requests]
    assert [path for path in paths if "/login/" not in path] == []

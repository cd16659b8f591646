"""Links of listings in the form of /report-issue, as a person sees them."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.listings import (
    FLAT,
    HOME,
    LINK,
    LOOKING,
    LOOKUPS,
    SAME_LINK,
    TWIN_LINK,
    filed,
    found,
    looked_up,
    of_message,
    opened,
    settled,
)
from tests.fast_clock import FastClock
from tests.log_lines import lines_of
from tests.world import World, without_lists, world

FOUND_IN_ENGLISH = "Apartment · 65 m² · 3 rooms · Lyon 3e 69003 · €298,000"
FOUND_IN_FRENCH = "Appartement · 65 m² · 3 pièces · Lyon 3e 69003 · 298\u202f000 €"


@pytest.fixture
async def hasty(tmp_path: Path) -> AsyncIterator[World]:
    """A bot whose budget for look-ups ends five times as soon; Slack keeps the machine’s clock."""
    async with world(tmp_path, clock=FastClock(5), sandbox=without_lists()) as bot:
        yield bot


async def test_the_form_opens_while_immoteur_hangs_and_says_that_it_looks(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.always("hang", on="GET /")
    view = await opened(bob, f"{LINK} wrong price")
    assert LOOKING in view.text()
    assert view.value("propertyIds") == LINK
    assert view.value("comment") == "wrong price"


async def test_a_listing_is_told_in_the_persons_language(bot: World, alice: Person) -> None:
    await opened(alice, LINK)
    view = await alice.until(lambda view: FOUND_IN_FRENCH in view.text())
    assert "seloger.com" in view.text()


HANG = ApiFault("hang", seconds=20)
FAILURES = [
    (ApiFault("404"), "Immoteur has no listing for"),
    (ApiFault("403"), "has no access to"),
    (ApiFault("409"), "Data access of our Immoteur account is not configured"),
    (ApiFault("401"), "rejected our access token"),
    (ApiFault("429"), "is limiting our requests"),
    (ApiFault("503"), "is limiting our requests"),
    (ApiFault("422"), "cannot read"),
    (ApiFault("500"), "returned an error"),
    (ApiFault("html"), "returned an error"),
    (ApiFault("nonsense"), "returned an error"),
    (ApiFault("empty"), "returned an error"),
    (ApiFault("cut"), "did not answer in time"),
]


@pytest.mark.parametrize(("fault", "why"), FAILURES, ids=[case[0].kind for case in FAILURES])
async def test_a_link_that_cannot_be_read_stays_with_the_reason(
    bot: World, bob: Person, fault: ApiFault, why: str
) -> None:
    bot.sandbox.immoteur.faults.always(fault, on=LOOKUPS)
    view = await found(bob, f"other {LINK} wrong")
    line_of_fault = next((line for line in view.text().splitlines() if why in line), "")
    assert view.value("propertyIds") == LINK
    assert LINK in line_of_fault


@pytest.mark.parametrize("fault", ["404", "401", "429", "500", "html", "cut"])
async def test_no_failure_of_a_look_up_stands_in_the_way_of_an_id(
    bot: World, bob: Person, fault: str
) -> None:
    bot.sandbox.immoteur.faults.always(fault, on=LOOKUPS)
    await found(bob, f"other {LINK} wrong")
    await bob.type("propertyIds", HOME)
    outcome = await bob.submit()
    assert (outcome.kind, await filed(bot)) == (
        "closed",
        {"propertyIds": [HOME], "issueKind": "other", "comment": "wrong"},
    )


async def test_a_look_up_that_hangs_is_told_and_does_not_stand_in_the_way(hasty: World) -> None:
    hasty.sandbox.immoteur.faults.always(HANG, on=LOOKUPS)
    bob = hasty.person(BOB)
    view = await found(bob, f"other {LINK} wrong")
    await bob.type("propertyIds", HOME)
    await bob.submit()
    body = await filed(hasty)
    assert f"did not answer in time for {LINK}" in view.text()
    assert body["propertyIds"] == [HOME]


async def test_an_immoteur_that_is_down_is_told(tmp_path: Path) -> None:
    async with world(tmp_path, settings={"IMMOTEUR_API_URL": "http://127.0.0.1:9"}) as bot:
        view = await found(bot.person(BOB), f"other {LINK} wrong")
        assert f"Immoteur cannot be reached, so {LINK} was not looked up yet." in view.text()


async def test_a_form_opened_while_immoteur_wants_patience_does_not_look_for_ever(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("429", retry_after=60), on=LOOKUPS)
    await found(bob, f"other {LINK} wrong")
    await bob.close()
    view = await found(bob, f"other {TWIN_LINK} wrong")
    assert f"is limiting our requests, so {TWIN_LINK}" in view.text()
    assert len(looked_up(bot)) == 1


def content_of(folder: Path) -> str:
    return b"".join(path.read_bytes() for path in folder.iterdir()).decode("utf-8", "replace")


async def test_no_mail_address_and_no_number_of_a_person_gets_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with world(tmp_path) as bot:
        contact = bot.sandbox.catalogue.classifieds[FLAT]["contact"]
        bob = bot.person(BOB)
        message = await of_message(bot, bob, f"split? {LINK} {SAME_LINK}")
        await settled(bob)
        await bob.choose("issueKind", "clustering")
        await bob.until(lambda view: "clusteringAction" in view.fields)
        await bob.choose("clusteringAction", "split")
        await bob.until(lambda view: "classifiedIds.choose" in view.fields)
        await bob.submit()
        await bot.receipt(ANNONCES, says="Filed with", under=message.ts)
        calls = json.dumps([[call.args, call.answer] for call in bot.slack.calls], default=str)
    kept = await asyncio.to_thread(content_of, tmp_path)
    leaks = [
        (where, contact_part)
        for where, text in (("Slack", calls), ("file", kept), ("log", lines_of(caplog)))
        for contact_part in (contact["email"], contact["phone"], "@agence-")
        if contact_part in text
    ]
    assert leaks == []
    assert FLAT in kept
    assert FLAT in calls


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (
            "http://127.0.0.1/admin",
            "This is not the link of a public web page: http://127.0.0.1/admin",
        ),
        ("http://intranet.local/r1", "This is not the link of a public web page"),
        ("ftp://pap.fr/r1", "neither a link nor an id: ftp://pap.fr/r1"),
        ("file:///etc/passwd", "neither a link nor an id: file:///etc/passwd"),
        ("https://pap.fr/" + "r" * 2034, "longer than 2,048 characters"),
    ],
    ids=["this machine", "local", "ftp", "file", "2,049 characters"],
)
async def test_a_link_that_leads_nowhere_is_refused_on_its_field_and_never_asked_for(
    bot: World, bob: Person, link: str, why: str
) -> None:
    await opened(bob, "other")
    await bob.type("propertyIds", link)
    await bob.type("comment", "wrong")
    outcome = await bob.submit()
    assert why in outcome.errors["propertyIds"]
    assert looked_up(bot) == []


async def test_ids_of_things_that_exist_no_more_are_named(bot: World, bob: Person) -> None:
    unknown_id = "00000000-0000-4000-8000-000000000000"
    view = await found(bob, f"other {HOME} classified:{unknown_id} wrong")
    assert f"Immoteur has no listing for {unknown_id}." in view.text()

"""Links that a form did not resolve: looked up before the report is sent, and never dropped."""

from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.early_listings import OTHER, submitted_early
from tests.bot.listings import (
    FLAT,
    HOME,
    HOUSE,
    LINK,
    LOOKUPS,
    TWIN,
    TWIN_HOME,
    TWIN_LINK,
    filed,
    found,
    lines,
    looked_up,
    opened,
)
from tests.fast_clock import FastClock
from tests.world import FAST, World, world

EARLY = [
    (f"other {LINK} wrong", {"propertyIds": [HOME], "classifiedIds": [FLAT]}),
    (f"other {LINK}?utm_source=x {TWIN_LINK} wrong",
     {"propertyIds": [HOME, TWIN_HOME], "classifiedIds": [FLAT, TWIN]}),
    (f"other {TWIN_HOME} {LINK} wrong",
     {"propertyIds": [TWIN_HOME, HOME], "classifiedIds": [FLAT]}),
    (f"other classified:{HOUSE} wrong", {"propertyIds": [HOME], "classifiedIds": [HOUSE]}),
    (f"other {TWIN_LINK} classified:{FLAT} wrong",
     {"propertyIds": [TWIN_HOME], "classifiedIds": [FLAT, TWIN]}),
    (f"merge {LINK} {TWIN_LINK}",
     {"propertyIds": [HOME, TWIN_HOME], "classifiedIds": [FLAT, TWIN]}),
    (f"merge classified:{FLAT} classified:{TWIN}",
     {"propertyIds": [HOME, TWIN_HOME], "classifiedIds": [FLAT, TWIN]}),
    (f"merge {HOME} classified:{TWIN}",
     {"propertyIds": [HOME, TWIN_HOME], "classifiedIds": [TWIN]}),
    (f"split {LINK}", {"propertyIds": [HOME], "classifiedIds": [FLAT]}),
    (f"split {HOME} {TWIN_LINK}", {"propertyIds": [HOME], "classifiedIds": [TWIN]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "targets"), EARLY, ids=[case[0][:40] for case in EARLY])
async def test_what_is_sent_before_it_was_found_is_filed_with_its_ids(
    bot: World, bob: Person, text: str, targets: dict[str, list[str]]
) -> None:
    await submitted_early(bot, bob, text)
    body = await filed(bot)
    assert {name: body[name] for name in body if name.endswith("Ids")} == targets


async def test_the_receipt_shows_the_listing_that_was_found_later(bot: World, bob: Person) -> None:
    await submitted_early(bot, bob, f"other {LINK} wrong")
    receipt = await bot.receipt(ANNONCES, says="Filed with")
    shown = bob.read(receipt)
    assert "Apartment · 65 m² · 3 rooms · Lyon 3e 69003 · €298,000" in shown
    assert HOME not in shown
    assert FLAT not in shown


async def test_the_receipt_shows_the_link_while_it_is_looked_up(bot: World, bob: Person) -> None:
    await submitted_early(bot, bob, f"other {LINK} wrong")
    receipt = await bot.receipt(ANNONCES, says="Saved")
    assert LINK in bob.read(receipt)


async def test_a_form_and_the_worker_ask_once_for_the_same(bot: World, bob: Person) -> None:
    await submitted_early(bot, bob, f"other {LINK} wrong")
    await filed(bot)
    assert looked_up(bot) == ["/classifieds/lookup"]


async def test_classifieds_go_alone_where_the_policy_says_so(tmp_path: Path) -> None:
    config = FAST.model_copy(update={"classifieds_alone": True})
    async with world(tmp_path, config=config) as bot:
        bot.sandbox.immoteur.classifieds_alone = True
        bob = bot.person(BOB)
        await found(bob, f"other classified:{FLAT} wrong")
        await bob.submit()
        assert await filed(bot) == {**OTHER, "classifiedIds": [FLAT]}


async def test_more_classifieds_than_a_form_shows_all_get_their_property(
    bot: World, bob: Person
) -> None:
    rows = list(bot.sandbox.catalogue.classifieds.values())[4:34]
    await opened(bob, "other classifieds: " + " ".join(row["id"] for row in rows) + " wrong")
    await bob.submit()
    body = await filed(bot)
    assert body["propertyIds"] == list(dict.fromkeys(row["propertyId"] for row in rows))


async def test_links_of_both_fields_are_counted_together(bot: World, bob: Person) -> None:
    await opened(bob, "split")
    for name, start in (("propertyIds", 0), ("classifiedIds", 11)):
        await bob.type(name, lines(*(f"pap.fr/r{n}" for n in range(start, start + 11))))
    await bob.type("comment", "wrong")
    outcome = await bob.submit()
    assert list(outcome.errors.values()) == ["22 links: a report can have at most 20."]


async def test_a_refused_token_holds_the_report_until_it_works(tmp_path: Path) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.always("401", on="GET /")
        bob = bot.person(BOB)
        await opened(bob, f"other {LINK} wrong")
        await bob.submit()
        await bot.state(1, "held")
        clock.speed = 200
        bot.sandbox.immoteur.faults.stop()
        # It may have begun to wait its minute before the clock ran faster.
        bot.runtime.services.news_of("immoteur", None)
        assert await filed(bot) == {**OTHER, "propertyIds": [HOME], "classifiedIds": [FLAT]}


async def test_a_403_because_of_the_token_holds_the_report_too(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.always("403", on="GET /classifieds")
    bot.sandbox.immoteur.faults.always("403", on="GET /auth")
    await opened(bob, f"other {LINK} wrong")
    await bob.submit()
    row = await bot.state(1, "held")
    assert "IMMOTEUR_TOKEN" in row["cause"]


async def test_patience_asked_for_is_given_and_then_the_report_is_filed(tmp_path: Path) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.next(1, ApiFault("429", retry_after=30), on=LOOKUPS)
        bob = bot.person(BOB)
        await opened(bob, f"other {LINK} wrong")
        clock.speed, asked = 20, clock.time()
        await bob.submit()
        await bot.receipt(ANNONCES, says="is busy")
        await filed(bot)
        lookups = [request for request in bot.sandbox.immoteur.requests if request.path != "/auth"]
        assert lookups[1].path == "/classifieds/lookup"
        assert lookups[1].at - asked >= 25


async def test_an_immoteur_that_is_down_is_waited_for(tmp_path: Path) -> None:
    async with world(tmp_path, settings={"IMMOTEUR_API_URL": "http://127.0.0.1:9"}) as bot:
        bob = bot.person(BOB)
        await opened(bob, f"other {LINK} wrong")
        await bob.submit()
        await bot.receipt(ANNONCES, says="cannot be reached")
        row = await bot.state(1, "waiting")
        assert row["cause"] == '{"why":"unreachable"}'


async def test_what_was_found_before_sending_is_known_when_it_is_reported_again(
    bot: World, bob: Person
) -> None:
    await submitted_early(bot, bob, f"other {LINK} wrong")
    await bot.state(1, "filed")
    await found(bob, f"other {HOME} wrong again")
    outcome = await bob.submit()
    assert (outcome.kind, bot.rows("select number from reports")) == (
        "updated",
        [{"number": 1}],
    )

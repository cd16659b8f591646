"""Posted links are unfurled: what they lead to, what became of it, and a button to report it."""

from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person, events, unfurls
from sandbox.slack.seed import ANNONCES, BOB, DIRECTION, GENERAL
from tests.bot.listings import FLAT, HOUSE_LINK, LINK, LOOKUPS, UNKNOWN_LINK, looked_up
from tests.bot.unfurls.posted_links import (
    MANY,
    current,
    idle,
    unfurled,
    with_links,
)
from tests.world import World, world


async def test_a_posted_link_shows_the_listing_as_the_form_does(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(f"look: {LINK}", channel=ANNONCES))
    shown = bob.read(message).splitlines()[1:]
    await bob.command("/report-issue", LINK, channel=ANNONCES)
    form = await bob.until(lambda view: "m²" in view.text())
    assert shown[-1] == "[Report]"
    assert shown[:2] == [line for line in form.text().splitlines() if line in shown]


async def test_it_is_in_the_language_of_channels(tmp_path: Path) -> None:
    settings = {"CONSTAT_UNFURL_DOMAINS": "seloger.com", "CONSTAT_LANGUAGE": "fr"}
    async with world(tmp_path, sandbox=with_links(), settings=settings) as bot:
        bob = bot.person(BOB)
        message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
        assert "Appartement" in bob.read(message)
        assert "[Signaler]" in bob.read(message)


async def test_several_links_of_a_message_are_unfurled_by_one_call(bot: World, bob: Person) -> None:
    message = await bob.post(f"{LINK} or {HOUSE_LINK}", channel=ANNONCES)
    await unfurled(bot, message, 2)
    await idle(bot)
    assert len(bot.slack.calls_of("chat.unfurl")) == 1


async def test_two_links_to_the_same_listing_are_unfurled_once(bot: World, bob: Person) -> None:
    twice = f"{LINK} {LINK}?utm_source=chat"
    message = await bob.post(twice, channel=ANNONCES)
    await unfurled(bot, message)
    await idle(bot)
    assert [attachment["from_url"] for attachment in current(bot, message).attachments] == [LINK]


async def test_a_link_with_an_ampersand_is_unfurled_under_the_form_that_slack_sent(
    bot: World, bob: Person
) -> None:
    message = await bob.post(f"{LINK}?utm_source=chat&utm_medium=ad", channel=ANNONCES)
    attachments = (await unfurled(bot, message)).attachments
    assert attachments[0]["app_unfurl_url"] == f"{LINK}?utm_source=chat&amp;utm_medium=ad"


@pytest.mark.parametrize(
    "text",
    [
        "no link at all",
        UNKNOWN_LINK,
        "https://www.example.com/annonces/1",
        "https://seloger.com.example.net/annonces/1",
        "https://www.seloger.com/",
        f"https://www.seloger.com/{'x' * 2100}",
    ],
    ids=["none", "unknown", "elsewhere", "lookalike", "front page", "too long"],
)
async def test_nothing_is_unfurled_for_what_is_no_listing(
    bot: World, bob: Person, text: str
) -> None:
    await bob.post(text, channel=ANNONCES)
    await idle(bot)
    assert bot.slack.calls_of("chat.unfurl") == []


@pytest.mark.parametrize("fault", ["500", "429", "down", "html", "401"])
async def test_nothing_is_unfurled_and_nobody_is_told_while_immoteur_does_not_answer(
    bot: World, bob: Person, fault: str
) -> None:
    bot.sandbox.immoteur.faults.always(fault, on=LOOKUPS)
    await bob.post(LINK, channel=ANNONCES)
    await idle(bot)
    assert bot.slack.calls_of("chat.unfurl") == []
    assert bot.slack.calls_of("chat.postMessage") == []
    assert bob.ephemerals == []


async def test_while_immoteur_wants_no_request_a_posted_link_makes_none(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("429", retry_after=60), on=LOOKUPS)
    await bob.post(LINK, channel=ANNONCES)
    await idle(bot)
    asked = looked_up(bot)
    await bob.post(HOUSE_LINK, channel=ANNONCES)
    await idle(bot)
    assert looked_up(bot) == asked


async def test_a_link_that_is_still_being_typed_is_left_alone(bot: World, bob: Person) -> None:
    acks = await bob.compose(LINK)
    await idle(bot)
    assert [ack.ok for ack in acks] == [True]
    assert bot.slack.calls_of("chat.unfurl") == []


async def test_an_organisations_install_unfurls_without_an_unfurl_id(tmp_path: Path) -> None:
    from dataclasses import replace

    sandbox = with_links()
    app = sandbox.slack.workspace.app
    sandbox.slack.workspace.app = replace(app, enterprise_id="E1")
    settings = {"CONSTAT_UNFURL_DOMAINS": "seloger.com"}
    async with world(tmp_path, sandbox=sandbox, settings=settings) as bot:
        await unfurled(bot, await bot.person(BOB).post(LINK, channel=ANNONCES))


@pytest.mark.parametrize("channel", [GENERAL, DIRECTION], ids=["public", "private"])
async def test_a_link_is_unfurled_where_the_bot_is_no_member(
    bot: World, bob: Person, channel: str
) -> None:
    await unfurled(bot, await bob.post(LINK, channel=channel))


async def test_a_link_is_not_unfurled_twice_however_often_it_is_named(
    bot: World, bob: Person
) -> None:
    message = await bob.post(LINK, channel=ANNONCES)
    await unfurled(bot, message)
    for _ in range(3):
        await bob.share_links(message)
    await idle(bot)
    assert len(bot.slack.calls_of("chat.unfurl")) == 1


async def test_a_link_that_an_edit_adds_is_unfurled(bot: World, bob: Person) -> None:
    from dataclasses import replace

    message = await bob.post(LINK, channel=ANNONCES)
    await unfurled(bot, message)
    edited = replace(current(bot, message), text=f"<{LINK}> <{HOUSE_LINK}>")
    bot.slack.workspace.put(edited)
    await bob.share_links(edited)
    await unfurled(bot, message, 2)


@pytest.mark.parametrize("seed", range(2))
async def test_no_link_is_unfurled_twice_in_any_order(bot: World, bob: Person, seed: int) -> None:
    envelopes = []
    for number in range(MANY):
        message = bob.say(f"{LINK}?utm_id={number}", channel=ANNONCES)
        envelope = unfurls.link_shared(bot.slack, message)
        assert envelope is not None
        envelopes.append(envelope)
    for delivery in events.disordered(envelopes, seed):
        ack = await bot.link.deliver("events_api", delivery.envelope, 10.0, delivery.retry)
        assert ack.ok, ack.failure
        bot.slack.unfurls.acknowledge(delivery.envelope["event"])
    await bot.until(lambda: len(bot.rows("select * from unfurls")) == MANY)
    assert len(bot.rows("select * from events")) == MANY


async def test_of_a_posted_link_nothing_is_stored_but_a_hash(bot: World, bob: Person) -> None:
    posted = f"{LINK}?utm_source=only-posted"
    await unfurled(bot, await bob.post(posted, channel=ANNONCES))
    await idle(bot)
    path = bot.db_path
    bytes_stored = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    page = LINK.removeprefix("https://www.").encode()
    assert page not in bytes_stored
    assert FLAT.encode() not in bytes_stored
    assert [len(row["hash"]) for row in bot.rows("select hash from unfurls")] == [64]
    assert [row["facts"] for row in bot.rows("select facts from events")] == ["{}"]


async def test_a_flood_of_links_does_not_keep_a_form_waiting(bot: World, bob: Person) -> None:
    for home in list(bot.sandbox.catalogue.properties.values())[10:30]:
        await bob.post(home["classifieds"][0]["source"]["url"], channel=GENERAL)
    await bob.command("/report-issue", LINK, channel=ANNONCES)
    await bob.until(lambda view: "m²" in view.text())
    waiting = bot.runtime.services.tasks._running
    assert len(waiting) > 5


async def test_the_shortcut_of_a_message_with_an_unfurled_link_repeats_nothing_of_ours(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(f"wrong price {LINK}", channel=ANNONCES))
    await bob.shortcut("report_issue_from_message", message)
    view = await bob.view()
    assert view.value("propertyIds") == LINK
    assert "Apartment" not in str(view.value("comment"))
    assert "Report" not in str(view.value("comment"))

"""Posted links are unfurled: what they lead to, what became of it, and a button to report it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message, Person, SlackFault, events, unfurls
from sandbox.slack.seed import ANNONCES, BOB, DIRECTION, GENERAL
from tests.bot.listings import FLAT, HOUSE_LINK, LINK, LOOKUPS, SAME_LINK, UNKNOWN_LINK, looked_up
from tests.bot.test_http import post, signed
from tests.world import World, without_lists, world

Json = dict[str, Any]
DOMAINS = ("seloger.com", "pap.fr", "bienici.com", "orpi.com")
BUTTON = "report_link.report_issue"
MANY = 15
"""Messages with a link. The same test with 40 of them waits for Slack's limit."""


def with_links(*domains: str) -> Any:
    sandbox = without_lists()
    workspace = sandbox.slack.workspace
    workspace.app = workspace.app.with_links(*(domains or DOMAINS))
    return sandbox


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    settings = {"CONSTAT_UNFURL_DOMAINS": ",".join(DOMAINS)}
    async with world(tmp_path, sandbox=with_links(), settings=settings) as made:
        yield made


def current(bot: World, message: Message) -> Message:
    found: Message = bot.slack.workspace.messages[message.channel][message.ts]
    return found


async def unfurled(bot: World, message: Message, count: int = 1) -> Message:
    """The message once so many of its links are unfurled."""
    await bot.until(lambda: len(current(bot, message).attachments) >= count)
    return current(bot, message)


async def idle(bot: World) -> None:
    """Wait until nothing is being unfurled any more."""
    tasks = bot.runtime.services.tasks
    await bot.until(lambda: not tasks._running)


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
    assert [one["from_url"] for one in current(bot, message).attachments] == [LINK]


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
    await bot.until(lambda: len(bot.rows("select * from unfurls")) == MANY, 30)
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


async def test_the_button_opens_the_form_filled_in_with_the_link(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await bob.press_unfurl(message, BUTTON)
    view = await bob.until(lambda view: "m²" in view.text())
    assert view.value("propertyIds") == LINK


async def test_each_button_is_of_its_own_link(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(f"{LINK} {HOUSE_LINK}", channel=ANNONCES), 2)
    await bob.press_unfurl(message, BUTTON, of="orpi.com")
    view = await bob.view()
    assert view.value("propertyIds") == HOUSE_LINK


async def report(bob: Person, message: Message) -> None:
    await bob.press_unfurl(message, BUTTON)
    await bob.view()
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.type("comment", "the page is empty")
    await bob.submit()


async def test_the_report_is_told_in_the_thread_of_the_message(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.receipt(ANNONCES, says="Filed", under=message.ts)
    assert [one.ts for one in bot.slack.workspace.history(ANNONCES)] == [message.ts]


async def test_a_link_in_a_thread_is_reported_in_that_thread(bot: World, bob: Person) -> None:
    parent = bob.say("new today", channel=ANNONCES)
    posted = await bob.post(LINK, channel=ANNONCES, thread_ts=parent.ts)
    await report(bob, await unfurled(bot, posted))
    await bot.receipt(ANNONCES, says="Filed", under=parent.ts)


async def test_where_the_bot_is_no_member_the_receipt_comes_to_the_person(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=DIRECTION))
    await report(bob, message)
    await bot.until(lambda: [one for one in bob.direct_messages if "Filed" in one.text])


async def test_the_next_link_to_it_shows_that_it_was_reported_and_where(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.receipt(ANNONCES, says="Filed", under=message.ts)
    again = await unfurled(bot, await bob.post(f"{LINK}?utm_id=2", channel=ANNONCES))
    shown = json.dumps(again.attachments[0]["blocks"], ensure_ascii=False)
    assert "was reported already and filed" in shown
    assert f"archives/{ANNONCES}/p{message.ts.replace('.', '')}" in shown


async def test_in_another_channel_it_does_not_show_where(bot: World, bob: Person) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=DIRECTION))
    await report(bob, message)
    await bot.state(1, "filed")
    elsewhere = await unfurled(bot, await bob.post(LINK, channel=GENERAL))
    shown = json.dumps(elsewhere.attachments[0]["blocks"], ensure_ascii=False)
    assert "reported already" in shown
    assert "archives" not in shown
    assert BOB not in shown


async def test_a_link_to_a_listing_on_another_portal_shows_the_same_report(
    bot: World, bob: Person
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.state(1, "filed")
    other = await unfurled(bot, await bob.post(SAME_LINK, channel=ANNONCES))
    assert "reported already" in bob.read(other)


async def test_a_discarded_report_is_not_mentioned(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("422"))
    await unfurled(bot, message := await bob.post(LINK, channel=ANNONCES))
    await report(bob, message)
    await bot.state(1, "refused")
    receipt = await bot.receipt(ANNONCES, says="Not filed", under=message.ts)
    await bob.press(receipt, "discard")
    await bot.state(1, "discarded")
    bot.sandbox.immoteur.faults.stop()
    again = await unfurled(bot, await bob.post(f"{LINK}?utm_id=2", channel=ANNONCES))
    assert "reported" not in bob.read(again)


async def test_a_form_that_cannot_be_opened_is_told_where_the_button_is(
    bot: World, alice: Person
) -> None:
    parent = alice.say("nouveau", channel=ANNONCES)
    message = await alice.post(LINK, channel=ANNONCES, thread_ts=parent.ts)
    bot.slack.faults.set("views.open", SlackFault("error", error="expired_trigger_id"), times=1)
    await alice.press_unfurl(await unfurled(bot, message), BUTTON)
    told = await bot.until(lambda: alice.ephemerals)
    assert told[0].thread_ts == parent.ts
    assert "formulaire" in told[0].text


async def test_a_button_from_before_immoteur_was_taken_away_says_so(
    bot: World, bob: Person, tmp_path: Path
) -> None:
    message = await unfurled(bot, await bob.post(LINK, channel=ANNONCES))
    later = tmp_path / "later"
    later.mkdir()
    settings = {"IMMOTEUR_TOKEN": None}
    async with world(later, sandbox=with_links(), settings=settings) as without:
        without.slack.workspace.put(message)
        bob = without.person(BOB)
        await bob.press_unfurl(message, BUTTON)
        told = await without.until(lambda: bob.ephemerals)
    assert "IMMOTEUR_TOKEN" in told[0].text


async def test_slacks_limit_is_waited_for(bot: World, bob: Person) -> None:
    bot.slack.faults.set("chat.unfurl", SlackFault("429", seconds=1), times=1)
    await unfurled(bot, await bob.post(LINK, channel=ANNONCES))


async def test_a_cut_connection_does_not_lose_the_preview(bot: World, bob: Person) -> None:
    bot.slack.faults.set("chat.unfurl", SlackFault("cut_before"), times=1)
    message = await bob.post(LINK, channel=ANNONCES)
    await bot.until(lambda: current(bot, message).attachments, 10)


async def test_a_call_that_comes_before_the_answer_to_the_event_is_made_again(
    bot: World, bob: Person
) -> None:
    fault = SlackFault("error", error="cannot_unfurl_url")
    bot.slack.faults.set("chat.unfurl", fault, times=1)
    await unfurled(bot, await bob.post(LINK, channel=ANNONCES))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("cannot_unfurl_url", "INFO"),
        ("cannot_find_message", "INFO"),
        ("no_permission", "INFO"),
        ("cannot_parse_attachment", "ERROR"),
        ("invalid_blocks", "ERROR"),
    ],
)
async def test_a_refusal_of_slack_is_silent_and_logged_without_the_link(
    bot: World, bob: Person, caplog: pytest.LogCaptureFixture, code: str, level: str
) -> None:
    caplog.set_level("INFO")
    bot.slack.faults.set("chat.unfurl", SlackFault("error", error=code), times=9)
    message = await bob.post(LINK, channel=ANNONCES)
    await idle(bot)
    logged = [one for one in caplog.records if code in one.getMessage()]
    assert [one.levelname for one in logged] == [level]
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("bot.")]
    assert "seloger" not in "".join(ours)
    assert bob.ephemerals == []
    assert bot.slack.workspace.thread(ANNONCES, message.ts) == [message]


async def test_a_missing_scope_is_logged_once(tmp_path: Path, caplog: Any) -> None:
    from dataclasses import replace

    sandbox = with_links()
    app = sandbox.slack.workspace.app
    sandbox.slack.workspace.app = replace(app, scopes=app.scopes - {"links:write"})
    settings = {"CONSTAT_UNFURL_DOMAINS": "seloger.com"}
    async with world(tmp_path, sandbox=sandbox, settings=settings) as bot:
        for number in range(3):
            await bot.person(BOB).post(f"{LINK}?utm_id={number}", channel=ANNONCES)
        await idle(bot)
    assert len([one for one in caplog.records if "missing_scope" in one.getMessage()]) == 1


async def test_without_the_setting_the_event_is_acknowledged_and_nothing_happens(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, sandbox=with_links()) as bot:
        acks = await bot.person(BOB).share_links(bot.person(BOB).say(LINK, channel=ANNONCES))
        await idle(bot)
        assert [ack.ok for ack in acks] == [True]
        assert bot.slack.calls_of("chat.unfurl") == []
        assert bot.rows("select * from events") == []


@pytest.mark.parametrize(
    "change",
    [
        {"links": None},
        {"links": [{"domain": "seloger.com"}]},
        {"links": [{"url": 7}]},
        {"channel": 7},
        {"message_ts": {}},
        {"source": []},
    ],
    ids=str,
)
async def test_a_link_event_of_another_shape_is_answered_400_and_not_stored(
    bot: World, bob: Person, change: Json
) -> None:
    envelope = unfurls.link_shared(bot.slack, bob.say(LINK, channel=ANNONCES))
    assert envelope is not None
    envelope["event"] |= change
    body = json.dumps(envelope).encode()
    status, _ = await post(bot, body, signed(body, kind="application/json"))
    assert status == 400
    assert bot.rows("select * from events") == []


@pytest.mark.parametrize(
    "change",
    [
        {"message_ts": "../../x"},
        {"message_ts": ""},
        {"channel": ""},
        {"links": []},
        {"links": [{"domain": "seloger.com", "url": "http://[seloger.com/annonces"}]},
        {"links": [{"domain": "seloger.com", "url": "ftp://www.seloger.com/annonces/1"}]},
        {"user": "U0CONSTAT1"},
    ],
    ids=str,
)
async def test_an_event_that_names_nothing_to_unfurl_is_acknowledged_and_not_stored(
    bot: World, bob: Person, change: Json
) -> None:
    envelope = unfurls.link_shared(bot.slack, bob.say(LINK, channel=ANNONCES))
    assert envelope is not None
    envelope["event"] |= change
    body = json.dumps(envelope).encode()
    assert await post(bot, body, signed(body, kind="application/json")) == (200, "")
    assert bot.rows("select * from events") == []


async def test_a_flood_of_links_does_not_keep_a_form_waiting(bot: World, bob: Person) -> None:
    for home in list(bot.sandbox.catalogue.properties.values())[10:60]:
        await bob.post(home["classifieds"][0]["source"]["url"], channel=GENERAL)
    await bob.command("/report-issue", LINK, channel=ANNONCES)
    await bob.until(lambda view: "m²" in view.text(), 3)
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

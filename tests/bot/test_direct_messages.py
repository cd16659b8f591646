"""A direct message to the bot is answered with the forms. Nothing else is answered."""

from pathlib import Path
from typing import Any

import pytest

from bot.event_worker import GIVE_UP_AFTER
from bot.slack import events as incoming
from bot.workspace import Workspace
from sandbox.process import free_port
from sandbox.slack import Person, SlackFault, events
from sandbox.slack.faults import Kind
from sandbox.slack.model import App
from sandbox.slack.seed import ALICE, BOB
from storage import events as stored
from storage.engine import Database
from storage.events import Event
from tests.fast_clock import FastClock
from tests.world import ID, World, world

Json = dict[str, Any]


def answers(person: Person) -> list[Any]:
    return [message for message in person.direct_messages if message.bot_id]


async def answer(bot: World, person: Person) -> Any:
    return (await bot.until(lambda: answers(person)))[-1]


@pytest.mark.parametrize(
    ("user", "says"),
    [(BOB, "Each button opens a form"), (ALICE, "Chaque bouton ouvre un formulaire")],
    ids=["en", "fr"],
)
async def test_the_answer_is_in_the_persons_language_with_a_button_for_each_form(
    bot: World, user: str, says: str
) -> None:
    person = bot.person(user)
    await person.write_to_bot("How do I report something?")
    message = await answer(bot, person)
    assert says in person.read(message)
    await person.press(message, "home_form.anomaly")
    assert (await person.view()).callback_id == "anomaly"


async def test_a_link_in_the_message_fills_the_form(bot: World, bob: Person) -> None:
    await bob.write_to_bot("https://www.seloger.com/annonces/123.htm the price is wrong")
    await bob.press(await answer(bot, bob), "home_form.report_issue")
    view = await bob.view()
    assert view.value("propertyIds") == "https://www.seloger.com/annonces/123.htm"


async def test_ids_of_a_message_that_is_too_long_for_a_button_fill_the_form(
    bot: World, bob: Person
) -> None:
    await bob.write_to_bot(f"{'very ' * 600} wrong: {ID}")
    await bob.press(await answer(bot, bob), "home_form.report_issue")
    view = await bob.view()
    assert ID in str(view.value("propertyIds"))


async def test_a_report_from_there_is_answered_in_the_direct_messages(
    bot: World, bob: Person
) -> None:
    await bob.write_to_bot(f"wrong: {ID}")
    message = await answer(bot, bob)
    await bob.press(message, "home_form.report_issue")
    await bob.view()
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.submit()
    await bot.state(1, "filed")
    await bot.until(lambda: len(answers(bob)) == 2)
    assert answers(bob)[-1].channel == message.channel


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B1"},
        {"app_id": "A1"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"user": "USLACKBOT"},
        {"user": App.bot_user_id},
        {"user": None},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
    ],
    ids=str,
)
async def test_bots_edits_and_other_conversations_are_not_answered(
    bot: World, bob: Person, change: Json
) -> None:
    slack = bot.sandbox.slack
    channel = slack.workspace.dm_with_bot(BOB)
    message = slack.workspace.say(channel.id, BOB, "hello")
    body = events.direct_message(slack, message)
    body["event"] = body["event"] | change
    await events.send(bot.link, body)
    assert bot.rows("select * from events") == []


async def test_the_bots_own_answer_is_not_answered(bot: World, bob: Person) -> None:
    await bob.write_to_bot("hello")
    own = await answer(bot, bob)
    await events.send(bot.link, events.direct_message(bot.sandbox.slack, own))
    assert len(bot.rows("select * from events")) == 1


async def all_are_worked_on(bot: World) -> None:
    await bot.until(lambda: not bot.rows("select 1 from events where next_try is not null"))


@pytest.mark.parametrize("subtype", ["file_share", "me_message", "thread_broadcast"])
async def test_every_kind_of_message_that_a_person_writes_is_answered(
    bot: World, bob: Person, subtype: str
) -> None:
    channel = bot.slack.workspace.dm_with_bot(BOB)
    message = bot.slack.workspace.say(channel.id, BOB, "hello")
    body = events.direct_message(bot.slack, message)
    body["event"] |= {"subtype": subtype}
    await bot.link.deliver("events_api", body, 3.0)
    await answer(bot, bob)


@pytest.mark.parametrize("place", ["conversation", "thread"])
@pytest.mark.parametrize("fault", ["cut", "cut_before"])
async def test_an_answer_that_slack_did_not_confirm_is_there_once(
    tmp_path: Path, fault: Kind, place: str
) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bob = bot.person(BOB)
        channel = bot.slack.workspace.dm_with_bot(BOB)
        earlier = bob.say("earlier", channel=channel.id)
        thread_ts = {"conversation": None, "thread": earlier.ts}[place]
        bot.slack.faults.set("chat.postMessage", SlackFault(fault), times=1)
        await bob.write_to_bot("hello", thread_ts=thread_ts)
        await all_are_worked_on(bot)
        space = bot.slack.workspace
        there = [*space.history(channel.id), *space.thread(channel.id, earlier.ts)]
        assert [message.thread_ts for message in there if message.bot_id] == [thread_ts]


async def test_an_answer_that_slack_limits_often_is_posted_in_the_end(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bob = bot.person(BOB)
        limited = SlackFault("429", seconds=1)
        bot.slack.faults.set("chat.postMessage", limited, times=2 * GIVE_UP_AFTER)
        await bob.write_to_bot("hello")
        await all_are_worked_on(bot)
        assert len(answers(bob)) == 1


async def test_an_answer_is_posted_when_slack_can_be_reached_again_after_a_minute(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bob = bot.person(BOB)
        client, address = bot.runtime.services.client, bot.runtime.services.client.base_url
        client.base_url = f"http://127.0.0.1:{free_port()}/"
        await bob.write_to_bot("hello")
        await bot.until(lambda: bot.rows("select 1 from events where failures > 0"))
        await bot.runtime.services.clock.sleep(60)
        client.base_url = address
        await all_are_worked_on(bot)
        assert len(answers(bob)) == 1


async def test_an_answer_that_cannot_be_looked_for_is_not_posted_again(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bob = bot.person(BOB)
        bot.slack.faults.set("chat.postMessage", SlackFault("cut"), times=1)
        missing = SlackFault("error", error="missing_scope")
        bot.slack.faults.set("conversations.history", missing)
        await bob.write_to_bot("hello")
        await all_are_worked_on(bot)
        assert len(answers(bob)) == 1


async def test_an_answer_that_a_dead_bot_had_begun_is_posted_if_it_is_not_there(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as bot:
        bob = bot.person(BOB)
        message = bob.say("hello", channel=bot.slack.workspace.dm_with_bot(BOB).id)
        read = incoming.read(events.direct_message(bot.slack, message), Workspace())
        assert read is not None
        await bot.runtime.services.store.write(begun, read)
        await all_are_worked_on(bot)
        assert len(answers(bob)) == 1


def begun(db: Database, event: Event) -> None:
    stored.add(db, event, now=0.0)
    claimed = stored.claim(db, "dead", now=0.0, lease=0.0)
    assert claimed is not None
    assert stored.begin(db, claimed, now=0.0)


async def test_an_answer_that_is_being_posted_is_not_posted_again_when_the_date_is_set(
    tmp_path: Path,
) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock) as bot:
        bob = bot.person(BOB)
        bot.slack.faults.set("chat.postMessage", SlackFault("slow", seconds=0.5), times=1)
        await bob.write_to_bot("How do I report something?")
        await bot.until(lambda: bot.rows("select 1 from events where begun_at is not null"))
        clock.set_date(3600)
        bot.runtime.services.event_alarm.set()
        await bot.until(lambda: bot.rows("select 1 from events where next_try is null"))
    assert len(answers(bob)) == 1

"""What Slack refuses, cuts off or sends malformed leaves no trace where people read."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.slack import Person, SlackFault, unfurls
from sandbox.slack.link import Retry
from sandbox.slack.seed import ANNONCES, BOB
from storage import events
from storage.engine import Database
from tests.bot.listings import LINK
from tests.bot.test_http import post, signed
from tests.bot.unfurls.posted_links import (
    Json,
    current,
    idle,
    unfurled,
    with_links,
)
from tests.fast_clock import FastClock
from tests.log_lines import lines_of
from tests.world import World, world


async def test_slacks_limit_is_waited_for(bot: World, bob: Person) -> None:
    bot.slack.faults.set("chat.unfurl", SlackFault("429", seconds=1), times=1)
    await unfurled(bot, await bob.post(LINK, channel=ANNONCES))


async def test_a_cut_connection_does_not_lose_the_preview(bot: World, bob: Person) -> None:
    bot.slack.faults.set("chat.unfurl", SlackFault("cut_before"), times=1)
    message = await bob.post(LINK, channel=ANNONCES)
    await bot.until(lambda: current(bot, message).attachments)


async def test_a_call_that_comes_before_the_answer_to_the_event_is_made_again(
    bot: World, bob: Person
) -> None:
    fault = SlackFault("error", error="cannot_unfurl_url")
    bot.slack.faults.set("chat.unfurl", fault, times=1)
    await unfurled(bot, await bob.post(LINK, channel=ANNONCES))


async def test_a_link_is_unfurled_when_slack_sends_it_again_and_whoever_stored_it_did_not(
    bot: World, bob: Person
) -> None:
    message = bob.say(LINK, channel=ANNONCES)
    envelope = unfurls.link_shared(bot.slack, message)
    assert envelope is not None
    store = bot.runtime.services.store
    await store.write(events.remember, envelope["event_id"], "link_shared", now=0.0)
    await bot.link.deliver("events_api", envelope, 3.0, Retry(1, "http_timeout"))
    bot.slack.unfurls.acknowledge(envelope["event"])
    await unfurled(bot, message)


async def test_a_link_is_unfurled_once_the_database_works_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"CONSTAT_UNFURL_DOMAINS": "seloger.com"}
    clock = FastClock(20)
    async with world(tmp_path, sandbox=with_links(), settings=settings, clock=clock) as bot:
        store = bot.runtime.services.store
        await store.write(execute, "alter table unfurls rename to gone")
        message = await bot.person(BOB).post(LINK, channel=ANNONCES)
        await bot.until(lambda: "links are unfurled when the database works again" in caplog.text)
        await store.write(execute, "alter table gone rename to unfurls")
        await unfurled(bot, message)


def execute(db: Database, sql: str) -> None:
    db.execute(sql)


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("cannot_unfurl_url", "info"),
        ("cannot_find_message", "info"),
        ("no_permission", "info"),
        ("cannot_parse_attachment", "error"),
        ("invalid_blocks", "error"),
    ],
)
async def test_a_refusal_of_slack_is_silent_and_logged_without_the_link(
    bot: World, bob: Person, caplog: pytest.LogCaptureFixture, code: str, level: str
) -> None:
    caplog.set_level("INFO")
    bot.slack.faults.set("chat.unfurl", SlackFault("error", error=code), times=9)
    message = await bob.post(LINK, channel=ANNONCES)
    await idle(bot)
    lines = [line for line in lines_of(caplog).splitlines() if "logger=bot." in line]
    levels = [line.split("level=")[1].split()[0] for line in lines if code in line]
    assert levels == [level]
    assert "seloger" not in "".join(lines)
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
    lines = [line for line in lines_of(caplog).splitlines() if "missing_scope" in line]
    assert len(lines) == 1


async def test_without_the_setting_the_event_is_acknowledged_and_nothing_happens(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, sandbox=with_links()) as bot:
        acks = await bot.person(BOB).share_links(bot.person(BOB).say(LINK, channel=ANNONCES))
        await idle(bot)
        assert [ack.ok for ack in acks] == [True]
        assert bot.slack.calls_of("chat.unfurl") == []
        assert bot.rows("select * from events") == []


async def post_changed(bot: World, person: Person, change: Json) -> tuple[int, str]:
    """The answer to the event of a posted link in which the fields of `change` are replaced."""
    envelope = unfurls.link_shared(bot.slack, person.say(LINK, channel=ANNONCES))
    assert envelope is not None
    envelope["event"] |= change
    body = json.dumps(envelope).encode()
    return await post(bot, body, signed(body, kind="application/json"))


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
    status, _ = await post_changed(bot, bob, change)
    assert status == 400
    assert bot.rows("select * from events") == []


@pytest.mark.parametrize(
    "change",
    [
        {"message_ts": "../../x"},
        {"message_ts": ""},
        {"message_ts": "\u0661.\u0661"},
        {"channel": ""},
        {"channel": "COMPOSER"},
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
    assert await post_changed(bot, bob, change) == (200, "")
    assert bot.rows("select * from events") == []


async def test_a_link_in_a_channel_that_another_company_reads_is_not_unfurled(
    bot: World, bob: Person
) -> None:
    envelope = unfurls.link_shared(bot.slack, bob.say(LINK, channel=ANNONCES))
    assert envelope is not None
    body = json.dumps(envelope | {"is_ext_shared_channel": True}).encode()
    assert await post(bot, body, signed(body, kind="application/json")) == (200, "")
    assert bot.rows("select * from events") == []

"""Events of Slack: acknowledged once they are stored, and worked on once."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bot.bolt_app import build_app
from sandbox.slack import BotLink, SlackFault, events
from sandbox.slack.limits import Limiter
from sandbox.slack.seed import ALICE, BOB
from storage import events as stored
from storage.events import Event
from storage.opening import open_database
from tests.bot.test_http import post, signed
from tests.engines import address_in
from tests.world import World, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

Json = dict[str, Any]
JSON = "application/json"
MANY = 200
"""Events. The same test with 10,000 of them takes a minute."""


async def answered(bot: World, payload: object) -> tuple[int, str]:
    body = json.dumps(payload).encode()
    return await post(bot, body, signed(body, kind=JSON))


def opened(bot: World, user: str = BOB, tab: str = "home") -> Json:
    slack = bot.sandbox.slack
    return events.app_home_opened(slack, slack.workspace.users[user], tab)


async def deliver(link: BotLink, delivery: events.Delivery) -> None:
    ack = await link.deliver("events_api", delivery.envelope, 10.0, delivery.retry)
    assert ack.ok, ack.failure


def open_events(bot: World) -> list[Json]:
    return bot.rows("select * from events where next_try is not null")


async def test_slacks_check_of_the_address_gets_its_challenge(bot: World) -> None:
    payload = {"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}
    status, body = await answered(bot, payload)
    assert status == 200
    assert "3eZbrw1a" in body


@pytest.mark.parametrize("challenge", [{}, {"challenge": None}, {"challenge": ""}], ids=str)
async def test_a_check_of_the_address_without_a_challenge_is_answered_400(
    bot: World, challenge: Json
) -> None:
    status, _ = await answered(bot, {"type": "url_verification", "token": "t", **challenge})
    assert status == 400


@pytest.mark.parametrize(
    "challenge", ["a\r\nX-Y: z\x01", "é😀", "x" * 900_000], ids=["control", "emoji", "long"]
)
async def test_a_challenge_comes_back_to_the_letter(bot: World, challenge: str) -> None:
    _, body = await answered(bot, {"type": "url_verification", "challenge": challenge})
    assert json.loads(body) == {"challenge": challenge}


@pytest.mark.parametrize("name", [None, ["event_callback"], 5, {}], ids=str)
async def test_a_request_whose_type_is_no_text_is_answered_400(bot: World, name: object) -> None:
    assert (await answered(bot, opened(bot) | {"type": name}))[0] == 400


@pytest.mark.parametrize(
    "change",
    [
        {"event": None},
        {"event": []},
        {"event": {}},
        {"event": {"type": 5}},
        {"event_id": None},
        {"event_id": ""},
        {"event_id": "x" * 300},
        {"event": {"type": "app_home_opened"}},
        {"event": {"type": "app_home_opened", "user": 5, "channel": "D1", "tab": "home"}},
        {"event": {"type": "app_home_opened", "user": "U1", "tab": "home"}},
        {"event": {"type": "message", "channel": 7}},
        {"event": {"type": "message", "channel": "D1", "channel_type": "im", "user": {}}},
    ],
    ids=str,
)
async def test_a_signed_event_of_another_shape_is_answered_400_and_not_stored(
    bot: World, change: Json
) -> None:
    status, _ = await answered(bot, opened(bot) | change)
    assert status == 400
    assert bot.rows("select * from events") == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "reaction_added", "user": "U1"},
        {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
        {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": "1.0"},
        {"type": "tokens_revoked", "tokens": {}},
    ],
    ids=str,
)
async def test_an_event_that_asks_for_nothing_is_acknowledged_and_not_stored(
    bot: World, event: Json
) -> None:
    assert await answered(bot, opened(bot) | {"event": event}) == (200, "")
    assert bot.rows("select * from events") == []


async def test_the_notice_that_slack_drops_events_is_acknowledged(bot: World) -> None:
    payload = {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820}
    assert await answered(bot, payload) == (200, "")


async def test_an_event_is_stored_before_it_is_acknowledged(bot: World) -> None:
    envelope = opened(bot)
    await answered(bot, envelope)
    rows = bot.rows("select id, type from events")
    assert rows == [{"id": envelope["event_id"], "type": "app_home_opened"}]


async def test_the_event_of_an_opened_home_is_never_due(bot: World) -> None:
    assert await answered(bot, opened(bot)) == (200, "")
    rows = bot.rows("select facts, next_try from events")
    assert rows == [{"facts": "{}", "next_try": None}]
    assert len(bot.rows("select * from homes")) == 1


async def test_an_event_that_cannot_be_stored_is_sent_again_by_slack(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bot.runtime.services.store.close()
        status, _ = await answered(bot, opened(bot))
    assert status == 500


@pytest.mark.parametrize("seed", range(3))
async def test_no_event_is_lost_or_worked_on_twice_in_any_order(bot: World, seed: int) -> None:
    """Direct messages: their work, an answer, can be counted."""
    slack = bot.sandbox.slack
    people = list(slack.workspace.users)
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    envelopes = []
    for number in range(MANY):
        user = rng.choice(people)
        channel = slack.workspace.dm_with_bot(user)
        message = slack.workspace.say(channel.id, user, f"hello {number}")
        envelopes.append(events.direct_message(slack, message))
    slack.post_limits = Limiter(slack.workspace.clock, burst=MANY)
    link = bot.link
    for delivery in events.disordered(envelopes, seed):
        await deliver(link, delivery)
    await bot.until(lambda: not open_events(bot))
    assert len(bot.rows("select * from events")) == MANY
    assert len(slack.calls_of("chat.postMessage")) == MANY


async def test_an_event_that_a_dead_process_left_is_worked_on_at_the_next_start(
    tmp_path: Path,
) -> None:
    db = open_database(address_in(tmp_path))
    facts = {"user": BOB, "team": "T1", "channel": "D1"}
    stored.add(db, Event("Ev1", "app_home_opened", facts), now=1.0)
    db.close()
    async with world(tmp_path) as bot:
        bob = bot.person(BOB)
        await bob.home_shows(lambda text: "[Report an anomaly]" in text)
        assert open_events(bot) == []


async def test_an_event_that_slack_refuses_the_work_of_is_let_go(bot: World) -> None:
    slack = bot.sandbox.slack
    slack.faults.set("chat.postMessage", SlackFault("error", error="restricted_action"), times=1)
    await bot.person(BOB).write_to_bot("hello")
    await slack.called("chat.postMessage")
    await bot.until(lambda: not open_events(bot))


async def test_events_come_by_socket_mode_too(bot: World) -> None:
    from bot.socket_mode import connected

    app = build_app(bot.runtime.services, bot.runtime.kinds)
    token = bot.sandbox.slack.workspace.app.app_token
    async with connected(app, token, bot.sandbox.slack.api_url):
        await bot.sandbox.slack.socket.connected()
        link = BotLink(socket=bot.sandbox.slack.socket)
        envelope = opened(bot, ALICE)
        acks = [await link.deliver("events_api", envelope, 3.0) for _ in range(3)]
    assert [ack.ok for ack in acks] == [True] * 3
    assert len(bot.rows("select * from events")) == 1

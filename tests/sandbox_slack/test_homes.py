"""views.publish and events, as strict as Slack documents them."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Person, Slack, events
from sandbox.slack.seed import ALICE, BOB
from tests.sandbox_slack.conftest import Bot

Json = dict[str, Any]
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "x"}}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks or (SECTION,)), **more}


def element(kind: str, **more: Any) -> Json:
    plain = {"type": "plain_text", "text": "x"}
    return {"type": "input", "label": plain, "element": {"type": kind, "action_id": "a", **more}}


async def refusal(client: AsyncWebClient, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as refused:
        await client.views_publish(**arguments)
    return refused.value.response


async def test_a_published_home_is_on_the_persons_screen(
    client: AsyncWebClient, alice: Person
) -> None:
    assert alice.home == "(spinner)"
    answer = await client.views_publish(user_id=ALICE, view=home())
    assert alice.home == "x"
    assert answer["view"]["type"] == "home"


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (home(title={"type": "plain_text", "text": "x"}), "invalid additional property: title"),
        (home(submit={"type": "plain_text", "text": "x"}), "invalid additional property: submit"),
        (home(clear_on_close=True), "invalid additional property: clear_on_close"),
        (home(notify_on_close=True), "invalid additional property: notify_on_close"),
        (home(*[SECTION] * 101), "no more than 100 items allowed"),
        (home(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (home(callback_id="x" * 256), "must be less than 256 characters"),
        (home({"type": "alert", "text": SECTION["text"]}), "unsupported type: alert"),
        (home({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
        (home(element("number_input", is_decimal_allowed=False)), "unsupported type: number_input"),
        (home(element("datetimepicker")), "unsupported type: datetimepicker"),
        (home(element("url_text_input")), "unsupported type: url_text_input"),
        ({**home(), "type": "modal"}, "must be a valid enum value"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_home_that_slack_does_not_take_is_refused_and_not_shown(
    client: AsyncWebClient, alice: Person, view: Json, says: str
) -> None:
    response = await refusal(client, user_id=ALICE, view=view)
    assert response["error"] == "invalid_arguments"
    assert says in str(response["response_metadata"]["messages"])
    assert alice.home == "(spinner)"


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_a_home_of_more_than_250_kilobytes_is_too_large(client: AsyncWebClient) -> None:
    big = [{"type": "section", "text": {"type": "plain_text", "text": "é" * 3000}}] * 60
    assert (await refusal(client, user_id=ALICE, view=home(*big)))["error"] == "view_too_large"


async def test_nothing_is_published_while_the_home_tab_is_off(
    slack: Slack, client: AsyncWebClient
) -> None:
    slack.workspace.app = replace(slack.workspace.app, home_tab=False)
    assert (await refusal(client, user_id=ALICE, view=home()))["error"] == "not_enabled"


async def test_a_hash_of_an_earlier_home_is_a_conflict(client: AsyncWebClient) -> None:
    first = await client.views_publish(user_id=ALICE, view=home())
    await client.views_publish(user_id=ALICE, view=home(), hash=first["view"]["hash"])
    stale = first["view"]["hash"]
    assert (await refusal(client, user_id=ALICE, view=home(), hash=stale))["error"] == (
        "hash_conflict"
    )


async def test_an_external_id_is_one_persons(client: AsyncWebClient) -> None:
    await client.views_publish(user_id=ALICE, view=home(external_id="e"))
    await client.views_publish(user_id=ALICE, view=home(external_id="e"))
    response = await refusal(client, user_id=BOB, view=home(external_id="e"))
    assert response["error"] == "duplicate_external_id"


async def test_more_than_a_hundred_publishes_at_once_are_too_many(client: AsyncWebClient) -> None:
    for _ in range(100):
        await client.views_publish(user_id=ALICE, view=home())
    assert (await refusal(client, user_id=ALICE, view=home()))["error"] == "ratelimited"


async def test_a_home_is_no_view_for_views_open(slack: Slack, client: AsyncWebClient) -> None:
    trigger = slack.triggers.new_trigger(ALICE)
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger, view=home())
    assert refused.value.response["error"] == "invalid_arguments"


async def test_the_opening_of_a_home_has_its_view_once_it_was_published(
    slack: Slack, client: AsyncWebClient
) -> None:
    user = slack.workspace.users[ALICE]
    before = events.app_home_opened(slack, user, "home")
    await client.views_publish(user_id=ALICE, view=home())
    after = events.app_home_opened(slack, user, "home")
    messages = events.app_home_opened(slack, user, "messages")
    assert "view" not in before["event"]
    assert after["event"]["view"]["type"] == "home"
    assert "view" not in messages["event"]


async def test_an_event_that_is_not_acknowledged_is_sent_three_times_more(
    slack: Slack, bot: Bot, alice: Person
) -> None:
    bot.answer = lambda _: 500
    body = events.app_home_opened(slack, slack.workspace.users[ALICE], "home")
    acks = await events.send(alice._bot, body, retry_after=(0, 0, 0))
    assert [ack.ok for ack in acks] == [False] * 4
    numbers = [headers.get("X-Slack-Retry-Num") for headers in bot.headers]
    assert numbers == [None, "1", "2", "3"]
    reasons = [headers.get("X-Slack-Retry-Reason") for headers in bot.headers]
    assert reasons == [None, "http_error", "http_error", "http_error"]
    assert len(set(bot.bodies)) == 1


async def test_an_app_gets_only_the_events_that_it_subscribed_to(
    slack: Slack, bot: Bot, alice: Person
) -> None:
    slack.workspace.app = replace(slack.workspace.app, events=frozenset())
    await alice.open_home()
    await alice.write_to_bot("hello")
    assert bot.bodies == []


async def test_direct_messages_need_a_scope(slack: Slack, bot: Bot, alice: Person) -> None:
    slack.workspace.app = replace(slack.workspace.app, scopes=frozenset({"chat:write"}))
    await alice.write_to_bot("hello")
    assert bot.bodies == []


def test_disorder_sends_each_event_one_to_four_times() -> None:
    envelopes = [{"event_id": str(number)} for number in range(50)]
    deliveries = list(events.disordered(envelopes, seed=1))
    counts = [sum(delivery.envelope == body for delivery in deliveries) for body in envelopes]
    assert {1, 4} <= set(counts) <= {1, 2, 3, 4}
    assert [delivery.envelope for delivery in deliveries] != sorted(
        (delivery.envelope for delivery in deliveries), key=lambda body: int(body["event_id"])
    )

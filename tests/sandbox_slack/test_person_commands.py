"""A person's slash commands and their answers, against a bot of a few lines."""

from typing import Any

import httpx
import pytest

from sandbox.slack import (
    BotLink,
    NotOnScreenError,
    Person,
    Reply,
    Slack,
)
from sandbox.slack.seed import ALICE, ANNONCES, DIRECTION
from tests.sandbox_slack.conftest import Bot, Clock
from tests.sandbox_slack.factories import (
    modal,
    text_field,
)


async def test_a_commands_answer_is_for_the_person_alone(alice: Person, bot: Bot) -> None:
    bot.answer = lambda _form: {"text": "Done"}

    reply = await alice.command("/report-issue", channel=ANNONCES)

    assert (reply, [message.text for message in alice.ephemerals]) == (Reply(text="Done"), ["Done"])


@pytest.mark.parametrize("answer", [500, []])
async def test_a_command_with_a_wrong_answer_failed_to_dispatch(
    alice: Person, bot: Bot, answer: Any
) -> None:
    bot.answer = lambda _form: answer

    reply = await alice.command("/x", channel=ANNONCES)

    assert reply.failure == '/x failed with the error "dispatch_failed"'


async def test_a_command_without_an_answer_in_time_timed_out(
    slack: Slack, link: BotLink, bot: Bot
) -> None:
    bot.delay = 1
    alice = Person(slack, ALICE, link, ack_timeout=0.1)

    reply = await alice.command("/x", channel=ANNONCES)

    assert reply.failure == '/x failed with the error "operation_timeout"'


async def test_commands_do_not_work_in_threads_under_a_modal_or_where_one_is_not(
    slack: Slack, alice: Person
) -> None:
    slack.workspace.say(ANNONCES, ALICE, "hello")
    with pytest.raises(NotOnScreenError, match="threads"):
        await alice.command("/x", channel=ANNONCES, thread_ts="1.2")
    with pytest.raises(NotOnScreenError, match="does not see"):
        await alice.command("/x", channel="C0NOWHERE1")
    slack.views.open(ALICE, modal(text_field()))

    with pytest.raises(NotOnScreenError, match="a modal is open"):
        await alice.command("/x", channel=ANNONCES)


async def test_a_response_url_reaches_a_private_channel_five_times(
    slack: Slack, alice: Person, bot: Bot
) -> None:
    await alice.command("/x", channel=DIRECTION)
    url = bot.forms[0]["response_url"]
    async with httpx.AsyncClient() as client:
        answers = [await client.post(url, json={"text": f"{n}"}) for n in range(6)]

    assert (
        [answer.status_code for answer in answers],
        [message.text for message in alice.ephemerals],
    ) == (
        [200, 200, 200, 200, 200, 404],
        ["0", "1", "2", "3", "4"],
    )


async def test_a_response_url_dies_after_half_an_hour(
    alice: Person, bot: Bot, clock: Clock
) -> None:
    await alice.command("/x", channel=ANNONCES)
    clock.now += 1801
    async with httpx.AsyncClient() as client:
        answer = await client.post(bot.forms[0]["response_url"], json={"text": "late"})

    assert answer.json() == {"ok": False, "error": "expired_url"}

"""A receipt that Slack finds too long is replaced by a shorter one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import World, world

CODES = ["msg_blocks_too_long", "msg_too_long", "invalid_blocks", "invalid_blocks_format"]
LONG = "quite long words " * 100


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[World]:
    """A bot whose minute lasts a second."""
    async with world(tmp_path, clock=FastClock(60)) as bot:
        yield bot


def posted(bot: World) -> list[str]:
    """The messages of the bot's that Slack took or refused, as texts of all their blocks."""
    calls = [call for call in bot.slack.calls if call.method in {"chat.postMessage", "chat.update"}]
    return [str(call.args.get("blocks")) for call in calls]


@pytest.mark.parametrize("code", CODES)
async def test_a_receipt_that_slack_finds_too_long_is_posted_without_its_words(
    quick: World, code: str
) -> None:
    thread = quick.slack.workspace.say(ANNONCES, ALICE, "look").ts
    quick.slack.faults.set("chat.postMessage", SlackFault("error", error=code), times=1)
    await promise(quick, promised(LONG, thread_ts=thread))
    await all_become(quick, "filed", 1)
    first, second, *_ = posted(quick)
    assert LONG[:100] in first
    assert LONG[:100] not in second
    assert quick.rows("select direct, failures from receipts") == [{"direct": 0, "failures": 0}]


@pytest.mark.parametrize("code", CODES)
async def test_an_update_that_slack_finds_too_long_is_made_without_its_words(
    quick: World, code: str
) -> None:
    quick.slack.faults.set("chat.update", SlackFault("error", error=code), times=1)
    await promise(quick, promised(LONG))
    await all_become(quick, "filed", 1)
    await quick.receipt(ANNONCES, says="Filed with")


@pytest.mark.parametrize("code", CODES)
async def test_where_slack_takes_no_blocks_the_text_alone_is_posted(
    quick: World, code: str
) -> None:
    thread = quick.slack.workspace.say(ANNONCES, ALICE, "look").ts
    quick.slack.faults.set("chat.postMessage", SlackFault("error", error=code), times=2)
    quick.slack.faults.set("chat.update", SlackFault("error", error=code))
    await promise(quick, promised(LONG, thread_ts=thread))
    await quick.until(lambda: quick.rows("select 1 from messages where what = 'receipt'"))
    assert posted(quick)[2] == "[]"


async def test_the_opener_is_posted_once_however_often_the_receipt_is_too_long(
    quick: World,
) -> None:
    fine = SlackFault("slow", seconds=0)
    too_long = SlackFault("error", error="msg_blocks_too_long")
    quick.slack.faults.set("chat.postMessage", fine, times=1)
    quick.slack.faults.set("chat.postMessage", too_long, times=1)
    await promise(quick, promised(LONG))
    await all_become(quick, "filed", 1)
    openers = quick.rows("select count(*) as n from messages where what = 'opener'")
    assert openers == [{"n": 1}]

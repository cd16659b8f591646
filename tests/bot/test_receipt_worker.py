"""Receipts: told once, kept true, at a pace that Slack takes, and never in each other's way."""

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import ReceiptLimits
from sandbox.faults import ApiFault
from sandbox.slack import Message
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, DIRECTION, GENERAL, SECURITE
from storage.engine import transaction
from storage.opening import open_existing
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import FAST, World, is_notice, without_lists, world

pytestmark = pytest.mark.usefixtures("on_both_engines")


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[World]:
    """A bot whose minute lasts a second."""
    async with world(tmp_path, clock=FastClock(60)) as bot:
        yield bot


def receipts_of(bot: World, channel: str) -> list[Message]:
    """The bot's messages, in the order in which they were posted."""
    messages = bot.slack.workspace.messages[channel].values()
    return [message for message in messages if message.bot_id and not is_notice(message)]


def gists(bot: World, channel: str) -> list[str]:
    """The part of each receipt that tells the state of the report."""
    beginnings = (
        "reported by",
        "Filed with",
        "do not know whether",
        "being sent",
        "Next try",
    )
    return [
        next((words for words in beginnings if words in m.text), m.text)
        for m in receipts_of(bot, channel)
    ]


async def change(bot: World, sql: str, *values: object) -> None:
    await bot.runtime.services.store.write(lambda db: db.execute(sql, list(values)).rowcount)


def direct(bot: World) -> str:
    return str(bot.slack.workspace.dm_with_bot(BOB).id)


def calls(bot: World, channel: str) -> list[float]:
    """When the bot posted or updated in a channel, refused tries too."""
    calls = [call for call in bot.slack.calls if call.method in {"chat.postMessage", "chat.update"}]
    return [call.at for call in calls if call.args["channel"] == channel]


async def test_a_receipt_is_one_message_that_is_updated_in_place(quick: World) -> None:
    quick.sandbox.immoteur.faults.next(3, ApiFault("503", retry_after=20))
    await promise(quick, promised())
    await quick.receipt(ANNONCES, says="Next try")
    await all_become(quick, "filed", 1)
    seen = (gists(quick, ANNONCES), len(quick.slack.calls_of("chat.postMessage")))
    assert seen == (["reported by", "Filed with"], 2)


class TurnClock(FastClock):
    """A clock that notes the turns which messages wait for. Nothing else sleeps in such a test."""

    def __init__(self, speed: float) -> None:
        super().__init__(speed)
        self.turns: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.turns.append(self.monotonic() + seconds)
        await super().sleep(seconds)


async def test_every_message_to_a_channel_waits_for_a_turn(tmp_path: Path) -> None:
    clock = TurnClock(20)
    config = FAST.model_copy(update={"receipts": ReceiptLimits()})
    async with world(tmp_path, clock=clock, config=config, sandbox=without_lists()) as bot:
        await promise(bot, *(promised(f"{n}") for n in range(12)))
        await all_become(bot, "filed", 12)
        await bot.until(lambda: len(clock.turns) == len(calls(bot, ANNONCES)))
    # Turns, because a busy machine may delay the call behind one, and bring it near the next.
    too_near = [
        (i, j)
        for i, begin in enumerate(clock.turns)
        for j, end in enumerate(clock.turns)
        if j > i and j - i + 1 > 4 + (end - begin) + 0.01
    ]
    assert too_near == []


async def test_a_channel_that_slack_limits_rests_and_others_are_told(tmp_path: Path) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("429", seconds=60), times=1)
        await promise(bot, promised("a"))
        await bot.slack.called("chat.postMessage")
        await promise(bot, promised("b"), promised("c"), promised("d", "kare"))
        await bot.until(lambda: calls(bot, SECURITE))
        clock.skip(60)
        await promise(bot, promised("e", "kare"))
        await all_become(bot, "filed", 5)
        first, second, *_ = calls(bot, ANNONCES)
        assert second - first >= 59
        assert calls(bot, SECURITE)[0] < second


@pytest.mark.parametrize("kind", ["cut", "500"])
async def test_better_a_second_receipt_than_none(quick: World, kind: str) -> None:
    quick.slack.workspace.say(ANNONCES, ALICE, "look")
    thread = said_by_alice(quick).ts
    fault = SlackFault("cut") if kind == "cut" else SlackFault("500")
    quick.slack.faults.set("chat.postMessage", fault, times=1)
    await promise(quick, promised(thread_ts=thread))
    await all_become(quick, "filed", 1)
    # What was cut had been posted, and what got a 500 had not.
    expected = {"cut": 2, "500": 1}[kind]
    assert (len(receipts_of(quick, ANNONCES)), gists(quick, ANNONCES)[-1]) == (
        expected,
        "Filed with",
    )


def said_by_alice(bot: World) -> Message:
    messages: list[Message] = bot.slack.workspace.history(ANNONCES)
    return messages[-1]


@pytest.mark.parametrize(
    "code", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"]
)
async def test_what_may_not_be_posted_is_told_directly(bot: World, code: str) -> None:
    channel = {"not_in_channel": GENERAL, "channel_not_found": DIRECTION}.get(code, ANNONCES)
    if code == "is_archived":
        bot.slack.workspace.archive(ANNONCES)
    if code == "restricted_action":
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error=code), times=1)
    await promise(bot, promised(channel=channel))
    await all_become(bot, "filed", 1)
    messages = receipts_of(bot, direct(bot))
    footer = messages[0].blocks[-1]["elements"][1]["text"]
    seen = (gists(bot, direct(bot)), f"cannot post in <#{channel}>" in footer)
    assert seen == (["Filed with"], True)


async def test_a_deleted_receipt_is_posted_anew(quick: World) -> None:
    quick.sandbox.immoteur.faults.next(1, ApiFault("503", retry_after=60))
    await promise(quick, promised())
    receipt = await quick.receipt(ANNONCES, says="Next try")
    quick.slack.workspace.delete(ANNONCES, receipt.ts)
    await all_become(quick, "filed", 1)
    assert gists(quick, ANNONCES) == ["reported by", "Filed with"]


async def test_a_receipt_whose_thread_was_deleted_is_its_own_thread_from_then_on(
    quick: World, caplog: pytest.LogCaptureFixture
) -> None:
    quick.sandbox.immoteur.faults.next(1, ApiFault("503", retry_after=120))
    await promise(quick, promised(thread_ts="1700000000.000001"))
    await quick.until(lambda: gists(quick, ANNONCES) == ["Next try"])
    first = receipts_of(quick, ANNONCES)[0]
    await all_become(quick, "filed", 1)
    thread = quick.rows("select thread_ts, ts from receipts")
    warned = "the thread of a report is gone" in caplog.text
    assert (gists(quick, ANNONCES), thread, warned) == (
        ["Filed with"],
        [{"thread_ts": first.ts, "ts": first.ts}],
        True,
    )


async def test_the_longest_report_is_told_within_slacks_limits(bot: World) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    words = "<&>" * 1333 + "!"
    await promise(bot, promised(words))
    await all_become(bot, "refused", 1)
    texts = [len(call.args["text"]) for call in bot.slack.calls if call.method == "chat.update"]
    receipt = receipts_of(bot, ANNONCES)[-1]
    quoted = "".join(
        block["elements"][0]["elements"][0]["text"]
        for block in receipt.blocks
        if block["type"] == "rich_text" and block["elements"][0]["type"] == "rich_text_quote"
    )
    assert all(length < 4000 for length in texts)
    assert quoted == words


async def test_a_receipt_that_cannot_be_drawn_does_not_block_another(bot: World) -> None:
    await promise(bot, promised("a"))
    await all_become(bot, "filed", 1)
    spoil = "update reports set kind = 'no such kind' where number = 1"
    bump = "update receipts set version = version + 1, next_try = 0 where number = 1"
    await change(bot, spoil)
    await change(bot, bump)
    await promise(bot, promised("b"), promised("c"))
    await all_become(bot, "filed", 2)
    failures = bot.rows("select failures from receipts where number = 1")
    assert failures == [{"failures": 1}]


async def test_telling_gives_up_for_a_day_after_twelve_tries(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(3600)) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error="invalid_auth"))
        await promise(bot, promised())
        await bot.until(
            lambda: bot.rows("select failures from receipts")[0]["failures"] == 12, seconds=30
        )
        row = bot.rows("select next_try from receipts")[0]
        wait = row["next_try"] - calls(bot, ANNONCES)[-1]
        assert len(calls(bot, ANNONCES)) == 12
        assert wait > 80_000


async def test_what_was_not_told_is_told_at_the_next_start(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error="token_revoked"))
        await promise(bot, promised())
        await bot.until(lambda: bot.rows("select 1 from receipts where failures > 0"))
        bot.slack.faults.clear()
    async with world(tmp_path, sandbox=bot.sandbox) as bot:
        await all_become(bot, "filed", 1)
        assert gists(bot, ANNONCES) == ["reported by", "Filed with"]


async def test_a_receipt_that_a_dead_bot_was_telling_is_told_after_its_lease(
    tmp_path: Path,
) -> None:
    clock = FastClock(60)
    async with world(tmp_path, clock=clock) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error="token_revoked"))
        await promise(bot, promised())
        await bot.until(lambda: bot.rows("select 1 from receipts where failures > 0"))
    bot.slack.faults.clear()
    ends = clock.time() + 30
    with closing(open_existing(bot.address)) as db, transaction(db):
        db.execute("update receipts set owner = 'dead', lease = ?", [ends])
    async with world(tmp_path, sandbox=bot.sandbox, clock=clock) as bot:
        await all_become(bot, "filed", 1)
        await bot.until(lambda: bot.rows("select 1 from messages where what = 'receipt'"))
        rows = bot.rows("select at from messages where what = 'receipt'")
        assert rows[0]["at"] >= ends

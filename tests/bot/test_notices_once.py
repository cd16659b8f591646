"""Bad news is posted once, whatever ends the bot or troubles Slack."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, GENERAL
from tests.bot.notices import ADMIN, direct, notices, settled, write
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import world

pytestmark = pytest.mark.usefixtures("on_both_engines")


async def test_news_that_was_stored_before_a_restart_is_told_after_it(tmp_path: Path) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        before = notices(bot, ANNONCES)
    async with world(tmp_path, clock=clock, sandbox=bot.sandbox) as bot:
        await bot.until(lambda: notices(bot, ANNONCES))
        await settled(bot)
        assert len(before) + len(notices(bot, ANNONCES)) >= 1
        assert len(notices(bot, ANNONCES)) == 1


@pytest.mark.parametrize("kind", ["cut", "cut_before"])
async def test_news_that_may_have_been_posted_is_not_posted_again(
    tmp_path: Path, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path, clock=FastClock(1)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        bot.slack.faults.set("chat.postMessage", SlackFault(kind), times=1)
        await bot.until(lambda: "is not posted again" in caplog.text)
        posted = bot.rows("select ts from notices")
        messages = notices(bot, ANNONCES)
    assert posted == [{"ts": None}]
    assert len(messages) == {"cut": 1, "cut_before": 0}[kind]


async def test_news_that_a_killed_bot_had_posted_is_not_posted_again(tmp_path: Path) -> None:
    clock = FastClock(10)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await bot.until(lambda: bot.rows("select 1 from notices where ts is not null"))
        # As a bot leaves it that is killed between Slack's answer and the record of it.
        await write(bot, "update notices set ts = null, channel = null, posted = 0, lease = 1")
    async with world(tmp_path, clock=clock, sandbox=bot.sandbox) as bot:
        bot.sandbox.immoteur.faults.stop()
        await promise(bot, promised("b"))
        await all_become(bot, "filed", 1)
        assert len(notices(bot, ANNONCES)) == 1


async def test_slacks_own_trouble_is_waited_out(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        bot.slack.faults.set("chat.postMessage", SlackFault("500"), times=2)
        await bot.until(lambda: notices(bot, ANNONCES))


async def test_news_in_a_channel_that_takes_nothing_is_told_directly_and_so_are_the_admins(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, clock=FastClock(60), config=ADMIN) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised(channel=GENERAL))
        await bot.until(lambda: notices(bot, direct(bot, BOB)))
        await bot.until(lambda: notices(bot, direct(bot, ALICE)))
        to_admin = notices(bot, direct(bot, ALICE))[0].text
        assert f"<#{GENERAL}>" in to_admin
        assert "not_in_channel" in to_admin


async def test_no_news_is_posted_before_the_receipt(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error="invalid_auth"))
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await bot.state(1, "refused")
        tried = "select failures from receipts"
        await bot.until(lambda: bot.rows(tried)[0]["failures"] > 3)
        row = bot.rows("select failures, began_at from notices")
        assert row == [{"failures": 0, "began_at": None}]

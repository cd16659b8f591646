"""The app is uninstalled or its token revoked: the operator learns it, and nothing is given up."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.slack import Slack, SlackFault, events
from sandbox.slack.seed import ANNONCES
from tests.fast_clock import FastClock
from tests.log_lines import lines_of
from tests.promises import all_become, promise, promised, states
from tests.world import World, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

Event = Callable[[Slack], dict[str, Any]]
ENDED = pytest.mark.parametrize("event", [events.app_uninstalled, events.tokens_revoked])
FAULT = "Slack does not accept SLACK_BOT_TOKEN: account_inactive"


def refuse_the_token(bot: World) -> None:
    for method in ("auth.test", "chat.postMessage", "chat.update"):
        bot.slack.faults.set(method, SlackFault("error", error="account_inactive"))


def is_known(bot: World) -> bool:
    return FAULT in bot.runtime.missing()


async def is_ready(bot: World) -> None:
    await bot.until(lambda: not bot.runtime.missing())


@ENDED
async def test_an_ended_token_is_logged_as_an_error_and_the_bot_is_not_ready(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, event: Event
) -> None:
    async with world(tmp_path) as bot:
        await is_ready(bot)
        refuse_the_token(bot)
        await events.send(bot.link, event(bot.slack))
        await bot.until(lambda: is_known(bot))
    errors = [line for line in caplog.records if line.levelno == logging.ERROR]
    assert [(line.message, vars(line)["why"]) for line in errors] == [("a token is refused", FAULT)]


async def test_an_event_about_another_token_leaves_the_bot_ready(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path) as bot:
        await is_ready(bot)
        checks = len(bot.slack.calls_of("auth.test"))
        await events.send(bot.link, events.tokens_revoked(bot.slack))
        await bot.until(lambda: len(bot.slack.calls_of("auth.test")) > checks)
        await promise(bot, promised())
        await bot.receipt(ANNONCES, says="Filed with Immoteur")
        assert bot.runtime.missing() == []
    assert "a token of it was revoked" in lines_of(caplog)
    assert "a token is refused" not in lines_of(caplog)


async def test_reports_go_on_and_their_receipts_follow_once_the_token_is_accepted(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, clock=FastClock(30)) as bot:
        await is_ready(bot)
        refuse_the_token(bot)
        await events.send(bot.link, events.app_uninstalled(bot.slack))
        await bot.until(lambda: is_known(bot))
        await promise(bot, promised("a"), promised("b", "kare"))
        await bot.until(lambda: states(bot) == {1: "filed", 2: "filed"})
        # A claim that had begun before the check may still meet the refusal.
        assert bot.rows("select * from receipts where failures > 1") == []
        bot.slack.faults.clear()
        await all_become(bot, "filed", 2)
        await is_ready(bot)


async def test_the_token_is_checked_at_once_when_slack_refuses_it_for_a_receipt(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as bot:
        await is_ready(bot)
        refuse_the_token(bot)
        await promise(bot, promised())
        await bot.until(lambda: is_known(bot))

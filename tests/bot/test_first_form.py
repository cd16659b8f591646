"""A person's first form: it opens before Slack has said which language they read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.sandbox import Sandbox
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE
from tests.bot.pickers import REPORT, opened
from tests.world import World, stock, world


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    await stock(tmp_path)
    async with world(tmp_path, sandbox=Sandbox(burst=1000)) as bot:
        yield bot


async def test_a_chosen_option_is_named_in_the_language_that_the_form_turns_to(bot: World) -> None:
    alice = bot.person(ALICE)
    bot.slack.faults.set("users.info", SlackFault("slow", seconds=0.2), times=1)
    first = await opened(alice, REPORT)
    then = await alice.until(lambda view: view.title == "Signaler une anomalie")
    assert " Oct 2023" in first.text()
    assert " oct. 2023" in then.text()
    assert " Oct 2023" not in then.text()
    assert then.value("reportId") == REPORT

"""The file is deleted or replaced under a running bot: nobody is promised what would be lost."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES
from tests.storage.test_file_safety import delete, restore
from tests.world import ID, World

NOT_SAVED = (
    "Your report could not be saved, so nothing was sent. Your text is still here:"
    " please send it again in a moment."
)


async def ready(bot: World) -> httpx.Response:
    async with httpx.AsyncClient(transport=bot.transport, base_url="http://bot") as client:
        return await client.get("/readyz")


@pytest.mark.parametrize(("harm", "fault"), [(delete, "was deleted"), (restore, "was replaced")])
async def test_a_form_is_refused_when_its_report_would_be_lost(
    bot: World, bob: Person, harm: Callable[[Path], None], fault: str
) -> None:
    await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await bob.view()
    await bob.type("comment", "Lost?")
    harm(bot.db_path)
    outcome = await bob.submit()
    answer = await ready(bot)
    assert list(outcome.errors.values()) == [NOT_SAVED]
    assert answer.status_code == 503
    assert f"{bot.db_path} {fault} while it was in use" in answer.text

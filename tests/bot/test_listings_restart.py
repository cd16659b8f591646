"""A form that stays open while the bot restarts is sent as the person saw it."""

import json
from pathlib import Path

from sandbox.slack.seed import BOB
from tests.bot.listings import FLAT, HOME, LINK, found
from tests.world import world


async def test_a_listing_that_a_form_showed_before_a_restart_is_stored_with_its_ids(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as bot:
        view = await found(bot.person(BOB), f"other {LINK} wrong")
        assert "Apartment" in view.text()
    async with world(tmp_path, sandbox=bot.sandbox) as restarted:
        outcome = await restarted.person(BOB).submit()
        assert outcome.kind == "closed"
        [stored] = restarted.rows("select payload from reports")
    payload = json.loads(stored["payload"])
    assert payload["propertyIds"] == [HOME]
    assert payload["classifiedIds"] == [FLAT]
    assert "links" not in payload

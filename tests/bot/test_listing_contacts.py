"""Nothing that is stored or shown holds an e-mail address or a telephone number of a listing."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import constat
from sandbox.faults import ApiFault
from sandbox.slack.seed import BOB
from tests.bot.listings import FLAT, HOUSE_LINK, LINK, found
from tests.log_lines import lines_of
from tests.world import World, world

CONTACTS = {
    "a number in pairs": "06 39 98 18 42",
    "a number without spaces": "0639981842",
    "a number with points": "06.39.98.18.42",
    "a number with slashes": "06/39/98/18/42",
    "a number with fixed spaces": "06\u00a039\u00a098\u00a018\u00a042",
    "a number from abroad": "+33 6 39 98 18 42",
    "a number with a zero in brackets": "+33 (0)6 39 98 18 42",
    "a number with 00": "0033639981842",
    "a number in threes": "639 981 842",
    "an e-mail address": "moreau@agence.example",
    "an e-mail address in words": "moreau (at) agence.example",
    "an encoded e-mail address": "moreau%40agence.example",
}


def named_everywhere(part: Any, contact: str) -> Any:
    """A part of Immoteur's answer whose every name holds a contact. Ids and links stay."""
    if isinstance(part, dict):
        return {
            key: value if key in {"id", "propertyId", "url"} else named_everywhere(value, contact)
            for key, value in part.items()
        } | {"agency": {"name": f"Agence {contact}"}}
    if isinstance(part, list):
        return [named_everywhere(value, contact) for value in part]
    return f"{part[:20]} {contact}" if isinstance(part, str) else part


async def reported_with_bad_news(bot: World) -> None:
    """Report a listing that is refused, and another that is filed; look at Home."""
    bob = bot.person(BOB)
    await bob.open_home()
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    for link in (LINK, HOUSE_LINK):
        await found(bob, f"{link} the price is wrong")
        await bob.submit()
        await bot.until(lambda: bot.rows("select 1 from reports where state = 'waiting'") == [])
    await bot.until(lambda: bot.rows("select 1 from notices where posted > 0"))
    await bob.home_shows(lambda text: "[Edit]" in text)


def stored_in(folder: Path) -> str:
    files = folder.glob("constat.db*")
    return b"".join(file.read_bytes() for file in files).decode("utf-8", "replace")


@pytest.mark.parametrize("contact", CONTACTS.values(), ids=CONTACTS.keys())
async def test_no_contact_of_a_listing_is_stored_shown_logged_or_exported(
    contact: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with world(tmp_path) as bot:
        listings = bot.sandbox.catalogue.classifieds
        for id_, listing in listings.items():
            listings[id_] = named_everywhere(listing, contact)
        await reported_with_bad_news(bot)
        shown = json.dumps(
            [[call.args, call.answer] for call in bot.slack.calls], default=str, ensure_ascii=False
        )
    stored = await asyncio.to_thread(stored_in, tmp_path)
    environment = {"CONSTAT_DB": str(tmp_path / "constat.db")}
    exported = await asyncio.to_thread(CliRunner(env=environment).invoke, constat, ["log", "--csv"])
    assert FLAT in stored
    assert "€298,000" in shown
    assert "price" in exported.stdout
    places = {"Slack": shown, "file": stored, "log": lines_of(caplog), "CSV": exported.stdout}
    assert [place for place, text in places.items() if contact in text] == []

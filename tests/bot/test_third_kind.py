"""A kind of report is a plug: one that the bot does not know works like its own two."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from blocks.words import LANGUAGES, words
from bot.clock import Clock
from bot.kinds import KINDS
from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.third_kind import SENTENCES, Lumen, lamp_kind
from tests.fast_clock import FastClock
from tests.world import World, without_lists, world


@pytest.fixture(autouse=True)
def _sentences() -> Iterator[None]:
    """Both catalogues hold the kind's sentences."""
    texts: list[dict[str, Any]] = [dict(words(language).texts) for language in LANGUAGES]
    for language in LANGUAGES:
        words(language).texts.update(SENTENCES)  # type: ignore[attr-defined]
    yield
    for language, before in zip(LANGUAGES, texts, strict=True):
        catalogue: Any = words(language).texts
        catalogue.clear()
        catalogue.update(before)


@asynccontextmanager
async def with_lamps(
    folder: Path, lumen: Lumen | None, clock: Clock | None = None
) -> AsyncIterator[World]:
    # Slack's clock is the machine's: by a fast one a trigger_id would expire within a moment.
    kinds = (*KINDS, lamp_kind(lumen))
    async with world(folder, kinds=kinds, clock=clock, sandbox=without_lists()) as bot:
        yield bot


async def opened(person: Person, text: str = "dark") -> ViewOnScreen:
    await person.command("/lamp", text, channel=ANNONCES)
    return await person.until(lambda view: view.callback_id == "lamp")


async def send(person: Person, street: str = "Quai", pole: str = "P-30") -> None:
    await opened(person)
    await person.search("pole", street)
    await person.pick("pole", pole)
    await person.submit()


async def test_its_report_is_filed_and_its_receipt_has_its_own_words(tmp_path: Path) -> None:
    lumen = Lumen()
    async with with_lamps(tmp_path, lumen) as bot:
        await send(bot.person(BOB))
        row = await bot.state(1, "filed")
        receipt = await bot.receipt(ANNONCES, says="place 1")
    assert lumen.held == {"L-1": {"pole": "P-30", "fault": "dark"}}
    assert (row["kind"], row["api"], row["remote_id"]) == ("lamp", "lumen", "L-1")
    assert "Lumen puts it at place 1." in receipt.text
    assert "dark · Quai Nord 30" in receipt.text


async def test_its_listener_and_its_state_redraw_its_form(tmp_path: Path) -> None:
    async with with_lamps(tmp_path, Lumen()) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await bob.click("lamp.nearest")
        await bob.until(lambda view: view.value("pole") == "P-7")
        await bob.click("lamp.nearest")
        view = await bob.until(lambda view: "asked 2 times" in str(view.blocks))
    assert view.value("fault") == "dark"


async def test_a_fault_is_shown_on_its_field(tmp_path: Path) -> None:
    async with with_lamps(tmp_path, Lumen()) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        outcome = await bob.submit()
    assert "pole" in str(outcome)


async def test_its_command_says_that_it_is_not_set_up(tmp_path: Path) -> None:
    async with with_lamps(tmp_path, None) as bot:
        reply = await bot.person(BOB).command("/lamp", "dark", channel=ANNONCES)
    assert "Lumen is not set up here" in reply.text


async def test_its_form_knows_what_was_reported_last(tmp_path: Path) -> None:
    async with with_lamps(tmp_path, Lumen()) as bot:
        bob = bot.person(BOB)
        await send(bob)
        await bot.state(1, "filed")
        view = await opened(bob)
    assert "Last: P-30" in str(view.blocks)


async def test_the_same_again_is_asked_about(tmp_path: Path) -> None:
    async with with_lamps(tmp_path, Lumen()) as bot:
        bob = bot.person(BOB)
        await send(bob)
        await bot.state(1, "filed")
        await send(bob)
        view = await bob.view()
        await bob.submit()
        await bot.state(2, "filed")
    assert "file_anyway" in str(view.blocks)


async def test_a_refused_one_is_edited_with_the_reason_on_its_field(tmp_path: Path) -> None:
    lumen = Lumen(refuses=True)
    async with with_lamps(tmp_path, lumen) as bot:
        bob = bot.person(BOB)
        await send(bob)
        receipt = await bot.receipt(ANNONCES, says="refused")
        await bob.press(receipt, "edit")
        view = await bob.until(lambda view: view.callback_id == "lamp")
        lumen.refuses = False
        await bob.type("fault", "dark since Monday")
        await bob.submit()
        await bot.state(1, "filed")
    assert "Too vague." in str(view.blocks)
    assert lumen.held["L-1"]["fault"] == "dark since Monday"


async def test_one_in_doubt_is_found_by_its_own_search(tmp_path: Path) -> None:
    lumen = Lumen(cut=True)
    async with with_lamps(tmp_path, lumen, FastClock(20)) as bot:
        await send(bot.person(BOB))
        row = await bot.state(1, "filed")
    assert row["remote_id"] == "L-1"
    assert len(lumen.held) == 1


async def test_one_in_doubt_that_another_may_be_stays_in_doubt(tmp_path: Path) -> None:
    lumen = Lumen(cut=True)
    clock = FastClock(20)
    async with with_lamps(tmp_path, lumen, clock) as bot:
        bob = bot.person(BOB)
        await send(bob)
        await bot.state(1, "filed")
        await send(bob)
        await bob.submit()
        await bot.state(2, "unknown")
        cause = "select cause from reports where number = 2 and cause like '%looked%'"
        await bot.until(lambda: bot.rows(cause))
        states = bot.rows("select number, state from reports order by number")
    assert [row["state"] for row in states] == ["filed", "unknown"]


@pytest.mark.parametrize("folder", ["bot", "blocks", "storage"])
def test_nothing_generic_names_a_key_of_one_api_or_a_field_of_one_form(folder: str) -> None:
    own = ("nbInsertion", "reportId", "propertyIds", "classifiedIds", "suggested_due",
           "skipped_links", "send_without", "nonconformity", "isinstance(kind")  # fmt: skip
    generic = [
        path
        for path in (Path(__file__).parents[2] / folder).rglob("*.py")
        if not {"issue", "anomaly", "immoteur", "kare"} & set(path.parts)
    ]
    naming = [(path.name, word) for path in generic for word in own if word in path.read_text()]
    assert naming == []

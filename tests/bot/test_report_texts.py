"""Every report has its stored text, whichever way it came into the file."""

from collections.abc import Sequence

from blocks.compared import searched
from bot.report_texts import LOOK_EVERY, ReportTexts
from sandbox.slack import Person
from storage.canonical_json import read_json
from storage.text_search import searchable
from tests.bot.test_home import refused_on_home, report
from tests.engines import run
from tests.world import World


def texts(bot: World) -> Sequence[str]:
    """The stored texts, in the order of the reports."""
    return [row["text"] for row in bot.rows("select text from report_texts order by number")]


def expected(bot: World) -> Sequence[str]:
    rows = bot.rows("select payload, labels from reports order by number")
    return [searchable(searched, *map(read_json, row.values())) for row in rows]


async def test_a_report_is_stored_with_its_text(bot: World, bob: Person) -> None:
    await report(bob, "Le lien de l’œuvre est mort")
    stored = texts(bot)
    assert stored == expected(bot)
    assert "le lien de l'oeuvre est mort" in stored[0]


async def test_an_edit_stores_the_new_text(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    await bob.press_on_home("edit")
    await bob.view()
    await bob.type("comment", "la façade est fausse")
    await bob.submit()
    await bob.home_shows(lambda text: "façade" in text)
    stored = texts(bot)
    assert stored == expected(bot)
    assert "facade" in stored[0]


async def test_missing_texts_are_added(bot: World, bob: Person) -> None:
    await report(bob, "the link is dead")
    stored = texts(bot)
    services = bot.runtime.services
    await services.store.write(run, "delete from report_texts")
    adding = ReportTexts(services.store, services.clock)
    assert await adding.step() == LOOK_EVERY
    assert texts(bot) == stored

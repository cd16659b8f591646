"""What a person is told when the file cannot take their report."""

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES
from storage.engine import Database
from tests.world import ID, World

FULL = "pragma max_page_count = 1"  # SQLite makes it as many as there are
ROOM = "pragma max_page_count = 1000000"


def fill_free_pages(db: Database) -> None:
    """Use the pages that a migration left free."""
    free, size = (
        db.execute(f"pragma {of}").fetchone()[0] for of in ("freelist_count", "page_size")
    )
    db.execute("create table filling (content)")
    db.execute("insert into filling values (zeroblob(?))", [free * size])


async def press_send(bot: World, person: Person, disk: str) -> tuple[str, list[str], int]:
    """Press Send with that much room on the disk: how the form ended, and how many are stored."""
    await bot.runtime.services.store.write(lambda db: db.execute(disk).fetchall())
    outcome = await person.submit()
    stored = bot.rows("select count(*) as n from reports")[0]["n"]
    return outcome.kind, list(outcome.errors.values()), stored


async def test_what_cannot_be_stored_is_not_acknowledged_and_stays_in_the_form(
    bot: World, bob: Person
) -> None:
    await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await bob.view()
    await bob.type("comment", "é" * 3000)
    await bot.runtime.services.store.write(fill_free_pages)
    refused = await press_send(bot, bob, FULL)
    taken = await press_send(bot, bob, ROOM)
    sentence = (
        "Your report could not be saved, so nothing was sent. Your text is still here:"
        " please send it again in a moment."
    )
    assert (refused, taken) == (("errors", [sentence], 0), ("closed", [], 1))

"""Nobody waits for somebody else's disk or look-up: the event loop goes on."""

import asyncio
import threading
import uuid

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, SECURITE
from tests.bot.listings import LINK, LOOKUPS
from tests.world import World


async def answered(person: Person) -> str:
    """Open a form, and give its title."""
    await person.command("/anomaly", channel=SECURITE)
    return (await person.view()).title


async def test_while_a_commit_is_held_back_others_are_answered(
    bot: World, alice: Person, bob: Person
) -> None:
    await alice.command("/report-issue", f"other {uuid.uuid4()} words", channel=ANNONCES)
    await alice.view()
    written = threading.Event()
    # The disk is where the storage's thread waits.
    disk = asyncio.create_task(bot.runtime.services.store.write_urgent(lambda _: written.wait()))
    sending = asyncio.create_task(alice.submit())
    title = await answered(bob)
    before = (title, sending.done(), len(bot.rows("select 1 from reports")))
    written.set()
    await disk
    outcome = await sending
    assert (before, outcome.kind, len(bot.rows("select 1 from reports"))) == (
        ("Report an anomaly", False, 0),
        "closed",
        1,
    )


async def test_while_a_look_up_takes_its_time_others_are_answered(
    bot: World, alice: Person, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("hang", seconds=2), on=LOOKUPS)
    await alice.command("/report-issue", LINK, channel=ANNONCES)
    await alice.view()
    await bot.until(lambda: bot.sandbox.immoteur.requests)
    assert await answered(bob) == "Report an anomaly"

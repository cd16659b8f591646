"""Reports that are sent before their form has found the listings."""

from sandbox.faults import ApiFault
from sandbox.slack import Person
from tests.bot.listings import LOOKUPS, opened
from tests.world import World

SLOW = ApiFault("slow", seconds=0.3)
OTHER = {"issueKind": "other", "comment": "wrong"}


async def submitted_early(bot: World, person: Person, text: str) -> None:
    """Sent before any look-up was answered."""
    bot.sandbox.immoteur.faults.always(SLOW, on=LOOKUPS)
    await opened(person, text)
    outcome = await person.submit()
    assert (outcome.kind, bot.sandbox.immoteur.issues) == ("closed", [])

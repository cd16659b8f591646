"""The sandbox's listings, as the tests of looking them up name them."""

from sandbox.catalogue import Catalogue
from sandbox.slack import Message, Person
from sandbox.slack.seed import ALICE, ANNONCES
from sandbox.slack.view_on_screen import ViewOnScreen
from tests.world import World

HOME, TWIN_HOME = Catalogue.sample_property, Catalogue.twin_property
FLAT, SAME_FLAT, HOUSE = Catalogue.sample_classifieds
TWIN = Catalogue.twin_classified
LINK = Catalogue.sample_link
SAME_LINK = "https://www.pap.fr/annonces/appartement-lyon-3e-69003-r456700123"
HOUSE_LINK = "https://www.orpi.com/annonce-vente-maison-villeurbanne-69100-b-e2abcd/"
TWIN_LINK = "https://www.bienici.com/annonce/vente/lyon-3e/appartement/3pieces/ag690123-4567"
UNKNOWN_LINK = "https://www.pap.fr/annonces/appartement-paris-75001-r1"
LOOKING = "Looking up the listings…"
LOOKUPS = "GET /classifieds"


def others(bot: World, count: int) -> list[str]:
    """Links of listings of as many homes."""
    homes = list(bot.sandbox.catalogue.properties.values())[2 : 2 + count]
    return [str(home["classifieds"][0]["source"]["url"]) for home in homes]


def looked_up(bot: World) -> list[str]:
    """The paths that were looked up, in the order they were asked for."""
    asked = bot.sandbox.immoteur.requests
    return [
        request.path for request in asked if request.method == "GET" and request.path != "/auth"
    ]


def lines(*values: str) -> str:
    return "\n".join(values)


async def opened(person: Person, text: str) -> ViewOnScreen:
    await person.command("/report-issue", text, channel=ANNONCES)
    return await person.view()


async def found(person: Person, text: str) -> ViewOnScreen:
    """The form once nothing is being looked up any more."""
    await opened(person, text)
    return await settled(person)


async def settled(person: Person) -> ViewOnScreen:
    marks = (LOOKING, "Recherche des annonces")
    return await person.until(lambda view: not any(mark in view.text() for mark in marks), 8)


async def of_message(bot: World, person: Person, text: str) -> Message:
    """A form opened by the shortcut of a message of Alice's."""
    message = bot.person(ALICE).say(text, channel=ANNONCES)
    await person.shortcut("report_issue_from_message", message)
    await person.view()
    return message


async def filed(bot: World, count: int = 1) -> dict[str, object]:
    """The body that Immoteur got last."""
    await bot.until(lambda: len(bot.sandbox.immoteur.issues) >= count)
    body: dict[str, object] = bot.sandbox.immoteur.issues[-1].body
    return body

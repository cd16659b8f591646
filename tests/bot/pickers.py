"""A person at the searchable lists of /anomaly."""

from sandbox.catalogue import Catalogue
from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.seed import SECURITE

SEARCHED = ("reportId", "siteId", "technicalInstallationId")
SITE, INSTALLATION = str(Catalogue.sample_site), str(Catalogue.sample_installation)
REPORT = str(Catalogue.sample_report)


def kinds(view: ViewOnScreen) -> list[str]:
    """What the three fields are."""
    types = {
        block["element"]["action_id"]: block["element"]["type"]
        for block in view.blocks
        if block["type"] == "input"
    }
    return [types[name] for name in SEARCHED]


async def opened(person: Person, text: str = "", channel: str = SECURITE) -> ViewOnScreen:
    await person.command("/anomaly", text, channel=channel)
    return await person.until(lambda view: view.callback_id == "anomaly")


async def choose_site(person: Person, number: str, query: str = "") -> ViewOnScreen:
    await person.search("siteId", query or number)
    await person.pick("siteId", number)
    return await person.until(lambda view: f'"site":"{number}"' in view.private_metadata)

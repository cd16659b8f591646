"""A person who fills the form of /anomaly, and what the form and KARE hold then."""

from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.seed import SECURITE
from tests.world import World

ADD, MENU, REMOVE = "add_anomaly", "anomaly_menu", "remove_anomaly"


async def opened(person: Person, text: str = "1204", channel: str = SECURITE) -> ViewOnScreen:
    await person.command("/anomaly", text, channel=channel)
    return await person.until(lambda view: view.callback_id == "anomaly")


async def fill(person: Person, title: str, *, site: str = "31", risk: str = "0") -> None:
    """Fill the fields of the open form with an anomaly."""
    await person.enter("siteId", site)
    await person.enter("technicalInstallationId", "7")
    await person.choose("risk", risk)
    await person.until(lambda view: ("dueAt" in view.fields) == (risk != "0"))
    for name in {"location.room"} & set((await person.view()).fields):
        await person.type(name, "204")
    await person.type("title", title)
    await person.type("description", f"{title}, seen today")


async def add(person: Person, title: str, *, site: str = "31", risk: str = "0") -> ViewOnScreen:
    """Fill the fields and add the anomaly; the form once it is drawn with it."""
    await fill(person, title, site=site, risk=risk)
    await person.click(ADD)
    return await person.until(lambda view: title in titles(view) and not view.value("title"))


async def edit(person: Person, number: int) -> None:
    await person.choose(MENU, f"edit:{number}", block_id=f"anomaly.{number}")


async def remove(person: Person, number: int) -> None:
    await person.choose(MENU, f"remove:{number}", block_id=f"anomaly.{number}")


def lines(view: ViewOnScreen) -> list[str]:
    """The texts of the draft's anomalies, as the form shows them."""
    return [
        block["text"]["text"]
        for block in view.blocks
        if block["type"] == "section" and block["block_id"].startswith("anomaly.")
    ]


def titles(view: ViewOnScreen) -> list[str]:
    return [text.split("\n")[0] for text in lines(view)]


def filed(bot: World) -> list[str]:
    """The titles that KARE stored."""
    return [anomaly.body["title"] for anomaly in bot.sandbox.kare.anomalies]


def calls(bot: World) -> int:
    """The requests that filed something."""
    return sum("nonconformity" in request.path for request in bot.sandbox.kare.requests)


def stored(bot: World) -> list[tuple[int, str]]:
    """The drafts in the database: numbers and titles."""
    sql = "select number, body ->> 'title' as title from draft_anomalies order by key, number"
    return [(row["number"], row["title"]) for row in bot.rows(sql)]

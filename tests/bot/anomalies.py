"""A person who fills the form of /anomaly, and what the form and KARE hold then."""

from typing import Any

from sandbox.slack import Person, ViewOnScreen
from sandbox.slack.seed import SECURITE
from storage import drafts
from storage.drafts import Draft
from tests.world import World

ADD, MENU, REMOVE = "add_anomaly", "anomaly_menu", "remove_anomaly"
LIST, CHANGE = "anomaly_list", "change_head"


async def opened(person: Person, text: str = "1204", channel: str = SECURITE) -> ViewOnScreen:
    await person.command("/anomaly", text, channel=channel)
    return await person.until(lambda view: view.callback_id == "anomaly")


async def open_with(person: Person, *titles: str) -> None:
    """Open a form and add an anomaly for each title to its draft."""
    await opened(person)
    for title in titles:
        await add(person, title)


async def fill(person: Person, title: str, *, risk: str = "0") -> None:
    """Fill the fields of the open form with an anomaly at the site that is chosen, or at 31."""
    for name in {"siteId"} & set((await person.view()).fields):
        await person.enter(name, "31")
    await fill_own(person, title, risk=risk)


async def fill_own(person: Person, title: str, *, risk: str = "0") -> None:
    """Fill the fields that each anomaly has of its own."""
    await person.enter("technicalInstallationId", "7")
    await person.choose("risk", risk)
    await person.until(lambda view: ("dueAt" in view.fields) == (risk != "0"))
    for name in {"location.room"} & set((await person.view()).fields):
        await person.type(name, "204")
    await person.type("title", title)
    await person.type("description", f"{title}, seen today")


async def change_site(person: Person, site: str) -> None:
    """Choose another site in a form that shows report and site as a line of text."""
    await person.click(CHANGE)
    await person.until(lambda view: "siteId" in view.fields)
    await person.enter("siteId", site)


async def add(person: Person, title: str, *, risk: str = "0") -> ViewOnScreen:
    """Fill the fields and add the anomaly; the form with the list of the draft."""
    await fill(person, title, risk=risk)
    await person.click(ADD)
    await person.until(lambda view: LIST in view.buttons and not view.value("title"))
    await show_list(person)
    return await person.until(lambda view: title in titles(view))


async def show_list(person: Person) -> ViewOnScreen:
    await person.click(LIST)
    return await person.until(lambda view: bool(titles(view)))


async def edit(person: Person, number: int, title: str) -> ViewOnScreen:
    """Open an anomaly of the draft for editing; the form with its title in the fields."""
    await press_edit(person, number)
    return await person.until(lambda view: view.value("title") == title)


async def press_edit(person: Person, number: int) -> None:
    await person.choose(MENU, f"edit:{number}", block_id=f"anomaly.{number}")


async def copy(person: Person, number: int) -> None:
    await person.choose(MENU, f"copy:{number}", block_id=f"anomaly.{number}")


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
    title = "json_extract(body, '$.title') as title"
    sql = f"select number, {title} from draft_anomalies order by key, number"  # noqa: S608 - ours
    return [(row["number"], row["title"]) for row in bot.rows(sql)]


async def gather_in_storage(bot: World, count: int, **values: Any) -> None:
    """Add anomalies to the open form's draft in the database."""
    row = bot.rows("select * from drafts")[0]
    draft = Draft(row["key"], row["who"], row["channel"], None, {}, row["changed_at"])
    body = {"risk": 0, "technicalInstallationId": 7, "siteId": 31, "description": "d" * 2500}
    for number in range(count):
        anomaly = {**body, "title": f"{number} {'<&>' * 80}", **values}
        await bot.runtime.services.store.write(
            drafts.add, draft, anomaly, fields_version=10_000 + number, limit=1000
        )

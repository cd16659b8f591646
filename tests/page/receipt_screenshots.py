"""`make screenshots`: the pictures of receipts and of a channel, in both languages and both widths.

Each scene is filed for real: the person's form goes to the bot, and the bot's report to a stand-in.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, expect

from sandbox.catalogue import Catalogue
from sandbox.faults import ApiFault
from sandbox.page.launcher import run_page
from sandbox.sandbox import Sandbox
from sandbox.slack import Person
from sandbox.slack.seed import ALICE, ANNONCES, BOB, CAROL, SECURITE
from storage.database import open_for_reading
from tests.page.window import SECONDS, OpenSandbox, Window

DAY = 86_400
WIDTHS = {"desktop": 1280, "telephone": 390}
TALLEST = 3000
"""Pixels. Everything that a picture is of has room."""
BELOW = 90
"""Pixels for the message box below the last message."""
Take = Callable[[Window, str], Awaitable[None]]
TITLES = {
    "en": [
        "Emergency exit blocked by pallets",
        "Lift door does not close",
        "No inspection since 2023",
        "Handrail loose on the second floor",
        "Extinguisher missing its pin",
        "Fire alarm does not sound in the canteen",
        "Evacuation map out of date",
        "Cable across the corridor",
        "Emergency light off",
        "Skylight cracked above the hall",
        "Boiler room not locked",
        "Ramp slippery when wet",
    ],
    "fr": [
        "Issue de secours bloquée par des palettes",
        "La porte de l’ascenseur ne ferme pas",
        "Aucune vérification depuis 2023",
        "Main courante descellée au deuxième étage",
        "Extincteur sans goupille",
        "L’alarme incendie ne sonne pas à la cantine",
        "Plan d’évacuation périmé",
        "Câble en travers du couloir",
        "Éclairage de secours éteint",
        "Verrière fissurée au-dessus du hall",
        "Chaufferie non fermée à clé",
        "Rampe glissante par temps de pluie",
    ],
}
SEEN = {"en": "Seen on today's visit.", "fr": "Constaté lors de la visite du jour."}
RISKS = ("3", "0", "1", "2", "0", "3", "0", "1", "2", "1", "0", "2")
WORDS = {
    "en": ["the price is last year's", "two rooms, not three", "the photos show another flat"],
    "fr": ["le prix est faux", "deux pièces et non trois", "les photos ne sont pas les bonnes"],
}


@dataclass
class Scene:
    """The sandbox in one language, and the person who reports in it."""

    sandbox: Sandbox
    person: Person
    language: str
    db: Path

    async def report_listing(
        self, number: int = 0, *, before_sending: Callable[[], None] | None = None
    ) -> None:
        """Report what is wrong with a listing, by its link.

        :param before_sending: called once the listing was looked up
        """
        homes = [*self.sandbox.catalogue.properties.values()]
        url = homes[number]["classifieds"][0]["source"]["url"]
        words = WORDS[self.language][number % 3]
        await self.person.command("/report-issue", f"{url} {words}", channel=ANNONCES)
        await self.person.until(lambda view: "m²" in view.text())
        if before_sending:
            before_sending()
        await self._submit()

    async def report_findings(
        self, count: int, *, first: int = 0, photos: Sequence[tuple[str, bytes]] = ()
    ) -> None:
        """Report so many findings of one visit.

        :param photos: names and contents of the files that are added to the last one
        """
        await self.person.command("/anomaly", f"{Catalogue.sample_report}", channel=SECURITE)
        await self.person.until(lambda view: "title" in view.fields)
        for number in range(first, first + count):
            await self._finding(TITLES[self.language][number], RISKS[number])
            if number < first + count - 1:
                await self.person.click("add_anomaly")
                await self.person.until(lambda view: not view.value("title"))
        if photos:
            self.person.upload("photos", *photos)
        await self._submit()

    async def _finding(self, title: str, risk: str) -> None:
        person = self.person
        view = await person.view()
        if not view.value("technicalInstallationId"):
            await person.enter("technicalInstallationId", str(Catalogue.sample_installation))
        await person.choose("risk", risk)
        if risk != "0":
            await person.until(lambda view: "dueAt" in view.fields)
            await person.type("location.floor", "2")
            await person.pick_date("dueAt", int(time.time()) // 3600 * 3600 + 14 * DAY)
        await person.type("title", title)
        await person.type("description", SEEN[self.language])

    async def _submit(self) -> None:
        outcome = await self.person.submit()
        if outcome.kind == "updated":
            outcome = await self.person.submit()
        if outcome.kind != "closed":
            raise RuntimeError(f"the form was not accepted: {outcome}")

    async def settled(self) -> None:
        """Wait until every receipt shows its report's state, and none is on its way."""
        await self._none_of(
            "select count(*) from reports join receipts using (number)"
            " where state = 'sending' or posted < version"
            " or (state = 'waiting' and attempts = 0)"
        )

    async def photos_sent(self) -> None:
        """Wait until each photo was sent, refused, or waits for a person."""
        await self._none_of(
            "select count(*) from photos where state in ('waiting', 'sending')"
            " and coalesce(json_extract(cause, '$.why'), '') <> 'choose'"
        )
        await self.settled()

    async def told(self) -> None:
        """Wait until every notice that is due within a minute was posted."""
        await self._none_of(
            "select count(*) from notices where posted < version"
            " and next_try < unixepoch() + 60 and what <> 'reminder'"
        )

    async def _none_of(self, query: str) -> None:
        async with asyncio.timeout(90):
            while self._count(query):
                await asyncio.sleep(0.1)

    def _count(self, query: str) -> int:
        with closing(open_for_reading(self.db)) as db:
            return int(db.execute(query).fetchone()[0])


async def one_listing(scene: Scene) -> None:
    await scene.report_listing()


async def twelve_findings(scene: Scene) -> None:
    await scene.report_findings(12)


async def refused(scene: Scene) -> None:
    scene.sandbox.immoteur.faults.next(1, "422")
    await scene.report_listing(1)


async def unknown(scene: Scene) -> None:
    scene.sandbox.immoteur.faults.next(1, "cut")
    await scene.report_listing(2)


async def waiting(scene: Scene) -> None:
    scene.sandbox.immoteur.faults.always(ApiFault("503", retry_after=600))
    await scene.report_listing(3)


async def held(scene: Scene) -> None:
    def reject_the_token() -> None:
        scene.sandbox.immoteur.faults.always("401")
        scene.sandbox.immoteur.faults.always("401", on="GET /")

    await scene.report_listing(4, before_sending=reject_the_token)


async def day_of_listings(scene: Scene) -> None:
    for number in range(2, 12):
        if number in {7, 10}:
            scene.sandbox.immoteur.faults.next(1, "422" if number == 7 else "cut")
        await scene.report_listing(number)
        await scene.settled()


async def day_of_findings(scene: Scene) -> None:
    for first in (0, 2, 3, 4, 5, 6, 7, 8, 10):
        await scene.report_findings(1, first=first)
    await scene.report_findings(3, first=9)


async def grave(scene: Scene) -> None:
    await scene.report_findings(1)


Play = Callable[[Scene], Awaitable[None]]
ALERTING = f'[alert]\nmention = ["{CAROL}"]\n'
"""A configuration in which Carol is to see grave reports."""


@dataclass(frozen=True)
class Picture:
    name: str
    channel: str
    play: Play
    in_thread: bool = True
    """Whether the picture shows the thread of the receipt, and not the channel alone."""


PICTURES = (
    Picture("channel-listings", ANNONCES, day_of_listings, in_thread=False),
    Picture("channel-findings", SECURITE, day_of_findings, in_thread=False),
    Picture("receipt-listing", ANNONCES, one_listing),
    Picture("receipt-findings", SECURITE, twelve_findings),
    Picture("receipt-refused", ANNONCES, refused),
    Picture("receipt-unknown", ANNONCES, unknown),
    Picture("receipt-waiting", ANNONCES, waiting),
    Picture("receipt-held", ANNONCES, held),
    Picture("alert", SECURITE, grave, in_thread=False),
)


async def take_receipts(
    browser: Browser, folder: Path, take: Take, *, only: Collection[str] = ()
) -> None:
    """Take every picture of a receipt and of a channel.

    :param folder: for the databases
    :param only: the names of the pictures to take; all of them when it is empty
    """
    config = folder / "alert.toml"
    config.write_text(ALERTING)
    for language, user in (("en", BOB), ("fr", ALICE)):
        for picture in PICTURES:
            if only and picture.name not in only:
                continue
            db = folder / f"{picture.name}-{language}.db"
            settings = {"CONSTAT_LANGUAGE": language}
            if picture.play is grave:
                settings["CONSTAT_CONFIG"] = str(config)
            async with run_page(db, settings=settings) as running:
                sandbox = OpenSandbox(running, browser)
                await sandbox.lists_of_kare()
                await asyncio.sleep(1)  # the bot reads what it has stored
                slack = running.state.sandbox
                person = Person(slack.slack, user, running.state.link)
                scene = Scene(slack, person, language, db)
                await picture.play(scene)
                await scene.settled()
                await scene.told()
                for size, width in WIDTHS.items():
                    window = await sandbox.window(user, picture.channel, width=width)
                    await _show(window, picture)
                    await take(window, f"{picture.name}-{size}-{language}")
                    await window.close()


async def _show(window: Window, picture: Picture) -> None:
    """Show everything that the picture is of, and nothing below it."""
    part = window.conversation
    await window.page.set_viewport_size({"width": _width(window), "height": TALLEST})
    if picture.in_thread:
        await window.open_thread()
        part = window.thread
        for more in await part.locator(".more:visible").all():
            await more.click()
    last = part.locator("article").last
    await expect(last).to_be_visible(timeout=SECONDS)
    box = await last.bounding_box()
    if box is None:
        raise RuntimeError("the last message is not on screen")
    height = round(box["y"] + box["height"]) + BELOW
    await window.page.set_viewport_size({"width": _width(window), "height": height})


def _width(window: Window) -> int:
    size = window.page.viewport_size
    if size is None:
        raise RuntimeError("the window has no size")
    return size["width"]

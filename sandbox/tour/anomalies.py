"""The steps of the tour in #securite: anomalies, which are reported to KARE."""

import asyncio
import time
from functools import partial

from sandbox.catalogue import Catalogue
from sandbox.sample_photo import sample_photo
from sandbox.slack import Person
from sandbox.slack.seed import BOB, CAROL, SECURITE
from sandbox.tour.scenario import (
    FILED,
    PHOTO_SENT,
    Scenario,
    Step,
    print_step,
    submit,
    text_on_screen,
)

PHOTOS = "message_photos"
"""The field of the form with the photos of a message."""


async def report_anomaly(scenario: Scenario, risk: str) -> None:
    bob = scenario.person(BOB)
    words = f"{Catalogue.sample_report} Emergency exit blocked, level {risk}"
    print_step(f"Bob types in #securite: /anomaly {words}")
    await bob.command("/anomaly", words, channel=SECURITE)
    await bob.view()
    await bob.type("description", "Pallets in front of the door since Monday.")
    await _fill_place_and_risk(bob, risk)
    if risk == "2":
        await bob.pick_date("dueAt", int(time.time()) // 60 * 60 + 7 * 86_400)
    await submit(bob)
    scenario.show_thread(await scenario.thread(SECURITE))


async def report_photo(scenario: Scenario) -> None:
    """An anomaly of risk 1, with the photo of a message if the bot takes photos."""
    bob, carol = scenario.person(BOB), scenario.person(CAROL)
    photo = ("exit.png", sample_photo())
    message = carol.say("Pallets in front of the exit again.", channel=SECURITE, files=[photo])
    print_step("Bob uses the shortcut of Carol's message, which has a photo")
    scenario.show_message(message)
    await bob.shortcut("anomaly_from_message", message)
    takes_photos = PHOTOS in (await bob.view()).fields
    await bob.enter("reportId", str(Catalogue.sample_report))
    await bob.type("title", "Emergency exit blocked, level 1")
    await _fill_place_and_risk(bob, "1")
    await submit(bob)
    says = PHOTO_SENT if takes_photos else FILED
    scenario.show_thread(await scenario.thread(SECURITE, under=message.ts, says=says))


async def _fill_place_and_risk(person: Person, risk: str) -> None:
    await person.enter("siteId", str(Catalogue.sample_site))
    await person.enter("technicalInstallationId", str(Catalogue.sample_installation))
    await person.choose("risk", risk)
    if risk != "0":
        await person.until(lambda view: "dueAt" in view.fields)
        await person.type("location.floor", "-1")


async def report_visit(scenario: Scenario) -> None:
    """Two findings of one visit: search by name, add, close the form, continue, send."""
    bob = scenario.person(BOB)
    print_step(
        "Bob types in #securite: /anomaly, and searches for the site, its lift and the report"
    )
    await _open_searchable(bob)
    site, report = str(Catalogue.sample_site), str(Catalogue.sample_report)
    lift = str(Catalogue.sample_installation)
    await _search_and_pick(bob, "siteId", "ecole jaures", site)
    await bob.until(lambda view: site in view.private_metadata)
    await _search_and_pick(bob, "technicalInstallationId", "asc", lift)
    await _search_and_pick(bob, "reportId", "jaures", report)
    await _fill_finding(bob, "Lift door does not close")
    await bob.click("add_anomaly")
    await bob.until(lambda view: "1 finding" in view.text() and not view.value("title"))
    print("\n--- the form, after the finding was saved\n" + text_on_screen(bob))
    print_step("Bob closes the form, and types /anomaly again: it offers to go on")
    await bob.close()
    await bob.command("/anomaly", "", channel=SECURITE)
    print("\n--- the form\n" + (await bob.view()).text())
    await bob.click("draft_continue")
    await bob.until(lambda view: "1 finding" in view.text() and "title" in view.fields)
    await _search_and_pick(bob, "technicalInstallationId", "", lift)
    await _fill_finding(bob, "No inspection since 2023")
    await submit(bob)
    scenario.show_thread(await scenario.thread(SECURITE))


async def _open_searchable(person: Person) -> None:
    """Open the form with search fields, once the bot has fetched KARE's lists."""
    for _ in range(100):
        await person.command("/anomaly", "", channel=SECURITE)
        view = await person.view()
        if any(block.get("element", {}).get("type") == "external_select" for block in view.blocks):
            return
        await person.close()
        await asyncio.sleep(0.1)
    raise TimeoutError("the bot has not fetched KARE's lists")


async def _search_and_pick(person: Person, name: str, query: str, value: str) -> None:
    options = await person.search(name, query)
    print(f"\n--- searching {name} for {query!r}\n" + "\n".join(list(options.values())[:5]))
    await person.pick(name, value)


async def _fill_finding(person: Person, title: str) -> None:
    await person.choose("risk", "0")
    await person.type("title", title)
    await person.type("description", f"{title}: seen on today's visit.")


STEPS: tuple[Step, ...] = (
    partial(report_anomaly, risk="0"),
    report_photo,
    partial(report_anomaly, risk="2"),
    partial(report_anomaly, risk="3"),
    report_visit,
)

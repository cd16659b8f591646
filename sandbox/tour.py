"""`constat try`: a scripted tour that files one report of each kind, told as a person sees it."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.catalogue import Catalogue
from sandbox.place import Sandbox
from sandbox.process import bot_process
from sandbox.slack import BotLink, Message, Person
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_message, render_thread
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE

PATIENCE = 15.0
"""Seconds until a receipt must say that a report was filed."""
DAY = 86_400


@dataclass
class Stage:
    """Where the tour plays."""

    sandbox: Sandbox
    bot: BotLink
    shown: set[str] = field(default_factory=set)
    """The threads that were shown already, by the ts of what opened them."""

    def person(self, user: str) -> Person:
        return Person(self.sandbox.slack, user, self.bot)

    async def thread(self, channel: str, *, under: str | None = None) -> list[Message]:
        """The newest thread of a channel, or that of a message, once its receipt says filed."""
        space = self.sandbox.slack.workspace
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            fresh = [one.ts for one in space.history(channel) if one.ts not in self.shown]
            parent = under or (fresh[-1] if fresh else "")
            messages = space.thread(channel, parent)
            if len(messages) > 1 and "Filed with" in messages[-1].text:
                self.shown.add(parent)
                return messages
            await asyncio.sleep(0.05)
        raise TimeoutError(f"no receipt in {channel} says that the report was filed")

    def show_thread(self, messages: list[Message]) -> None:
        reader = Reader(self.sandbox.slack.workspace, self.person(BOB).user)
        print("\n--- the thread\n" + render_thread(messages, reader))

    def show_message(self, message: Message) -> None:
        reader = Reader(self.sandbox.slack.workspace, self.person(BOB).user)
        print("\n--- the message\n" + render_message(message, reader))


async def tour(db: Path) -> int:
    """Play in a sandbox and with a bot of its own; the database stays for `constat log`.

    :returns: the exit status
    """
    sandbox = Sandbox()
    async with (
        sandbox.serve(),
        bot_process(sandbox.settings, db, log=db.with_suffix(".log")) as bot,
    ):
        await bot.ready()
        await play(Stage(sandbox, BotLink(bot.url)))
    return await list_reports(db)


async def play(stage: Stage) -> None:
    """File a report of each kind, and an anomaly of each risk."""
    steps: list[Callable[[Stage], Awaitable[None]]] = [_data, _clustering, _other]
    steps += [_link, _links]
    for step in steps:
        await step(stage)
    for risk in ("0", "1", "2", "3"):
        await _anomaly(stage, risk)
    await _visit(stage)


async def list_reports(db: Path) -> int:
    """Print what `constat log` says.

    :returns: its exit status
    """
    print("\n=== constat log\n", flush=True)
    listing = await asyncio.create_subprocess_exec(
        *_log_command(), env={"CONSTAT_DB": str(db), "PATH": ""}
    )
    return await listing.wait()


async def _data(stage: Stage) -> None:
    bob = stage.person(BOB)
    words = f"data {Catalogue.sample_property} the price is last year's"
    _step(f"Bob types in #annonces: /report-issue {words}")
    await bob.command("/report-issue", words, channel=ANNONCES)
    await bob.view()
    await bob.choose("issueFacets", ["price"])
    await _submit(bob)
    stage.show_thread(await stage.thread(ANNONCES))


async def _clustering(stage: Stage) -> None:
    bob = stage.person(BOB)
    text = f"Same flat twice? {Catalogue.sample_property} and {Catalogue.twin_property}"
    message = stage.sandbox.slack.workspace.say(ANNONCES, ALICE, text)
    _step("Bob uses the shortcut of Alice's message, and chooses clustering, then merge")
    stage.show_message(message)
    await bob.shortcut("report_issue_from_message", message)
    await bob.view()
    await bob.choose("issueKind", "clustering")
    await bob.until(lambda view: "clusteringAction" in view.fields)
    await bob.choose("clusteringAction", "merge")
    await _submit(bob)
    stage.show_thread(await stage.thread(ANNONCES, under=message.ts))


async def _other(stage: Stage) -> None:
    alice = stage.person(ALICE)
    words = f"other {Catalogue.sample_property} l'annonce renvoie vers une page vide"
    _step(f"Alice, who reads French, types in #annonces: /report-issue {words}")
    await alice.command("/report-issue", words, channel=ANNONCES)
    # The first form is drawn again once her language is known.
    await alice.until(lambda view: view.title == "Signaler un problème")
    await _submit(alice)
    stage.show_thread(await stage.thread(ANNONCES))


async def _link(stage: Stage) -> None:
    bob = stage.person(BOB)
    words = f"{Catalogue.sample_link}?utm_source=mail the price is last year's"
    _step(f"Bob types in #annonces: /report-issue {words}")
    await bob.command("/report-issue", words, channel=ANNONCES)
    await bob.until(lambda view: bool(view.value("classifiedIds")))
    await _submit(bob)
    stage.show_thread(await stage.thread(ANNONCES))


async def _links(stage: Stage) -> None:
    alice = stage.person(ALICE)
    homes = [*stage.sandbox.catalogue.properties.values()][2:5]
    found = " ".join(home["classifieds"][0]["source"]["url"] for home in homes)
    message = stage.sandbox.slack.workspace.say(ANNONCES, BOB, f"mauvaises photos : {found}")
    _step("Alice uses the shortcut of Bob's message with three links, and leaves the last one")
    stage.show_message(message)
    await alice.shortcut("report_issue_from_message", message)
    view = await alice.until(lambda view: "listings" in view.fields)
    await alice.choose("listings", view.value("listings")[:2])
    left = homes[2]["id"]
    await alice.until(lambda view: left not in view.value("propertyIds"))
    await _submit(alice)
    stage.show_thread(await stage.thread(ANNONCES, under=message.ts))


async def _anomaly(stage: Stage, risk: str) -> None:
    bob = stage.person(BOB)
    words = f"{Catalogue.sample_report} Emergency exit blocked, level {risk}"
    _step(f"Bob types in #securite: /anomaly {words}")
    await bob.command("/anomaly", words, channel=SECURITE)
    await bob.view()
    await bob.enter("siteId", str(Catalogue.sample_site))
    await bob.enter("technicalInstallationId", str(Catalogue.sample_installation))
    await bob.type("description", "Pallets in front of the door since Monday.")
    await bob.choose("risk", risk)
    if risk != "0":
        await bob.until(lambda view: "dueAt" in view.fields)
        await bob.type("location.floor", "-1")
    if risk == "2":
        await bob.pick_date("dueAt", int(time.time()) // 60 * 60 + 7 * DAY)
    await _submit(bob)
    stage.show_thread(await stage.thread(SECURITE))


async def _visit(stage: Stage) -> None:
    """Two findings of one visit: searched for by name, gathered, closed, gone on with, sent."""
    bob = stage.person(BOB)
    _step("Bob types in #securite: /anomaly, and searches for the site, its lift and the report")
    await _open_searchable(bob)
    site, report = str(Catalogue.sample_site), str(Catalogue.sample_report)
    await _found(bob, "siteId", "ecole jaures", site)
    await bob.until(lambda view: site in view.private_metadata)
    await _found(bob, "technicalInstallationId", "asc", str(Catalogue.sample_installation))
    await _found(bob, "reportId", "jaures", report)
    await _finding(bob, "Lift door does not close")
    await bob.click("add_finding")
    await bob.until(lambda view: "Lift door" in view.text() and not view.value("title"))
    print("\n--- the form, with the finding in its basket\n" + _text(bob))
    _step("Bob closes the form, and types /anomaly again: it offers to go on")
    await bob.close()
    await bob.command("/anomaly", "", channel=SECURITE)
    print("\n--- the form\n" + (await bob.view()).text())
    await bob.click("draft_continue")
    await bob.until(lambda view: view.value("reportId") == report)
    await _found(bob, "technicalInstallationId", "", str(Catalogue.sample_installation))
    await _finding(bob, "No inspection since 2023")
    await _submit(bob)
    stage.show_thread(await stage.thread(SECURITE))


async def _open_searchable(person: Person) -> None:
    """The form, once the bot has fetched KARE's lists."""
    for _ in range(100):
        await person.command("/anomaly", "", channel=SECURITE)
        view = await person.view()
        if any(one.get("element", {}).get("type") == "external_select" for one in view.blocks):
            return
        await person.close()
        await asyncio.sleep(0.1)
    raise TimeoutError("the bot has not fetched KARE's lists")


async def _found(person: Person, name: str, query: str, wanted: str) -> None:
    offered = await person.search(name, query)
    print(f"\n--- searching {name} for {query!r}\n" + "\n".join(list(offered.values())[:5]))
    await person.pick(name, wanted)


async def _finding(person: Person, title: str) -> None:
    await person.choose("risk", "0")
    await person.type("title", title)
    await person.type("description", f"{title}: seen on today's visit.")


def _text(person: Person) -> str:
    assert person.screen is not None  # noqa: S101 - the step before opened it
    return person.screen.text()


async def _submit(person: Person) -> None:
    print("\n--- the form\n" + _text(person))
    outcome = await person.submit()
    if outcome.kind == "updated" and person.screen and "file_anyway" in person.screen.buttons:
        print("\n--- it was reported before, and the form asks\n" + _text(person))
        outcome = await person.submit()
    if outcome.kind != "closed":
        raise RuntimeError(f"the form was not taken: {outcome}")


def _step(text: str) -> None:
    print(f"\n=== {text}")


def _log_command() -> list[str]:
    return [sys.executable, "-m", "bot", "log"]

"""`constat try`: a scripted tour that files a report of each kind, and prints each screen."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.catalogue import Catalogue
from sandbox.process import bot_process
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Message, Person
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_message, render_thread
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE

RECEIPT_TIMEOUT = 15.0
"""Seconds within which a receipt must say that a report was filed."""
FILED = ("Filed with", "Transmis à")
"""The words of a receipt, in the language of the channel."""
DAY = 86_400


@dataclass
class Scenario:
    """The sandbox and the bot of a tour."""

    sandbox: Sandbox
    bot: BotLink
    printed: set[str] = field(default_factory=set)
    """The threads that were printed already, by the ts of their parent."""

    def person(self, user: str) -> Person:
        return Person(self.sandbox.slack, user, self.bot)

    async def thread(self, channel: str, *, under: str | None = None) -> list[Message]:
        """The thread under a message, or the newest of the channel, once its receipt says filed.

        :raises TimeoutError: after RECEIPT_TIMEOUT seconds
        """
        workspace = self.sandbox.slack.workspace
        ends = time.monotonic() + RECEIPT_TIMEOUT
        while time.monotonic() < ends:
            history = workspace.history(channel)
            fresh = [message.ts for message in history if message.ts not in self.printed]
            parent = under or (fresh[-1] if fresh else "")
            messages = workspace.thread(channel, parent)
            if len(messages) > 1 and any(words in messages[-1].text for words in FILED):
                self.printed.add(parent)
                return messages
            await asyncio.sleep(0.05)
        raise TimeoutError(f"no receipt in {channel} says that the report was filed")

    def show_thread(self, messages: list[Message]) -> None:
        reader = Reader(self.sandbox.slack.workspace, self.person(BOB).user)
        print("\n--- the thread\n" + render_thread(messages, reader))

    def show_message(self, message: Message) -> None:
        reader = Reader(self.sandbox.slack.workspace, self.person(BOB).user)
        print("\n--- the message\n" + render_message(message, reader))


async def tour(db: Path, settings: Mapping[str, str]) -> int:
    """Run the tour with a sandbox and a bot of its own. The database is kept for `constat log`.

    :param settings: environment variables for the bot besides those of the sandbox
    :returns: the exit status
    """
    sandbox = Sandbox(catalogue=Catalogue(last_visit=time.time()))
    async with (
        sandbox.serve(),
        bot_process({**sandbox.settings, **settings}, db, log=db.with_suffix(".log")) as bot,
    ):
        await bot.ready()
        await play(Scenario(sandbox, BotLink(bot.url)))
    return await list_reports(db)


async def play(scenario: Scenario) -> None:
    """File a report of each kind, and an anomaly of each risk level."""
    steps: list[Callable[[Scenario], Awaitable[None]]] = [_data, _clustering, _other]
    steps += [_link, _links]
    for step in steps:
        await step(scenario)
    for risk in ("0", "1", "2", "3"):
        await _anomaly(scenario, risk)
    await _visit(scenario)


async def list_reports(db: Path) -> int:
    """Print the output of `constat log`.

    :returns: its exit status
    """
    print("\n=== constat log\n", flush=True)
    listing = await asyncio.create_subprocess_exec(
        *_log_command(), env={"CONSTAT_DB": str(db), "PATH": ""}
    )
    return await listing.wait()


async def _data(scenario: Scenario) -> None:
    bob = scenario.person(BOB)
    words = f"data {Catalogue.sample_property} the price is last year's"
    _step(f"Bob types in #annonces: /report-issue {words}")
    await bob.command("/report-issue", words, channel=ANNONCES)
    await bob.view()
    await bob.choose("issueFacets", ["price"])
    await _submit(bob)
    scenario.show_thread(await scenario.thread(ANNONCES))


async def _clustering(scenario: Scenario) -> None:
    bob = scenario.person(BOB)
    text = f"Same flat twice? {Catalogue.sample_property} and {Catalogue.twin_property}"
    message = scenario.sandbox.slack.workspace.say(ANNONCES, ALICE, text)
    _step("Bob uses the shortcut of Alice's message, and chooses clustering, then merge")
    scenario.show_message(message)
    await bob.shortcut("report_issue_from_message", message)
    await bob.view()
    await bob.choose("issueKind", "clustering")
    await bob.until(lambda view: "clusteringAction" in view.fields)
    await bob.choose("clusteringAction", "merge")
    await _submit(bob)
    scenario.show_thread(await scenario.thread(ANNONCES, under=message.ts))


async def _other(scenario: Scenario) -> None:
    alice = scenario.person(ALICE)
    words = f"other {Catalogue.sample_property} l'annonce renvoie vers une page vide"
    _step(f"Alice, who reads French, types in #annonces: /report-issue {words}")
    await alice.command("/report-issue", words, channel=ANNONCES)
    # The form is drawn in English first, and again once the bot has her language.
    await alice.until(lambda view: view.title == "Signaler un problème")
    await _submit(alice)
    scenario.show_thread(await scenario.thread(ANNONCES))


async def _link(scenario: Scenario) -> None:
    bob = scenario.person(BOB)
    words = f"{Catalogue.sample_link}?utm_source=mail the price is last year's"
    _step(f"Bob types in #annonces: /report-issue {words}")
    await bob.command("/report-issue", words, channel=ANNONCES)
    await bob.until(lambda view: "Apartment" in view.text())
    await _submit(bob)
    scenario.show_thread(await scenario.thread(ANNONCES))


async def _links(scenario: Scenario) -> None:
    alice = scenario.person(ALICE)
    homes = [*scenario.sandbox.catalogue.properties.values()][2:5]
    links = " ".join(home["classifieds"][0]["source"]["url"] for home in homes)
    message = scenario.sandbox.slack.workspace.say(ANNONCES, BOB, f"mauvaises photos : {links}")
    _step("Alice uses the shortcut of Bob's message with three links, and leaves the last one")
    scenario.show_message(message)
    await alice.shortcut("report_issue_from_message", message)
    view = await alice.until(lambda view: "listings" in view.fields)
    await alice.choose("listings", view.value("listings")[:2])
    await alice.until(lambda view: len(view.value("listings")) == 2)
    await _submit(alice)
    scenario.show_thread(await scenario.thread(ANNONCES, under=message.ts))


async def _anomaly(scenario: Scenario, risk: str) -> None:
    bob = scenario.person(BOB)
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
    scenario.show_thread(await scenario.thread(SECURITE))


async def _visit(scenario: Scenario) -> None:
    """Two findings of one visit: search by name, add, close the form, continue, send."""
    bob = scenario.person(BOB)
    _step("Bob types in #securite: /anomaly, and searches for the site, its lift and the report")
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
    print("\n--- the form, after the finding was saved\n" + _text(bob))
    _step("Bob closes the form, and types /anomaly again: it offers to go on")
    await bob.close()
    await bob.command("/anomaly", "", channel=SECURITE)
    print("\n--- the form\n" + (await bob.view()).text())
    await bob.click("draft_continue")
    await bob.until(lambda view: "1 finding" in view.text() and "title" in view.fields)
    await _search_and_pick(bob, "technicalInstallationId", "", lift)
    await _fill_finding(bob, "No inspection since 2023")
    await _submit(bob)
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


def _text(person: Person) -> str:
    assert person.screen is not None  # noqa: S101 - the previous step opened it
    return person.screen.text()


async def _submit(person: Person) -> None:
    print("\n--- the form\n" + _text(person))
    outcome = await person.submit()
    if outcome.kind == "updated" and person.screen and "file_anyway" in person.screen.buttons:
        print("\n--- it was reported before; the form asks whether to file it\n" + _text(person))
        outcome = await person.submit()
    if outcome.kind != "closed":
        raise RuntimeError(f"the form was not accepted: {outcome}")


def _step(text: str) -> None:
    print(f"\n=== {text}")


def _log_command() -> list[str]:
    return [sys.executable, "-m", "bot", "log"]

"""The steps of the tour in #annonces: listings, which are reported to Immoteur."""

from sandbox.catalogue import Catalogue
from sandbox.slack import Message
from sandbox.slack.form import fields_of
from sandbox.slack.seed import ALICE, ANNONCES, BOB, CAROL
from sandbox.tour.scenario import Scenario, Step, print_step, submit, text_on_screen

REPORT = "report_link.report_issue"
"""The button *Report* below a link that unfolded."""


async def report_data(scenario: Scenario) -> None:
    bob = scenario.person(BOB)
    words = f"data {Catalogue.sample_property} the price is last year's"
    print_step(f"Bob types in #annonces: /report-issue {words}")
    await bob.command("/report-issue", words, channel=ANNONCES)
    await bob.view()
    await bob.choose("issueFacets", ["price"])
    await submit(bob)
    scenario.show_thread(await scenario.thread(ANNONCES))


async def report_clustering(scenario: Scenario) -> None:
    bob = scenario.person(BOB)
    text = f"Same flat twice? {Catalogue.sample_property} and {Catalogue.twin_property}"
    message = scenario.sandbox.slack.workspace.say(ANNONCES, ALICE, text)
    print_step("Bob uses the shortcut of Alice's message, and chooses clustering, then merge")
    scenario.show_message(message)
    await bob.shortcut("report_issue_from_message", message)
    await bob.view()
    await bob.choose("issueKind", "clustering")
    await bob.until(lambda view: "clusteringAction" in view.fields)
    await bob.choose("clusteringAction", "merge")
    await submit(bob)
    scenario.show_thread(await scenario.thread(ANNONCES, under=message.ts))


async def report_other(scenario: Scenario) -> None:
    alice = scenario.person(ALICE)
    words = f"other {Catalogue.sample_property} l'annonce renvoie vers une page vide"
    print_step(f"Alice, who reads French, types in #annonces: /report-issue {words}")
    await alice.command("/report-issue", words, channel=ANNONCES)
    # The form is drawn in English first, and again once the bot has her language.
    await alice.until(lambda view: view.title == "Signaler un problème")
    await submit(alice)
    scenario.show_thread(await scenario.thread(ANNONCES))


async def report_link(scenario: Scenario) -> None:
    bob = scenario.person(BOB)
    words = f"{Catalogue.sample_link}?utm_source=mail the price is last year's"
    print_step(f"Bob types in #annonces: /report-issue {words}")
    await bob.command("/report-issue", words, channel=ANNONCES)
    await bob.until(lambda view: "Apartment" in view.text())
    await submit(bob)
    scenario.show_thread(await scenario.thread(ANNONCES))


async def report_links(scenario: Scenario) -> None:
    alice = scenario.person(ALICE)
    homes = [*scenario.sandbox.catalogue.properties.values()][2:5]
    links = " ".join(home["classifieds"][0]["source"]["url"] for home in homes)
    message = scenario.sandbox.slack.workspace.say(ANNONCES, BOB, f"mauvaises photos : {links}")
    print_step("Alice uses the shortcut of Bob's message with three links, and leaves the last one")
    scenario.show_message(message)
    await alice.shortcut("report_issue_from_message", message)
    view = await alice.until(lambda view: "listings" in view.fields)
    await alice.choose("listings", view.value("listings")[:2])
    await alice.until(lambda view: len(view.value("listings")) == 2)
    await submit(alice)
    scenario.show_thread(await scenario.thread(ANNONCES, under=message.ts))


async def unfold_link(scenario: Scenario) -> None:
    bob, carol = scenario.person(BOB), scenario.person(CAROL)
    print_step("Carol posts a link to a listing in #annonces, and it unfolds")
    text = f"Who knows this one? {Catalogue.sample_link}"
    message = await scenario.unfurled(await carol.post(text, channel=ANNONCES))
    scenario.show_message(message)
    print_step(f"Bob presses {_label(message)}: the form opens with the link. He closes it")
    await bob.press_unfurl(message, REPORT)
    await bob.until(lambda view: "Apartment" in view.text())
    start = text_on_screen(bob).splitlines()[:5]
    print("\n--- the start of the form\n" + "\n".join(start))
    await bob.close()


def _label(message: Message) -> str:
    """The label of the button below the link of a message, in the language of the channel."""
    [unfurl] = message.attachments
    fields = fields_of(unfurl["blocks"])
    [label] = [field.element["text"]["text"] for field in fields if field.key[1] == REPORT]
    return str(label)


STEPS: tuple[Step, ...] = (
    report_data,
    report_clustering,
    report_other,
    report_link,
    report_links,
    unfold_link,
)

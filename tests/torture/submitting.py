"""People who press Send, again and again, until the bot says that it has their report.

A form is opened once by a person, for real; each submission is a copy of it with its own words,
as Slack would send it. Whoever gets no answer presses again: the same view, the same metadata.
"""

import asyncio
import copy
import json
import random
import uuid
from dataclasses import dataclass, replace

from sandbox.catalogue import Catalogue
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person, payloads
from sandbox.slack.link import Ack
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from sandbox.slack.views import OpenView

PATIENCE = 3.0
"""Seconds that Slack waits for the bot."""
DEAF = 0.1
"""Share of presses whose answer is lost on its way: the person presses again."""


@dataclass
class Submission:
    """One form that somebody sent."""

    word: str
    """Stands in it, and in no other."""
    kind: str
    user: str
    view: OpenView
    presses: int = 0
    acknowledged: bool = False


async def blank_forms(sandbox: Sandbox, link: BotLink) -> dict[str, OpenView]:
    """A form of each kind as it is on a screen, all but its own words filled in."""
    bob, alice = (Person(sandbox.slack, user, link) for user in (BOB, ALICE))
    await bob.command("/report-issue", f"other {uuid.uuid4()} WORD", channel=ANNONCES)
    issue = await bob.view()
    await alice.command("/anomaly", f"{Catalogue.sample_report} WORD", channel=SECURITE)
    await alice.view()
    # Alice's language is asked for the first time, and the form is drawn again then.
    await alice.until(lambda view: view.title != "Report an anomaly")
    await alice.enter("siteId", str(Catalogue.sample_site))
    await alice.enter("technicalInstallationId", str(Catalogue.sample_installation))
    await alice.type("description", "Pallets in front of the door.")
    await alice.choose("risk", "0")
    screens = sandbox.slack.views.screens
    assert issue.fields
    return {"report_issue": _top(screens[BOB].top), "anomaly": _top(screens[ALICE].top)}


def _top(view: OpenView | None) -> OpenView:
    assert view is not None
    return copy.deepcopy(view)


def filled_in(sandbox: Sandbox, blank: OpenView, word: str) -> Submission:
    """The form of somebody who wrote this word in it."""
    body = copy.deepcopy(blank.body)
    body["private_metadata"] = json.dumps(
        {**json.loads(body["private_metadata"]), "key": uuid.uuid4().hex}
    )
    form = copy.deepcopy(blank.form)
    for (_, action_id), held in form.values.items():
        if action_id in {"comment", "title"}:
            held["value"] = word
        elif action_id == "propertyIds":
            held["value"] = str(uuid.uuid4())
    made = sandbox.slack.workspace.new_id("V")
    view = replace(blank, id=made, root_id=made, body=body, form=form)
    return Submission(word, str(body["callback_id"]), blank.user, view)


async def press_until_taken(
    sandbox: Sandbox, link: BotLink, sent: Submission, rng: random.Random
) -> None:
    """Press Send; again after a moment when Slack says that it had some trouble."""
    while not sent.acknowledged:
        deaf = rng.random() < DEAF
        ack = await press(sandbox, link, sent)
        if ack.ok and not ack.body and not deaf:
            sent.acknowledged = True
            return
        await asyncio.sleep(rng.uniform(0.0, 0.2))


async def press(sandbox: Sandbox, link: BotLink, sent: Submission) -> Ack:
    sent.presses += 1
    user = sandbox.slack.workspace.users[sent.user]
    payload = payloads.view_submission(sandbox.slack, user, sent.view)
    return await link.deliver("interactive", payload, PATIENCE)

"""People who press Send, again and again, until the bot says that it has their report.

A form is opened once by a person, for real; each submission is a copy of it with its own words,
as Slack would send it. Whoever gets no answer presses again: the same view, the same metadata.
"""

import asyncio
import copy
import itertools
import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Protocol

from PIL import Image

from sandbox.catalogue import Catalogue
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person, files, payloads
from sandbox.slack.link import Ack
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from sandbox.slack.views import OpenView

PATIENCE = 3.0
"""Seconds that Slack waits for the bot."""
DRAWN_ANEW = 0.1
"""Share of the photos that are drawn anew before they are sent, in a process of their own."""
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
"""It is sent as it is, so that most of the time goes by between the bot and KARE."""
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
    photos: tuple[str, ...] = ()
    """The names of the files in it."""
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


def filled_in(
    sandbox: Sandbox, blank: OpenView, word: str, photos: Mapping[str, bytes] | None = None
) -> Submission:
    """The form of somebody who wrote this word in it.

    :param photos: the contents of files by name, which were uploaded into the form
    """
    workspace, photos = sandbox.slack.workspace, photos or {}
    body = copy.deepcopy(blank.body)
    body["private_metadata"] = json.dumps(
        {**json.loads(body["private_metadata"]), "key": uuid.uuid4().hex}
    )
    form = copy.deepcopy(blank.form)
    for (_, action_id), value in form.values.items():
        if action_id in {"comment", "title"}:
            value["value"] = word
        elif action_id == "propertyIds":
            value["value"] = str(uuid.uuid4())
        elif action_id == "photos" and photos:
            uploads = [workspace.files.add(blank.user, *photo) for photo in photos.items()]
            value["files"] = [files.file_json(workspace, upload) for upload in uploads]
    view_id = workspace.new_id("V")
    view = replace(blank, id=view_id, root_id=view_id, body=body, form=form)
    return Submission(word, str(body["callback_id"]), blank.user, view, tuple(photos))


def some_photos(word: str, share: float, rng: random.Random) -> dict[str, bytes]:
    """Two or three photos for a share of the anomalies, none for the others."""
    if rng.random() >= share:
        return {}
    endings = [rng.choices(("svg", "png"), (1 - DRAWN_ANEW, DRAWN_ANEW))[0] for _ in range(3)]
    names = [f"{word}p{n}.{ending}" for n, ending in enumerate(endings[: rng.randint(2, 3)])]
    return {name: DRAWING if name.endswith("svg") else _picture() for name in names}


def _picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 20), "red").save(file, "PNG")
    return file.getvalue()


class Habits(Protocol):
    """How people report in a torture."""

    @property
    def seed(self) -> int: ...

    @property
    def photos(self) -> float:
        """Share of the anomalies that have photos."""

    @property
    def pause(self) -> float:
        """Seconds between two reports of a person, at the most."""


async def report(
    sandbox: Sandbox,
    link: BotLink,
    blanks: Mapping[str, OpenView],
    submissions: list[Submission],
    stop: asyncio.Event,
    habits: Habits,
    rng: random.Random,
) -> None:
    """One person reports one thing after another until `stop`.

    :param submissions: of all people; gets each before it is sent
    """
    for kind in itertools.cycle(blanks):
        if stop.is_set():
            return
        word = f"w{habits.seed}x{len(submissions)}"
        photos = some_photos(word, habits.photos, rng) if kind == "anomaly" else {}
        sent = filled_in(sandbox, blanks[kind], word, photos)
        submissions.append(sent)
        await press_until_taken(sandbox, link, sent, rng)
        await asyncio.sleep(rng.uniform(0.0, habits.pause))


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

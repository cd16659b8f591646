"""Signed payloads that are not as Slack sends them, and the rules that hold all the same."""

import copy
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st
from pydantic import BaseModel

from blocks import photo_choice, receipt_photos
from blocks.anomaly import drafts
from blocks.anomaly.model import AnomalyReport
from blocks.issue.model import IssueReport
from blocks.issue.receipt import SEND_WITHOUT
from blocks.modal import FILE_ANYWAY
from blocks.words import words
from bot.listeners.notice_actions import SEEN
from sandbox.slack import events, payloads
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from storage import reports
from storage.states import Action
from tests.bot.test_http import FORM, post, signed
from tests.fuzz.mutations import METADATA, MUTATIONS, Mutation, mutated
from tests.fuzz.rules import Rule
from tests.world import ID, World, world

Json = dict[str, Any]
JSON = "application/json"
EVENTS = {"event_callback", "url_verification", "app_rate_limited"}
MODELS: dict[str, type[BaseModel]] = {"report_issue": IssueReport, "anomaly": AnomalyReport}
PHOTO_BUTTONS = (receipt_photos.CHOOSE, receipt_photos.THERE, receipt_photos.AGAIN)
OPTION = {"text": {"type": "plain_text", "text": "3"}, "value": "3"}
MESSAGE = {
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"Le bien <https://x.fr|{ID}>"}},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "950 €"}]]},
    ],
    "attachments": [{"title": "T3", "fields": [{"title": "Prix", "value": "590"}]}],
    "files": [{"name": "a.eml", "mode": "email", "plain_text": "Bonjour"}],
}


@dataclass(frozen=True)
class Chat:
    """A bot, and real payloads of every kind."""

    bot: World
    originals: dict[str, Json]

    async def status(self, name: str, payload: Json) -> int:
        """The HTTP status of the answer to a signed payload.

        :param name: of the original, whose encoding it has
        """
        original, kind = self.originals[name], FORM
        if "command" in original:
            content = urlencode(payload, errors="replace").encode()
        elif original["type"] in EVENTS:
            content, kind = json.dumps(payload).encode(), JSON
        else:
            content = urlencode({"payload": json.dumps(payload)}).encode()
        code, _ = await post(self.bot, content, signed(content, kind=kind))
        return code


@asynccontextmanager
async def chat(folder: Path) -> AsyncIterator[Chat]:
    async with world(folder) as bot:
        yield Chat(bot, await _originals(bot))


async def _originals(bot: World) -> dict[str, Json]:
    slack, space, bob = bot.slack, bot.slack.workspace, bot.person(BOB)
    user, place = space.users[BOB], space.channels[ANNONCES]
    commands = {
        f"{name} {text}": payloads.slash_command(slack, user, place, name, text)
        for name in ("/report-issue", "/anomaly")
        for text in ("", f"other {ID} le prix", "mine", "help")
    }
    message = space.say(ANNONCES, BOB, f"See {ID}")
    shortcuts = {
        name: payloads.message_action(slack, user, place, f"{name}_from_message", message)
        for name in MODELS
    }
    for shortcut in shortcuts.values():
        shortcut["message"] |= copy.deepcopy(MESSAGE)
    await bob.command("/report-issue", f"other {ID} the link is dead", channel=ANNONCES)
    await bob.view()
    issue = _of_view(bot)
    await bob.submit()
    receipt = await bot.receipt(ANNONCES, says="iled")
    presses = {
        f"press {name}": payloads.message_press(
            slack, user, place, receipt, {**_button(name), "value": "1"}
        )
        for name in (*Action, *PHOTO_BUTTONS, SEND_WITHOUT, SEEN, "home_form.anomaly", "home_again")
    }
    await bob.open_home()
    await bob.home_shows(lambda text: "(spinner)" not in text)
    home = slack.homes.of(BOB)
    assert home is not None
    on_home = {
        f"home {name}": payloads.home_action(slack, user, home, {**_button(name), "value": "1"})
        for name in ("home_form.report_issue", "home_again", "home_older", "home_state", "discard")
    }
    message = bob.say(f"{ID}", channel=slack.workspace.dm_with_bot(BOB).id)
    await bob.command("/anomaly", "1204 Exit", channel=SECURITE)
    await bob.view()
    buttons = (drafts.ADD, drafts.MENU, drafts.REMOVE, drafts.CONTINUE, drafts.DISCARD, drafts.LIST)
    anomaly = _of_view(bot, *buttons)
    choice = _photo_choice(bot)
    happened = {
        "home opened": events.app_home_opened(slack, user, "home"),
        "direct message": events.direct_message(slack, message),
        "limited": {"type": "app_rate_limited", "token": "t", "minute_rate_limited": 1},
        "challenge": {"type": "url_verification", "token": "t", "challenge": "c"},
    }
    everything = {**commands, **shortcuts, **presses, **on_home, **happened, **choice}
    everything |= {f"issue {name}": payload for name, payload in issue.items()}
    return everything | {f"anomaly {name}": payload for name, payload in anomaly.items()}


def _photo_choice(bot: World) -> dict[str, Json]:
    """What Slack sends of the form in which a person chooses the anomaly of photos."""
    slack, user = bot.slack, bot.slack.workspace.users[BOB]
    rows = [photo_choice.Row(str(number), "Exit blocked", 0.0) for number in (900001, 900051)]
    findings = [photo_choice.Undecided(place, "Exit", ["a.jpg"], rows) for place in (0, 1)]
    view = photo_choice.draw(words("en"), 1, "KARE", findings)
    opened = replace(slack.views.screens[BOB].top, body=view)
    submission = payloads.view_submission(slack, user, opened)
    chosen = [{"text": {"type": "plain_text", "text": row.title}, "value": row.id} for row in rows]
    submission["view"]["state"]["values"] = {
        str(place): {"target": {"type": "static_select", "selected_option": option}}
        for place, option in enumerate(chosen)
    }
    return {"photo choice submission": submission}


def _button(action_id: str) -> Json:
    return {"type": "button", "action_id": action_id, "block_id": action_id}


def _of_view(bot: World, *buttons: str) -> dict[str, Json]:
    """All that Slack sends of the form that is on Bob's screen."""
    slack, user = bot.slack, bot.slack.workspace.users[BOB]
    view = slack.views.screens[BOB].top
    risk = {"type": "radio_buttons", "selected_option": OPTION}
    actions: list[Json] = [
        {**risk, "action_id": "risk", "block_id": "risk"},
        {**risk, "action_id": "issueKind", "block_id": "issueKind"},
        {"type": "plain_text_input", "action_id": "title", "block_id": "title", "value": "x"},
        *({**_button(name), "value": "1"} for name in buttons),
        {**_button(FILE_ANYWAY), "block_id": f"{FILE_ANYWAY}.{view.body['callback_id']}"},
    ]
    found = {
        f"choice {action['action_id']}": payloads.view_action(slack, user, view, action)
        for action in actions
    }
    search = payloads.block_suggestion(slack, user, view, ("siteId", "siteId"), "rue")
    closed = payloads.view_closed(slack, user, view, is_cleared=False)
    submission = payloads.view_submission(slack, user, view)
    return {**found, "search": search, "closed": closed, "submission": submission}


async def is_answered(chat: Chat, example: tuple[int, list[Mutation]]) -> None:
    """A payload of another shape is answered with 200 or 400, or 404 where nobody waits for such
    a one; what it stores can be read; and the next person's form is stored.
    """
    which, mutations = example
    name = sorted(chat.originals)[which % len(chat.originals)]
    original = _with_new_key(chat.originals[name])
    before = chat.bot.rows("select coalesce(max(number), 0) as n from reports")[0]["n"]
    assert await chat.status(name, mutated(original, mutations)) in {200, 400, 404}
    services = chat.bot.runtime.services
    await services.tasks.drain(5)
    new = chat.bot.rows("select number from reports where number > ?", before)
    for row in new:
        report = await services.store.read(reports.get, row["number"])
        assert report is not None
        assert report.damaged == ()
        MODELS[report.kind].model_validate(report.payload)
    await _takes_a_form(chat)


async def _takes_a_form(chat: Chat) -> None:
    payload = _with_new_key(chat.originals["issue submission"])
    view = payload["view"]
    key = json.loads(view[METADATA])["key"]
    for block in view["state"]["values"].values():
        if "propertyIds" in block:
            block["propertyIds"]["value"] = str(uuid.uuid4())
    assert await chat.status("issue submission", payload) == 200
    assert len(chat.bot.rows("select 1 from reports where key = ?", key)) == 1


def _with_new_key(payload: Json) -> Json:
    """The same form, opened once more; the same event, once more."""
    new = copy.deepcopy(payload)
    if "view" in new and new["view"].get(METADATA):
        metadata = json.loads(new["view"][METADATA])
        if isinstance(metadata, dict):  # the choice of an anomaly has the number of its report
            new["view"][METADATA] = json.dumps({**metadata, "key": uuid.uuid4().hex})
    if "event_id" in new:
        new["event_id"] = f"Ev{uuid.uuid4().hex}"
    return new


RULES = [
    Rule(
        "signed payloads",
        st.tuples(st.integers(min_value=0, max_value=999), MUTATIONS),
        chat,
        is_answered,
        expected="user not found",  # a Home of a person who is not in the workspace
    )
]

"""What the stand-in sends has the shape of bodies that nobody here made up, field by field."""

from typing import Any

import pytest

from sandbox.slack import Person, Slack
from sandbox.slack.seed import ALICE, ANNONCES
from tests.sandbox_slack.conftest import Bot
from tests.sandbox_slack.factories import actions, button, field, modal, option, plain
from tests.sandbox_slack.shapes import observed, shape

Json = dict[str, Any]
ELSEWHERE = ("enterprise.", "team.enterprise_")
"""Only an app that is installed for a whole Enterprise Grid is sent these."""
DOCUMENTED = "message.bot_profile"
"""In Slack's reference of a bot's message, and left out of those bodies."""
ORG_WIDE = {"team", "enterprise"}
"""Null or an object, as the app is installed for one team or for a whole organisation."""


async def payloads(slack: Slack, alice: Person, bot: Bot) -> dict[str, Json]:
    """One of each kind, as a person's acts send them."""
    message = slack.workspace.say(ANNONCES, ALICE, "See this")
    posted = slack.workspace.post(
        ANNONCES, {"text": "Failed", "blocks": [actions(button("retry"))]}
    )
    bot.answer = lambda sent: {"options": []} if sent.get("type") == "block_suggestion" else None
    await alice.command("/report-issue", "words", channel=ANNONCES)
    await alice.shortcut("report", message)
    await alice.global_shortcut("report")
    await alice.press(posted, "retry")
    kinds = {"type": "radio_buttons", "options": [option("a"), option("b")]}
    found = {"type": "external_select", "min_query_length": 1}
    form = modal(
        field("kind", kinds, dispatch_action=True),
        field("who", found, optional=True),
        notify_on_close=True,
        close=plain("Cancel"),
    )
    slack.views.open(ALICE, form)
    await alice.choose("kind", "b")
    await alice.search("who", "x")
    await alice.submit()
    slack.views.open(ALICE, form)
    await alice.close()
    by_kind = {
        str(payload["type"]): payload
        for payload in bot.payloads
        if payload["type"] != "block_actions"
    }
    pressed = [payload for payload in bot.payloads if payload["type"] == "block_actions"]
    return {
        "slash_command": dict(bot.forms[0]),
        **by_kind,
        "block_actions.message": pressed[0],
        "block_actions.view": pressed[1],
    }


@pytest.mark.parametrize("kind", sorted(observed()))
async def test_what_real_payloads_always_have_is_sent(
    kind: str, slack: Slack, alice: Person, bot: Bot
) -> None:
    sent = shape((await payloads(slack, alice, bot))[kind])
    always = {path for path, seen in observed()[kind].items() if seen["always"]}

    assert [path for path in sorted(always - sent.keys()) if not path.startswith(ELSEWHERE)] == []


@pytest.mark.parametrize("kind", sorted(observed()))
async def test_what_is_sent_has_the_types_of_real_payloads(
    kind: str, slack: Slack, alice: Person, bot: Bot
) -> None:
    sent = shape((await payloads(slack, alice, bot))[kind])
    real = observed()[kind]

    wrong = {
        path: (sorted(types), real[path]["types"])
        for path, types in sent.items()
        if path in real
        and path not in ORG_WIDE
        and not types <= set(real[path]["types"]) | {"null"}
    }
    assert wrong == {}


@pytest.mark.parametrize("kind", sorted(observed()))
async def test_nothing_is_sent_that_no_real_payload_has(
    kind: str, slack: Slack, alice: Person, bot: Bot
) -> None:
    """Of whatever kind: those bodies leave out in one kind many a field that another has."""
    sent = shape((await payloads(slack, alice, bot))[kind])
    real = {path for seen in observed().values() for path in seen}

    made_up = [key for key in sorted(sent.keys() - real) if not key.startswith(DOCUMENTED)]
    assert made_up == []

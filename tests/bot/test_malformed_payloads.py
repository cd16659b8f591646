"""A signed payload of another shape is a 400 or is acknowledged: never a 500, never a traceback."""

import copy
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person, payloads
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from tests.bot.test_http import post, signed
from tests.world import ID, World

Json = dict[str, Any]
WRONG: tuple[Any, ...] = (None, 5, "x", [], {}, [5], {"x": None}, True)
DEEPEST = 4
"""Keys below each other that are changed; deeper ones are drawn from the same few shapes."""
LEFT_OUT = object()


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if len(path) < DEEPEST:
        items: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []
        if isinstance(value, list):
            items = list(enumerate(value[:1]))
        for key, part in items:
            yield from paths(part, (*path, key))


def changed(payload: Json, path: tuple[Any, ...], value: Any) -> Json:
    """The payload with another value in one place, or without one there. The rest is shared."""
    copied = copy.copy(payload)
    place: Any = copied
    for key in path[:-1]:
        place[key] = copy.copy(place[key])
        place = place[key]
    if value is LEFT_OUT:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied


def body(payload: Json) -> bytes:
    if "command" in payload:
        return urlencode(payload).encode()
    return urlencode({"payload": json.dumps(payload)}).encode()


async def status(bot: World, payload: Json) -> int:
    content = body(payload)
    code, _ = await post(bot, content, signed(content))
    return code


async def real(bot: World, bob: Person, what: str) -> Json:
    """What Slack really sends."""
    slack, space = bot.slack, bot.slack.workspace
    user, place = space.users[BOB], space.channels[ANNONCES]
    if what == "command":
        return payloads.slash_command(slack, user, place, "/report-issue", f"other {ID}")
    message = space.say(ANNONCES, BOB, f"See {ID}")
    if what == "shortcut":
        return payloads.message_action(slack, user, place, "anomaly_from_message", message)
    if what == "press":
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await bob.command("/report-issue", f"other {ID} dead link", channel=ANNONCES)
        await bob.view()
        await bob.submit()
        receipt = await bot.receipt(ANNONCES, says="efused")
        action = {"type": "button", "action_id": "edit", "block_id": "b", "value": "1"}
        return payloads.message_press(slack, user, place, receipt, action)
    await bob.command("/anomaly", "1204 Exit", channel=SECURITE)
    await bob.view()
    view = slack.views.screens[BOB].top
    if what == "submission":
        return payloads.view_submission(slack, user, view)
    if what == "search":
        return payloads.block_suggestion(slack, user, view, ("siteId", "siteId"), "rue")
    option = {"text": {"type": "plain_text", "text": "3"}, "value": "3"}
    action = {"type": "radio_buttons", "action_id": "risk", "block_id": "risk"}
    return payloads.view_action(slack, user, view, action | {"selected_option": option})


@pytest.mark.parametrize("value", [LEFT_OUT, *WRONG], ids=["absent", *map(repr, WRONG)])
@pytest.mark.parametrize("what", ["command", "shortcut", "submission", "choice", "press", "search"])
async def test_any_key_may_be_absent_or_of_another_type(
    bot: World, bob: Person, caplog: pytest.LogCaptureFixture, what: str, value: Any
) -> None:
    payload = await real(bot, bob, what)
    caplog.set_level(logging.ERROR)
    caplog.clear()
    wrong = []
    for path in paths(payload):
        answer = await status(bot, changed(payload, path, value))
        if answer not in {200, 400, 404}:
            wrong.append((path, answer))
    await bot.runtime.services.tasks.drain(5)
    assert wrong == []
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("what", ["choice", "search"])
async def test_what_one_kinds_form_sends_is_not_read_in_the_view_of_another(
    bot: World, bob: Person, what: str
) -> None:
    payload = await real(bot, bob, what)
    assert await status(bot, changed(payload, ("view", "callback_id"), "report_issue")) == 400
    assert bot.rows("select * from reports") == []


async def test_a_form_with_the_id_of_another_kinds_view_is_drawn_as_what_it_is(
    bot: World, bob: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await bob.view()
    issue = bot.slack.views.screens[BOB].top.id
    await bob.close()
    choice = changed(await real(bot, bob, "choice"), ("view", "id"), issue)
    caplog.set_level(logging.ERROR)
    assert await status(bot, choice) == 200
    await bot.runtime.services.tasks.drain(5)
    assert caplog.records == []

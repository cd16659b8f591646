"""Nonsense that is signed, bodies without a length, and what Slack itself asks of an address."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.http_body import LIMIT
from sandbox.slack import Person, payloads
from sandbox.slack.seed import ANNONCES
from tests.bot.test_http import post, signed
from tests.world import ID, World

USER = {"id": "U0BOB00001", "team_id": "T1"}
TEAM = {"id": "T1", "domain": "atelier"}
VIEW = {"id": "V1", "hash": "1.a", "callback_id": "report_issue", "type": "modal"}
SUBMISSION = {"type": "view_submission", "user": USER, "team": TEAM}
CHOICE = {"type": "block_actions", "user": USER, "team": TEAM}
PICKED = {"action_id": "issueKind", "block_id": "issueKind", "type": "radio_buttons"}
KEPT = {"private_metadata": "{}", "state": {"values": {}}, "blocks": []}
NONSENSE: dict[str, Any] = {
    "a submission of nothing": SUBMISSION,
    "a submission of a text": SUBMISSION | {"view": "V1"},
    "a submission without state": SUBMISSION | {"view": VIEW},
    "a submission that carries nothing of ours": SUBMISSION | {"view": VIEW | KEPT},
    "a submission that carries another's": SUBMISSION
    | {"view": VIEW | KEPT | {"private_metadata": "not json"}},
    "a submission with a state of lists": SUBMISSION
    | {"view": VIEW | KEPT | {"state": {"values": [1, 2]}}},
    "a submission of an unknown form": SUBMISSION | {"view": VIEW | {"callback_id": "another"}},
    "a submission of nobody": {"type": "view_submission", "view": VIEW | KEPT},
    "a choice of nothing": CHOICE,
    "no choices": CHOICE | {"actions": []},
    "empty choices": CHOICE | {"actions": None},
    "choices of a text": CHOICE | {"actions": "x"},
    "choices of numbers": CHOICE | {"actions": [1]},
    "choices by name": CHOICE | {"actions": {"0": {}}},
    "a user of a text": SUBMISSION | {"user": "U1"},
    "a team of a list": SUBMISSION | {"team": ["T1"]},
    "a choice in no view": CHOICE | {"actions": [PICKED | {"action_ts": "1.0"}]},
    "a choice at no time": CHOICE | {"view": VIEW | KEPT, "actions": [PICKED]},
    "a choice at nonsense": CHOICE
    | {"view": VIEW | KEPT, "actions": [PICKED | {"action_ts": "soon"}]},
    "a choice of what is not offered": CHOICE
    | {
        "view": VIEW | KEPT,
        "actions": [PICKED | {"action_ts": "1.0", "selected_option": {"value": "x"}}],
    },
    "a press on no message": CHOICE
    | {"actions": [{"action_id": "discard", "type": "button", "value": "x", "action_ts": "1.0"}]},
    "a shortcut on nothing": {
        "type": "message_action",
        "callback_id": "report_issue_from_message",
        "user": USER,
        "team": TEAM,
    },
    "an unknown shortcut": {"type": "message_action", "callback_id": "x", "user": USER},
    "a suggestion for nothing": {"type": "block_suggestion", "user": USER, "team": TEAM},
    "a type of nothing": {"type": None},
    "a type of a list": {"type": ["view_submission"]},
    "an unknown type": {"type": "nonsense"},
}


COMMANDS = [
    {"command": "/report-issue"},
    {"command": "/report-issue", "text": "help"},
    {"command": "/unknown", "text": "x", "user_id": "U1", "team_id": "T1"},
    {"type": "nonsense", "text": "x"},
]
WORDS = {
    "",  # a listener that failed
    '{"error": "unhandled request"}',  # Bolt's own, for what nobody listens to
    "the body is not a request of Slack",
}


async def test_signed_nonsense_is_answered_without_a_word_of_the_code(
    bot: World, bob: Person
) -> None:
    """And nobody else is disturbed by it."""
    odd = {}
    forms = [{"payload": json.dumps(payload)} for payload in NONSENSE.values()]
    for form in [*forms, *COMMANDS]:
        body = urlencode(form).encode()
        status, text = await post(bot, body, signed(body))
        if status not in {200, 400, 404} or text not in WORDS:
            odd[str(form)] = (status, text)
    await bob.command("/report-issue", channel=ANNONCES)
    assert (odd, (await bob.view()).callback_id) == ({}, "report_issue")


async def sent_in_pieces(bot: World, pieces: int, headers: dict[bytes, bytes]) -> int:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield b"a" * 100_000

    async with httpx.AsyncClient(transport=bot.transport, base_url="http://bot") as client:
        answer = await client.post("/slack/events", content=body(), headers=headers)
    return answer.status_code


async def test_a_body_without_an_announced_length_is_counted_as_it_comes(bot: World) -> None:
    headers = signed(b"something else")
    statuses = [await sent_in_pieces(bot, pieces, headers) for pieces in (1, 10, 11)]
    assert statuses == [401, 401, 413]


async def test_the_body_of_an_unsigned_request_is_not_read(bot: World) -> None:
    status, _ = await post(bot, b"a" * LIMIT, {})
    assert status == 401
    assert await sent_in_pieces(bot, 11, {}) == 401


@pytest.mark.parametrize("encoding", [b"gzip", b"gzip, gzip", b"br", b"deflate", b"nonsense"])
async def test_a_compressed_body_is_answered_415(bot: World, encoding: bytes) -> None:
    body = b"command=%2Fanomaly"
    headers = signed(body) | {b"Content-Encoding": encoding}
    assert await post(bot, body, headers) == (415, "the body must not be compressed")


async def test_a_body_that_says_it_is_not_compressed_is_read(bot: World) -> None:
    body = b"ssl_check=1"
    status, _ = await post(bot, body, signed(body) | {b"Content-Encoding": b"identity"})
    assert status == 200


async def test_an_announced_length_that_makes_no_sense_fells_nothing(bot: World) -> None:
    lengths = ("9" * 5000, "²", "-5", "x", "")
    headers = [{b"Content-Length": length.encode("latin-1")} for length in lengths]
    statuses = [await sent_in_pieces(bot, 1, header) for header in headers]
    assert statuses == [413, 401, 401, 401, 401]


async def test_a_body_of_exactly_a_megabyte_is_read(bot: World) -> None:
    body = b"command=%2Fx&text=" + b"a" * (LIMIT - 18)
    status, _ = await post(bot, body, signed(body))
    assert (len(body), status) == (LIMIT, 404)


async def test_slacks_question_whether_the_address_is_ours_is_answered(bot: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"}).encode()
    status, text = await post(bot, body, signed(body, kind="application/json"))
    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1aB"})


async def test_an_unsigned_question_whether_the_address_is_ours_is_refused(bot: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    status, text = await post(bot, body, {b"Content-Type": b"application/json"})
    assert status == 401
    assert "3eZbrw1aB" not in text


@pytest.mark.parametrize(
    "text", ["the payload is wrong", "payload", "payload={}", "&payload=1", "a%3Db=c+d &x;"]
)
async def test_a_command_may_say_payload_and_anything_else(
    bot: World, bob: Person, text: str
) -> None:
    await bob.command("/report-issue", f"other {ID} {text}", channel=ANNONCES)
    view = await bob.view()
    assert view.value("comment") == text


async def test_a_command_may_hold_bytes_that_are_no_text(bot: World, bob: Person) -> None:
    """Percent-encoded bytes that are not UTF-8 pass the signature: they become marks."""
    channel = bot.slack.workspace.channels[ANNONCES]
    fields = payloads.slash_command(bot.slack, bob.user, channel, "/anomaly", "")
    body = urlencode(fields).encode().replace(b"&text=", b"&text=%FF%FE+door")
    status, _ = await post(bot, body, signed(body))
    view = await bob.view()
    assert (status, view.value("title")) == (200, "\ufffd\ufffd door")


async def test_bolts_own_header_for_lazy_listeners_is_not_let_in(bot: World, bob: Person) -> None:
    channel = bot.slack.workspace.channels[ANNONCES]
    fields = payloads.slash_command(bot.slack, bob.user, channel, "/anomaly", "")
    body = urlencode(fields).encode()
    lazy = {b"X-Slack-Bolt-Lazy-Only": b"1", b"X-Slack-Bolt-Lazy-Function-Name": b"command"}
    status, _ = await post(bot, body, signed(body) | lazy)
    assert (status, (await bob.view()).callback_id) == (200, "anomaly")

"""Socket Mode checks what it gets as HTTP mode does."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.slack import BotLink, Person, events
from sandbox.slack.seed import ANNONCES, BOB
from sandbox.slack.socket_mode import SocketMode
from tests.bot.process_reports import connected_to
from tests.world import ID, World

Json = dict[str, Any]
HALF = "\ud83d"
"""The first half of an emoji, as a client sends it that cuts a text."""


@pytest.fixture
async def socket(bot: World) -> AsyncIterator[SocketMode]:
    """Slack's side of the connection."""
    async with connected_to(bot):
        await bot.slack.socket.connected()
        yield bot.slack.socket


@pytest.fixture
def opened(bot: World) -> Json:
    """The event of an opened Home."""
    return events.app_home_opened(bot.slack, bot.slack.workspace.users[BOB], "home")


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", None),
        ("events_api", "x"),
        ("events_api", {}),
        ("events_api", {"type": None}),
        ("events_api", {"type": ["event_callback"]}),
        ("events_api", {"type": "event_callback", "event_id": "Ev1", "event": None}),
        ("events_api", {"type": "event_callback", "event_id": "Ev1", "event": []}),
        ("slash_commands", []),
        ("slash_commands", {}),
        ("interactive", {"type": "block_actions", "actions": []}),
        ("interactive", {"type": "view_submission", "view": 5}),
    ],
    ids=str,
)
async def test_a_payload_of_another_shape_is_no_fault_and_the_next_is_answered(
    socket: SocketMode, opened: Json, caplog: pytest.LogCaptureFixture, kind: str, payload: Any
) -> None:
    refused = asyncio.create_task(socket.deliver(kind, payload, accepts_payload=False))
    link = BotLink(socket=socket)
    ack = await link.deliver("events_api", opened, 3.0)
    assert ack.ok
    assert not refused.done()
    refused.cancel()
    faults = [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]
    assert faults == []


@pytest.mark.parametrize(
    "content", [{}, {"payload": None}, {"payload": {"type": "x"}}, {"payload": 5}], ids=str
)
async def test_an_envelope_of_an_unknown_type_is_acknowledged_and_not_worked_on(
    bot: World, socket: SocketMode, content: Json
) -> None:
    async with asyncio.timeout(3.0):
        await socket.deliver("new_type", {}, accepts_payload=False, extra=content)
    assert bot.rows("select * from events") == []


async def test_half_a_character_in_a_report_becomes_a_question_mark(
    bot: World, socket: SocketMode
) -> None:
    bob = Person(bot.slack, BOB, BotLink(socket=socket))
    await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await bob.view()
    await bob.type("comment", f"a blank page {HALF}")
    await bob.submit()
    row = await bot.state(1, "filed")
    assert json.loads(row["payload"])["comment"] == "a blank page ?"

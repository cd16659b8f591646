"""The check of Slack's token: soon again without a connection, and rarely after a refusal."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

from bot.access import CHECK_EVERY, FIRST_PAUSE, Access
from bot.alarms import Alarm
from bot.slack import web_api
from bot.slack.users import Users
from sandbox.patience import PATIENCE
from storage.store import Store
from tests.fast_clock import FastClock

CUT = b""
REFUSED = b'{"ok": false, "error": "invalid_auth"}'
TAKEN = b'{"ok": true, "team": "Atelier", "user": "constat"}'


class SlackOnAWire:
    """Gives these answers, one for each connection; the last one again and again."""

    def __init__(self, clock: FastClock, *answers: bytes) -> None:
        self._clock, self._answers = clock, list(answers)
        self.asked: list[float] = []
        """When it was asked, in seconds of the clock."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked.append(self._clock.monotonic())
        body = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if body:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            writer.write(head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    async def was_asked(self, times: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.asked) < times:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def checked(slack: SlackOnAWire, clock: FastClock, folder: Path) -> AsyncIterator[Access]:
    """An access whose check of Slack runs."""
    store = Store(folder / "constat.db")
    server = await asyncio.start_server(slack.answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    async with server, web_api.web_client("xoxb-1", url) as client:
        access = Access(Users(client, store, "en", clock), {}, store, clock, Alarm(clock))
        watching = asyncio.create_task(access.watch_slack())
        try:
            yield access
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            store.close()


async def test_without_a_connection_the_next_tries_follow_soon_and_then_ever_later(
    tmp_path: Path,
) -> None:
    clock = FastClock(5)
    slack = SlackOnAWire(clock, CUT)
    async with checked(slack, clock, tmp_path):
        await slack.was_asked(4)
    pauses = [later - earlier for earlier, later in pairwise(slack.asked)]
    for pause, least in zip(pauses, (FIRST_PAUSE, 2.0, 4.0), strict=False):
        assert pause > 0.99 * least
    assert slack.asked[3] - slack.asked[0] < CHECK_EVERY


async def test_the_pauses_grow_no_longer_than_half_a_minute(tmp_path: Path) -> None:
    clock = FastClock(200)
    slack = SlackOnAWire(clock, CUT)
    async with checked(slack, clock, tmp_path) as access:
        await slack.was_asked(8)
        assert access._pause("Slack") == CHECK_EVERY


async def test_a_hiccup_at_the_start_is_over_before_half_a_minute(tmp_path: Path) -> None:
    clock = FastClock(5)
    slack = SlackOnAWire(clock, CUT, CUT, TAKEN)
    async with checked(slack, clock, tmp_path) as access:
        began = clock.monotonic()
        async with asyncio.timeout(PATIENCE):
            while access.missing():
                await asyncio.sleep(0.005)
        assert clock.monotonic() - began < CHECK_EVERY
        assert access._pause("Slack") == FIRST_PAUSE


async def test_a_token_that_is_refused_is_tried_every_half_minute(tmp_path: Path) -> None:
    clock = FastClock(100)
    slack = SlackOnAWire(clock, REFUSED)
    async with checked(slack, clock, tmp_path) as access:
        await slack.was_asked(3)
        assert access.missing() == ["Slack does not accept SLACK_BOT_TOKEN: invalid_auth"]
    for earlier, later in pairwise(slack.asked):
        assert later - earlier > 0.99 * CHECK_EVERY

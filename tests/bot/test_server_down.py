"""The PostgreSQL server crashes while people report: only what was stored is acknowledged."""

import asyncio
import signal
from pathlib import Path

import pytest

from sandbox.slack.seed import ANNONCES, BOB
from storage.address import PostgresAddress
from storage.writer import ANSWERS_WITHIN
from tests.engines import use_postgres
from tests.postgres_proxy import Proxy
from tests.postgres_server import MISSING, REQUIRED, Server, programs, server
from tests.world import ID, world

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(programs() is None and not REQUIRED, reason=MISSING),
]
NOT_SAVED = (
    "Your report could not be saved, so nothing was sent. Your text is still here:"
    " please send it again in a moment."
)


UNCERTAIN = (
    "Your report may have been saved, but this is not certain yet. Your text is still here:"
    " please send it again in a moment. It will not be filed twice."
)


async def test_a_form_that_the_server_may_have_stored_says_so_and_is_filed_once(
    tmp_path: Path, postgres: Server
) -> None:
    with postgres.database(), Proxy(postgres.folder) as proxy:
        use_postgres(tmp_path, PostgresAddress(proxy.url("tests"), durable=False))
        async with world(tmp_path) as bot:
            bob = bot.person(BOB)
            await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
            await bob.view()
            await bob.type("comment", "Two lifts, not one")
            proxy.stall_at(b"insert into reports", seconds=ANSWERS_WITHIN + 1)
            hanging = await bob.submit()
            assert list(hanging.errors.values()) == [UNCERTAIN]
            assert str(bot.runtime.missing()).count("the database does not answer") == 1
            await bot.state(1, "filed")
            again = await bob.submit()
            assert (again.kind, again.errors) == ("closed", {})
            comments = [issue.body["comment"] for issue in bot.sandbox.immoteur.issues]
            assert comments == ["Two lifts, not one"]


async def test_a_form_keeps_its_text_while_the_server_is_down_and_is_filed_when_it_is_back(
    tmp_path: Path,
) -> None:
    with server(durable=True) as own, own.empty_database() as address:
        use_postgres(tmp_path, address)
        async with world(tmp_path, settings={"CONSTAT_DB": address.url}) as bot:
            bob = bot.person(BOB)
            await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
            await bob.view()
            await bob.type("comment", "é" * 3000)
            await asyncio.to_thread(own.stop, signal.SIGQUIT)
            refused = await bob.submit()
            assert list(refused.errors.values()) == [NOT_SAVED]
            assert f"{PostgresAddress(address.url)} cannot be used" in str(bot.runtime.missing())
            await asyncio.to_thread(own.restart)
            await bot.until(lambda: not bot.runtime.missing(), 30)
            taken = await bob.submit()
            assert (taken.kind, taken.errors) == ("closed", {})
            await bot.state(1, "filed")
            assert [issue.body["comment"] for issue in bot.sandbox.immoteur.issues] == ["é" * 3000]

"""What one report costs the file, from Send to its final receipt."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from tests.fast_clock import FastClock
from tests.world import FAST, ID, World, fetched, world

AT_MOST = 10
"""Transactions, reads and writes together. It is 8 or 9 if Slack and the API answer at once."""


async def fill_issue(person: Person) -> None:
    await person.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await person.view()
    await person.type("comment", "gone")


async def fill_anomaly(person: Person) -> None:
    await person.command("/anomaly", "1204 Exit blocked", channel=SECURITE)
    await person.view()
    await person.enter("siteId", "31")
    await person.enter("technicalInstallationId", "7")
    await person.enter("description", "Boxes before the door")
    await person.choose("risk", "0")


Fill = Callable[[Person], Awaitable[None]]


def counted(bot: World) -> list[str]:
    """A list that gets `read` or `write` for each transaction from now on."""
    store = bot.runtime.services.store
    begun: list[str] = []

    def trace(kind: str) -> Callable[[str], None]:
        return lambda sql: begun.append(kind) if sql.lower().startswith("begin") else None

    store._writer._engine.db.conn.set_trace_callback(trace("write"))
    store._reader._engine.db.conn.set_trace_callback(trace("read"))
    return begun


@pytest.mark.parametrize(
    ("fill", "channel", "says"),
    [
        (fill_issue, ANNONCES, "Filed with Immoteur"),
        (fill_anomaly, SECURITE, "Filed with KARE"),
    ],
)
async def test_a_report_takes_few_transactions_from_send_to_its_final_receipt(
    bot: World, bob: Person, fill: Fill, channel: str, says: str
) -> None:
    await fetched(bot)
    await fill(bob)
    await bot.runtime.services.tasks.drain(5)  # what the form itself still reads
    transactions = counted(bot)
    outcome = await bob.submit()
    await bot.receipt(channel, says=says)
    await bot.until(lambda: bot.rows("select 1 from receipts where posted = version"))
    assert outcome.kind == "closed"
    assert 0 < len(transactions) <= AT_MOST


async def test_a_form_without_an_alert_is_shown_without_a_look_for_notices(tmp_path: Path) -> None:
    unsent = FAST.model_copy(update={"undo_seconds": 600.0})
    # At this speed the notices are looked for every 50 seconds, unless somebody wakes their worker.
    async with world(tmp_path, config=unsent, clock=FastClock(0.1)) as bot:
        bob = bot.person(BOB)
        await fill_issue(bob)
        await bot.runtime.services.tasks.drain(5)
        statements: list[str] = []
        bot.runtime.services.store._reader._engine.db.conn.set_trace_callback(statements.append)
        await bob.submit()
        await bot.until(lambda: bot.rows("select 1 from receipts where posted = version"))
    assert [sql for sql in statements if "notices" in sql] == []

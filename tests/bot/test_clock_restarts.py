"""A bot that starts after the date was set back goes on at once."""

from contextlib import closing
from pathlib import Path

import pytest

from sandbox.slack.seed import ANNONCES
from storage import reports
from storage.database import open_database
from storage.reports import Change
from storage.states import State
from tests.bot.notices import notices
from tests.bot.others_clock import HOUR, others
from tests.fast_clock import FastClock
from tests.promises import all_become, promised, states
from tests.world import world


@pytest.mark.parametrize(("waits", "tries"), [(0.0, 0), (30.0, 0), (30.0, 2)])
async def test_a_bot_that_starts_after_the_date_was_set_back_does_not_wait_for_the_old_date(
    tmp_path: Path, waits: float, tries: int
) -> None:
    clock = FastClock(60)
    ahead = clock.time() + HOUR
    with closing(open_database(tmp_path / "constat.db")) as db, db.conn:
        reports.add(db, promised("waits"), now=ahead)
        db.execute("update reports set attempts = ?, next_try = ?", [tries, ahead + waits])
    begun = clock.monotonic()
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        await all_become(bot, "filed", 1)
    assert clock.monotonic() - begun >= waits


async def test_bad_news_from_before_the_date_was_set_back_is_told_by_the_next_bot(
    tmp_path: Path,
) -> None:
    clock = FastClock(60)
    ahead = clock.time() + HOUR
    with closing(open_database(tmp_path / "constat.db")) as db, db.conn:
        number, _ = reports.add(db, promised("refused"), now=ahead)
        refused = Change(State.REFUSED, {"why": "invalid", "reason": "no"})
        assert reports.decide(db, number, [State.WAITING], refused, now=ahead)
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        await bot.until(lambda: bot.rows("select 1 from notices where posted > 0"))
        assert len(notices(bot, ANNONCES)) == 1


async def test_a_report_whose_process_died_before_the_date_was_set_back_becomes_unknown(
    tmp_path: Path,
) -> None:
    clock = FastClock(60)
    async with world(tmp_path, clock=clock, sandbox=others(clock)) as bot:
        await all_become(bot, "filed", 0)
    store_later = (
        "insert into reports (key, kind, api, who, created_at, origin, payload, state, cause,"
        " changed_at, next_try, owner, lease) values ('k', 'report_issue', 'immoteur', 'U0', ?,"
        " '{}', '{}', 'sending', '{}', ?, ?, 'dead', ?)"
    )
    async with world(tmp_path, clock=clock, sandbox=bot.sandbox) as bot:
        later = clock.time() + HOUR
        store = bot.runtime.services.store
        await store.write(lambda db: db.execute(store_later, [later] * 4).rowcount)
        await bot.until(lambda: states(bot) == {1: "unknown"})

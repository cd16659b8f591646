"""Bad news reaches its reporter by a message that mentions them, once for each piece of news."""

from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from storage import notice_queue, reports, undo
from storage.states import State
from tests.bot.notices import ADMIN, MENTION, direct, notices, settled, write
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import OTHER_ID, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

STATES = [
    ("422", "refused", "was not filed"),
    ("500", "unknown", "do not know whether"),
    ("401", "held", "is on hold"),
]


@pytest.mark.parametrize(("fault", "state", "says"), STATES, ids=[row[1] for row in STATES])
async def test_bad_news_is_one_message_in_the_thread_that_mentions_the_reporter(
    tmp_path: Path, fault: str, state: str, says: str
) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault(fault))
        bot.sandbox.immoteur.faults.always(ApiFault(fault), on="GET /auth")
        await promise(bot, promised())
        await all_become(bot, state, 1)
        await bot.until(lambda: notices(bot, ANNONCES))
        await settled(bot)
        messages = notices(bot, ANNONCES)
        receipts = bot.rows("select thread_ts from receipts")
    assert len(messages) == 1
    assert MENTION in messages[0].pings
    assert says in messages[0].text
    assert messages[0].thread_ts == receipts[0]["thread_ts"]


async def test_good_news_is_no_message(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        await promise(bot, promised())
        await all_become(bot, "filed", 1)
        assert bot.rows("select * from notices") == []


async def test_a_report_that_is_refused_edited_and_refused_again_is_two_pieces_of_news(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await bot.until(lambda: len(notices(bot, ANNONCES)) == 1)
        services = bot.runtime.services
        body = promised("better words").payload
        await services.store.write(
            reports.edit, 1, "edit", body, [OTHER_ID], who=BOB, now=services.clock.time()
        )
        services.news_of("immoteur", None)
        await bot.until(lambda: len(notices(bot, ANNONCES)) == 2)


async def test_news_that_has_changed_for_the_better_is_not_posted(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(1)) as bot:
        bot.sandbox.immoteur.faults.next(1, ApiFault("500"))
        await promise(bot, promised())
        await all_become(bot, "unknown", 1)
        assert len(bot.rows("select 1 from notices")) == 1
        change = reports.Change(State.FILED, {"why": "found"})
        await bot.runtime.services.store.write(reports.decide, 1, [State.UNKNOWN], change, now=0.0)
        assert bot.rows("select 1 from notices") == []


async def test_many_held_reports_of_one_person_are_one_direct_message(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(1)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("401"))
        bot.sandbox.immoteur.faults.always(ApiFault("401"), on="GET /auth")
        await promise(bot, *(promised(f"{n}") for n in range(50)))
        await all_become(bot, "held", 50)
        await bot.until(lambda: notices(bot, direct(bot, BOB)))
        await settled(bot)
        messages = notices(bot, direct(bot, BOB))
        in_threads = notices(bot, ANNONCES)
    assert [message.text.split(":")[0] for message in messages] == [
        f"{MENTION} 50 of your reports are on hold"
    ]
    assert in_threads == []


async def test_many_refused_reports_of_one_person_are_one_direct_message(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(1)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, *(promised(f"{n}") for n in range(6)))
        await all_become(bot, "refused", 6)
        await bot.until(lambda: notices(bot, direct(bot, BOB)))
        messages = notices(bot, direct(bot, BOB))
    assert "6 of your reports were not filed" in messages[0].text


async def test_an_outage_is_told_once_and_its_end_only_changes_the_message(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60), config=ADMIN) as bot:
        faults = bot.sandbox.immoteur.faults
        faults.always(ApiFault("401"))
        faults.always(ApiFault("401"), on="GET /auth")
        await promise(bot, promised("a"))
        await bot.until(lambda: notices(bot, ANNONCES) and notices(bot, direct(bot, ALICE)))
        to_admin = notices(bot, direct(bot, ALICE))[0].text
        faults.stop()
        await all_become(bot, "filed", 1)
        await bot.until(lambda: notices(bot, direct(bot, ALICE))[0].edited)
        await settled(bot)
        at_the_end = (notices(bot, ANNONCES), notices(bot, direct(bot, ALICE)))
    assert "IMMOTEUR_TOKEN" in to_admin
    assert [len(messages) for messages in at_the_end] == [1, 1]
    assert "fonctionne de nouveau" in at_the_end[1][0].text
    assert "has been taking reports again" in at_the_end[0][0].text
    assert "IMMOTEUR_TOKEN" not in at_the_end[0][0].text


async def test_a_report_that_is_not_sent_after_an_hour_is_told_once(tmp_path: Path) -> None:
    clock = FastClock(60)
    async with world(tmp_path, clock=clock, config=ADMIN) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("503"))
        await promise(bot, promised())
        await bot.receipt(ANNONCES, says="Next try")
        before = notices(bot, ANNONCES)
        sent_at = bot.rows("select created_at from reports")[0]["created_at"]
        clock.skip(3600)
        await bot.until(lambda: notices(bot, ANNONCES) and notices(bot, direct(bot, ALICE)))
        sql = "select posted_at from notices where what = 'late' and posted_at is not null"
        posted = (await bot.until(lambda: bot.rows(sql)))[0]["posted_at"]
        messages = notices(bot, ANNONCES)
    assert before == []
    assert len(messages) == 1
    assert MENTION in messages[0].pings
    assert "an hour after you sent it" in messages[0].text
    assert posted >= sent_at + 3600


async def test_a_restored_report_has_its_state_and_its_reason_back(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        before = bot.rows("select state, cause from reports order by number")
        bob = bot.person(BOB)
        receipt = await bot.receipt(ANNONCES, says="No. 1")
        await bob.press(receipt, "discard")
        await bot.state(1, "discarded")
        receipt = await bot.receipt(ANNONCES, says="Discarded")
        await bob.press(receipt, "restore")
        await bot.state(1, "refused")
        assert bot.rows("select state, cause from reports order by number") == before


async def test_a_report_that_was_discarded_a_day_ago_is_not_restored(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        bob = bot.person(BOB)
        await bob.press(await bot.receipt(ANNONCES, says="No. 1"), "discard")
        receipt = await bot.receipt(ANNONCES, says="Discarded")
        await write(bot, "update reports set changed_at = changed_at - ?", undo.RESTORABLE + 1)
        assert "can be restored until" in bob.read(receipt)
        await bob.press(receipt, "restore")
        await bot.until(lambda: bob.ephemerals)
        thread = receipt.thread_ts or ""
        await bot.until(lambda: "estore" not in str(bot.slack.workspace.thread(ANNONCES, thread)))
        assert "more than a day ago" in bob.ephemerals[0].text
        assert bot.rows("select state from reports") == [{"state": "discarded"}]


async def test_an_admin_can_be_told_of_nothing_that_is_over(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        store = bot.runtime.services.store
        assert await store.read(notice_queue.next_due, {ALICE}, now=0.0) is None

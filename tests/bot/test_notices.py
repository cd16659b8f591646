"""Bad news reaches its reporter by a message that mentions them, once for each piece of news."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, GENERAL
from storage import notice_queue, reports, undo
from storage.states import State
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import FAST, OTHER_ID, World, is_notice, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

MENTION = f"<@{BOB}>"
ADMIN = FAST.model_copy(update={"admins": frozenset({ALICE})})


def notices(bot: World, channel: str) -> list[Message]:
    messages = bot.slack.workspace.messages[channel].values()
    return [message for message in messages if message.bot_id and is_notice(message)]


def direct(bot: World, user: str) -> str:
    return str(bot.slack.workspace.dm_with_bot(user).id)


async def write(bot: World, sql: str, *values: object) -> None:
    await bot.runtime.services.store.write(lambda db: db.execute(sql, list(values)).rowcount)


async def settled(bot: World) -> None:
    """Wait until every notice is posted or dropped."""
    due = "select 1 from notices where posted < version and (ts is not null or began_at is null)"
    await bot.until(lambda: not bot.rows(due), 20)


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
        told = notices(bot, ANNONCES)
        receipts = bot.rows("select thread_ts from receipts")
    assert len(told) == 1
    assert MENTION in told[0].pings
    assert says in told[0].text
    assert told[0].thread_ts == receipts[0]["thread_ts"]


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
        await bot.until(lambda: len(notices(bot, ANNONCES)) == 2, 20)


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
        await bot.until(lambda: notices(bot, direct(bot, BOB)), 20)
        await settled(bot)
        told = notices(bot, direct(bot, BOB))
        in_threads = notices(bot, ANNONCES)
    assert [message.text.split(":")[0] for message in told] == [
        f"{MENTION} 50 of your reports are on hold"
    ]
    assert in_threads == []


async def test_many_refused_reports_of_one_person_are_one_direct_message(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(1)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, *(promised(f"{n}") for n in range(6)))
        await all_become(bot, "refused", 6)
        await bot.until(lambda: notices(bot, direct(bot, BOB)), 20)
        told = notices(bot, direct(bot, BOB))
    assert "6 of your reports were not filed" in told[0].text


async def test_an_outage_is_told_once_and_its_end_only_changes_the_message(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60), config=ADMIN) as bot:
        faults = bot.sandbox.immoteur.faults
        faults.always(ApiFault("401"))
        faults.always(ApiFault("401"), on="GET /auth")
        await promise(bot, promised("a"))
        await bot.until(lambda: notices(bot, ANNONCES) and notices(bot, direct(bot, ALICE)), 20)
        to_admin = notices(bot, direct(bot, ALICE))[0].text
        faults.stop()
        await all_become(bot, "filed", 1)
        await bot.until(lambda: notices(bot, direct(bot, ALICE))[0].edited, 20)
        await settled(bot)
        at_the_end = (notices(bot, ANNONCES), notices(bot, direct(bot, ALICE)))
    assert "IMMOTEUR_TOKEN" in to_admin
    assert [len(told) for told in at_the_end] == [1, 1]
    assert "fonctionne de nouveau" in at_the_end[1][0].text
    assert "takes reports again" in at_the_end[0][0].text
    assert "IMMOTEUR_TOKEN" not in at_the_end[0][0].text


async def test_a_report_that_is_not_sent_after_an_hour_is_told_once(tmp_path: Path) -> None:
    clock = FastClock(60)
    async with world(tmp_path, clock=clock, config=ADMIN) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("503"))
        await promise(bot, promised())
        await bot.receipt(ANNONCES, says="Next try")
        before = notices(bot, ANNONCES)
        sent_at = bot.rows("select created_at from reports")[0]["created_at"]
        clock.speed = 2000
        await bot.until(lambda: notices(bot, ANNONCES) and notices(bot, direct(bot, ALICE)), 20)
        clock.speed = 1
        sql = "select posted_at from notices where what = 'late' and posted_at is not null"
        posted = (await bot.until(lambda: bot.rows(sql)))[0]["posted_at"]
        told = notices(bot, ANNONCES)
    assert before == []
    assert len(told) == 1
    assert MENTION in told[0].pings
    assert "an hour after you sent it" in told[0].text
    assert posted >= sent_at + 3600


async def test_news_that_was_stored_before_a_restart_is_told_after_it(tmp_path: Path) -> None:
    clock = FastClock(1)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        before = notices(bot, ANNONCES)
    async with world(tmp_path, clock=clock, sandbox=bot.sandbox) as bot:
        await bot.until(lambda: notices(bot, ANNONCES), 20)
        await settled(bot)
        assert len(before) + len(notices(bot, ANNONCES)) >= 1
        assert len(notices(bot, ANNONCES)) == 1


@pytest.mark.parametrize("kind", ["cut", "cut_before"])
async def test_news_that_may_have_been_posted_is_not_posted_again(
    tmp_path: Path, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with world(tmp_path, clock=FastClock(1)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        bot.slack.faults.set("chat.postMessage", SlackFault(kind), times=1)
        await bot.until(lambda: "is not posted again" in caplog.text, 20)
        posted = bot.rows("select ts from notices")
        told = notices(bot, ANNONCES)
    assert posted == [{"ts": None}]
    assert len(told) == {"cut": 1, "cut_before": 0}[kind]


async def test_news_that_a_killed_bot_had_posted_is_not_posted_again(tmp_path: Path) -> None:
    clock = FastClock(10)
    async with world(tmp_path, clock=clock) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await bot.until(lambda: bot.rows("select 1 from notices where ts is not null"), 20)
        # As a bot leaves it that is killed between Slack's answer and the record of it.
        await write(bot, "update notices set ts = null, channel = null, posted = 0, lease = 1")
    async with world(tmp_path, clock=clock, sandbox=bot.sandbox) as bot:
        bot.sandbox.immoteur.faults.stop()
        await promise(bot, promised("b"))
        await all_become(bot, "filed", 1)
        assert len(notices(bot, ANNONCES)) == 1


async def test_slacks_own_trouble_is_waited_out(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        bot.slack.faults.set("chat.postMessage", SlackFault("500"), times=2)
        await bot.until(lambda: notices(bot, ANNONCES), 20)


async def test_news_in_a_channel_that_takes_nothing_is_told_directly_and_so_are_the_admins(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, clock=FastClock(60), config=ADMIN) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised(channel=GENERAL))
        await bot.until(lambda: notices(bot, direct(bot, BOB)), 20)
        await bot.until(lambda: notices(bot, direct(bot, ALICE)), 20)
        to_admin = notices(bot, direct(bot, ALICE))[0].text
        assert f"<#{GENERAL}>" in to_admin
        assert "not_in_channel" in to_admin


async def test_no_news_is_posted_before_the_receipt(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error="invalid_auth"))
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await bot.state(1, "refused")
        tried = "select failures from receipts"
        await bot.until(lambda: bot.rows(tried)[0]["failures"] > 3)
        row = bot.rows("select failures, began_at from notices")
        assert row == [{"failures": 0, "began_at": None}]


async def test_a_restored_report_has_its_state_and_its_reason_back(tmp_path: Path) -> None:
    async with world(tmp_path, clock=FastClock(60)) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        before = bot.rows("select state, cause from reports")
        bob = bot.person(BOB)
        receipt = await bot.receipt(ANNONCES, says="No. 1")
        await bob.press(receipt, "discard")
        await bot.state(1, "discarded")
        receipt = await bot.receipt(ANNONCES, says="Discarded")
        await bob.press(receipt, "restore")
        await bot.state(1, "refused")
        assert bot.rows("select state, cause from reports") == before


async def test_a_report_that_was_discarded_a_day_ago_is_not_restored(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bot.sandbox.immoteur.faults.always(ApiFault("422"))
        await promise(bot, promised())
        await all_become(bot, "refused", 1)
        bob = bot.person(BOB)
        await bob.press(await bot.receipt(ANNONCES, says="No. 1"), "discard")
        receipt = await bot.receipt(ANNONCES, says="Discarded")
        await write(bot, "update reports set changed_at = changed_at - ?", undo.RESTORABLE + 1)
        await bob.press(receipt, "restore")
        await bot.until(lambda: bob.ephemerals)
        assert "more than a day ago" in bob.ephemerals[0].text
        assert bot.rows("select state from reports") == [{"state": "discarded"}]


async def test_an_admin_can_be_told_of_nothing_that_is_over(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        store = bot.runtime.services.store
        assert await store.read(notice_queue.next_due, {ALICE}, now=0.0) is None

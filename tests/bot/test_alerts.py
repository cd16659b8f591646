"""A grave report mentions people until somebody presses Seen; a new report can be undone."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.alert_config import AlertConfig
from bot.config import Config
from sandbox.slack import Message
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, CAROL, GENERAL, SECURITE
from storage import audit
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import FAST, ID, World, is_notice, world

GROUP = "S0SAFETY01"
ALERT = FAST.model_copy(update={"alert": AlertConfig(mention=(CAROL, GROUP), times=2)})


def notices(bot: World, channel: str) -> list[Message]:
    messages = bot.slack.workspace.messages[channel].values()
    return [message for message in messages if message.bot_id and is_notice(message)]


async def alerted(bot: World, channel: str = SECURITE) -> None:
    """Store a report whose alert is posted there."""
    new = promised(api="kare")
    await promise(bot, type(new)(**vars(new) | {"alerts": (channel,)}))


async def alert_in(bot: World, channel: str = SECURITE) -> Message:
    found: list[Message] = await bot.until(lambda: notices(bot, channel))
    return found[0]


async def test_an_alert_mentions_people_before_the_report_is_filed(tmp_path: Path) -> None:
    async with world(tmp_path, config=ALERT, clock=FastClock(60)) as bot:
        bot.sandbox.kare.faults.always("503")
        await alerted(bot)
        alert = await alert_in(bot)
        assert alert.pings[:2] == (f"<@{CAROL}>", f"<!subteam^{GROUP}>")
        assert "being sent" in alert.text or "waiting to be sent" in alert.text


async def test_an_alert_shows_the_state_that_its_report_has_in_the_end(tmp_path: Path) -> None:
    """Also when the report is filed while the alert is being posted."""
    async with world(tmp_path, config=ALERT, clock=FastClock(60)) as bot:
        await alerted(bot)
        await alert_in(bot)
        await all_become(bot, "filed", 1)
        await bot.until(lambda: "State: filed" in notices(bot, SECURITE)[0].text)


async def test_seen_is_stored_shown_and_ends_the_reminders(tmp_path: Path) -> None:
    clock = FastClock(60)
    async with world(tmp_path, config=ALERT, clock=clock) as bot:
        await alerted(bot)
        alert = await alert_in(bot)
        await all_become(bot, "filed", 1)
        await bot.person(ALICE).press(alert, "seen")
        shown = await bot.until(
            lambda: next((m for m in notices(bot, SECURITE) if "Seen by" in m.text), None), 20
        )
        rows = bot.rows("select who, state from history where cause like '%\"seen\"%'")
        pending = bot.rows("select 1 from notices where what = 'reminder' and ts is null")
        faults = await bot.runtime.services.store.read(lambda db: list(audit.faults(db)))
    assert f"<@{ALICE}>" in shown.text
    assert [block["type"] for block in shown.blocks] == ["section"]
    assert rows == [{"who": ALICE, "state": "filed"}]
    assert pending == []
    assert faults == []


async def test_two_presses_of_seen_at_once_count_once(tmp_path: Path) -> None:
    async with world(tmp_path, config=ALERT, clock=FastClock(60)) as bot:
        await alerted(bot)
        alert = await alert_in(bot)
        people = [bot.person(ALICE), bot.person(BOB)]
        await asyncio.gather(*(person.press(alert, "seen") for person in people))
        await bot.until(lambda: [*people[0].ephemerals, *people[1].ephemerals])
        rows = bot.rows("select who from history where cause like '%\"seen\"%'")
        seen = bot.rows("select seen_by as who from alerts")
    assert len(rows) == 1
    assert rows == seen


async def test_people_are_reminded_in_the_thread_and_never_for_ever(tmp_path: Path) -> None:
    clock = FastClock(3600)
    async with world(tmp_path, config=ALERT, clock=clock) as bot:
        await alerted(bot)
        alert = await alert_in(bot)
        await bot.until(lambda: len(notices(bot, SECURITE)) == 3)
        until = clock.time() + 4 * 900
        await bot.until(lambda: clock.time() > until)
        reminders = notices(bot, SECURITE)[1:]
    assert [message.thread_ts for message in reminders] == [alert.ts, alert.ts]
    assert all(f"<@{CAROL}>" in message.pings for message in reminders)


async def test_a_restart_goes_on_with_a_pending_alert(tmp_path: Path) -> None:
    clock = FastClock(60)
    async with world(tmp_path, config=ALERT, clock=clock) as bot:
        bot.slack.faults.set("chat.postMessage", SlackFault("error", error="token_revoked"))
        await alerted(bot)
        await bot.until(lambda: bot.rows("select 1 from notices where failures > 0"))
        bot.slack.faults.clear()
    async with world(tmp_path, config=ALERT, clock=clock, sandbox=bot.sandbox) as bot:
        alert = await alert_in(bot)
        await bot.person(ALICE).press(alert, "seen")
        await bot.until(lambda: "Seen by" in notices(bot, SECURITE)[0].text)


async def test_an_alert_that_its_channel_does_not_take_is_sent_to_people(tmp_path: Path) -> None:
    async with world(tmp_path, config=ALERT, clock=FastClock(60)) as bot:
        await alerted(bot, GENERAL)
        direct = bot.slack.workspace.dm_with_bot(CAROL).id
        alert = await alert_in(bot, direct)
        assert alert.pings == (f"<@{BOB}>",)


@pytest.mark.parametrize(("risk", "expected"), [(3, ("C1",)), (2, ()), (None, ())])
def test_a_report_is_announced_from_the_level_on(risk: int | None, expected: Any) -> None:
    config = AlertConfig(mention=(CAROL,))
    assert config.places(risk, "C1", others_read_it=True) == expected


def test_a_report_from_a_direct_message_is_announced_to_the_people() -> None:
    config = AlertConfig(mention=(CAROL, GROUP))
    assert config.places(3, "D1", others_read_it=False) == (CAROL,)


WRONG = [
    ({"risk": 4}, "alert.risk"),
    ({"risk": "3"}, "alert.risk"),
    ({"mention": []}, "alert.mention"),
    ({"mention": ["jean.dupont"]}, "alert.mention"),
    ({"channel": "#safety"}, "alert.channel"),
    ({"every": "15"}, "alert.every"),
    ({"every": "1s"}, "alert.every"),
    ({"times": -1}, "alert.times"),
]


@pytest.mark.parametrize(("given", "key"), WRONG)
def test_a_wrong_value_is_named_by_its_key(given: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as error:
        Config.model_validate({"alert": {"mention": [CAROL]} | given})
    (fault,) = error.value.errors()
    assert ".".join(map(str, fault["loc"])).startswith(key)


UNDO = FAST.model_copy(update={"undo_seconds": 30.0})


async def report_issue(bot: World) -> Any:
    bob = bot.person(BOB)
    await bob.command("/report-issue", f"other {ID} the link is dead", channel=ANNONCES)
    await bob.view()
    await bob.submit()
    return bob


async def test_a_report_is_undone_before_it_is_sent(tmp_path: Path) -> None:
    async with world(tmp_path, config=UNDO) as bot:
        bob = await report_issue(bot)
        await bob.press(await bot.receipt(ANNONCES, says="No. 1"), "undo")
        await bot.state(1, "discarded")
        assert bot.sandbox.immoteur.issues == []


async def test_an_undo_that_comes_too_late_says_so(tmp_path: Path) -> None:
    async with world(tmp_path, config=UNDO) as bot:
        bob = await report_issue(bot)
        receipt = await bot.receipt(ANNONCES, says="No. 1")
        # As a worker leaves it that has claimed the report; its receipt is not updated yet.
        claim = "update reports set state = 'sending', attempts = 1, owner = 'w', lease = 1e12"
        await bot.runtime.services.store.write(lambda db: db.execute(claim).rowcount)
        await bob.press(receipt, "undo")
        await bot.until(lambda: bob.ephemerals)
        assert "Too late to undo" in bob.ephemerals[0].text
        assert bot.rows("select state from reports") == [{"state": "sending"}]

"""The messages beside a receipt: the opener in the channel, and what has no room in the receipt."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.sandbox import Sandbox
from sandbox.slack import Message, Person
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from storage import reports
from storage.reports import NewReport
from storage.states import State
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import ID, World, fetched, is_notice, stock, world

MANY = 12
LONG = "seen on the visit " * 60


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[World]:
    """A bot whose minute lasts a second."""
    async with world(tmp_path, clock=FastClock(60)) as bot:
        yield bot


def findings(count: int = MANY) -> NewReport:
    """A report whose descriptions need further messages."""
    new = promised("Exit blocked", "kare", anomalies=count)
    anomalies = [
        {**anomaly, "title": f"Finding {number}.", "description": LONG}
        for number, anomaly in enumerate(new.payload["anomalies"])
    ]
    return replace(new, payload={**new.payload, "anomalies": anomalies})


def bots(bot: World, channel: str) -> list[Message]:
    """The messages of reports in a channel, in the order in which they were posted."""
    posted = bot.slack.workspace.messages[channel].values()
    return [message for message in posted if message.bot_id and not is_notice(message)]


async def settled(bot: World, number: int = 1) -> None:
    sql = "select 1 from receipts where number = ? and posted = version"
    await bot.until(lambda: bot.rows(sql, number))


async def test_the_opener_shows_the_state_while_it_changes(quick: World) -> None:
    quick.sandbox.immoteur.faults.next(1, ApiFault("503", retry_after=60))
    await promise(quick, promised())
    await quick.until(lambda: "⏳ not sent yet" in "".join(m.text for m in bots(quick, ANNONCES)))
    assert "⏳ not sent yet" in bots(quick, ANNONCES)[0].text
    await all_become(quick, "filed", 1)
    assert "✅ filed <!date^" in bots(quick, ANNONCES)[0].text


async def test_an_opener_that_somebody_deleted_is_not_posted_again(quick: World) -> None:
    quick.sandbox.immoteur.faults.next(1, ApiFault("503", retry_after=60))
    await promise(quick, promised())
    await quick.receipt(ANNONCES, says="Next try")
    opener = bots(quick, ANNONCES)[0]
    quick.slack.workspace.delete(ANNONCES, opener.ts)
    await all_become(quick, "filed", 1)
    assert quick.rows("select opener_ts from receipts") == [{"opener_ts": None}]
    (receipt,) = bots(quick, ANNONCES)
    assert "Filed with" in receipt.text


async def test_what_has_no_room_is_in_further_replies_and_all_findings_are_there(
    quick: World,
) -> None:
    await promise(quick, findings())
    await all_become(quick, "filed", 1)
    opener, *replies = bots(quick, SECURITE)
    assert len(replies) >= 2
    assert {reply.thread_ts for reply in replies} == {opener.ts}
    shown = "".join(str(reply.blocks) for reply in replies)
    for number in range(MANY):
        assert shown.count(f"Finding {number}.") == 1


async def test_further_replies_are_posted_once_and_left_alone_while_the_state_changes(
    quick: World,
) -> None:
    quick.sandbox.kare.faults.next(2, ApiFault("503", retry_after=30))
    await promise(quick, findings())
    await all_become(quick, "filed", 1)
    parts = quick.rows("select part from receipt_parts order by part")
    posted = quick.rows("select count(*) as n from messages where what = 'part'")
    assert posted == [{"n": len(parts)}]
    assert len(bots(quick, SECURITE)) == 2 + len(parts)


async def test_a_further_reply_that_could_not_be_posted_makes_no_second_receipt(
    quick: World,
) -> None:
    fine, broken = SlackFault("slow", seconds=0), SlackFault("500")
    quick.slack.faults.set("chat.postMessage", fine, times=2)
    quick.slack.faults.set("chat.postMessage", broken, times=1)
    await promise(quick, findings())
    await all_become(quick, "filed", 1)
    heads = [message for message in bots(quick, SECURITE) if "Filed with" in message.text]
    assert len(heads) == 1
    assert len(bots(quick, SECURITE)) == 2 + len(quick.rows("select 1 from receipt_parts"))


async def test_an_edit_that_needs_fewer_replies_empties_the_others(quick: World) -> None:
    quick.sandbox.kare.faults.next(1, "400")
    new = findings()
    await promise(quick, new)
    await all_become(quick, "refused", 1)
    fewer = {**new.payload, "anomalies": new.payload["anomalies"][:1]}
    services = quick.runtime.services
    await services.store.write_urgent(
        reports.edit, 1, "edit", fewer, ["t"], who=BOB, now=services.clock.time(),
        of={State.REFUSED},
    )  # fmt: skip
    services.news_of("kare", None)
    await all_become(quick, "filed", 1)
    texts = [message.text for message in bots(quick, SECURITE)]
    assert "nothing is left here" in texts[-1]
    assert "Finding 5." not in str([message.blocks for message in bots(quick, SECURITE)])


async def test_in_a_direct_message_with_the_bot_there_is_no_opener_and_the_persons_language(
    bot: World, alice: Person
) -> None:
    direct = bot.slack.workspace.dm_with_bot(ALICE).id
    await alice.command("/report-issue", f"other {ID} fermé", channel=direct)
    await alice.until(lambda view: view.title == "Signaler un problème")
    await alice.submit()
    await bot.state(1, "filed")
    await settled(bot)
    [receipt] = bots(bot, direct)
    assert "Transmis à Immoteur" in receipt.text
    assert receipt.thread_ts is None
    assert "Message envoyé ici" not in alice.read(receipt)


async def test_a_shortcuts_receipt_does_not_repeat_the_message_above_it(
    bot: World, bob: Person
) -> None:
    message = bot.slack.workspace.say(ANNONCES, ALICE, f"Dead link on {ID}")
    await bob.shortcut("report_issue_from_message", message)
    await bob.until(lambda view: view.callback_id == "report_issue")
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.submit()
    await bot.state(1, "filed")
    receipt = await bot.receipt(ANNONCES, says="Filed with", under=message.ts)
    assert "Dead link" in str(bot.sandbox.immoteur.issues[0].body)
    assert [block for block in receipt.blocks if "rich_text_quote" in str(block)] == []
    assert "archives" not in str(receipt.blocks)


async def test_names_of_kares_lists_are_stored_when_a_form_is_sent(tmp_path: Path) -> None:
    await stock(tmp_path)
    async with world(tmp_path, sandbox=Sandbox(burst=1000)) as bot:
        await fetched(bot)
        bob = bot.person(BOB)
        await bob.command("/anomaly", "88001 Exit blocked", channel=SECURITE)
        await bob.view()
        await bob.search("siteId", "20001")
        await bob.pick("siteId", "20001")
        await bob.search("technicalInstallationId", "301")
        await bob.pick("technicalInstallationId", "301")
        await bob.type("description", "Boxes")
        await bob.choose("risk", "0")
        await bob.submit()
        row = await bot.state(1, "filed")
        receipt = await bot.receipt(SECURITE, says="Filed with")
        read = bob.read(receipt)
    labels: dict[str, Any] = json.loads(row["labels"])
    assert labels["installations"] == {"20001/301": ["Ascenseurs"]}
    assert labels["sites"]["20001"][0] in read
    assert "Ascenseurs (301)" in read


async def test_a_report_from_before_names_were_stored_shows_its_numbers(quick: World) -> None:
    await promise(quick, promised("Exit blocked", "kare"))
    await all_become(quick, "filed", 1)
    assert quick.rows("select labels from reports") == [{"labels": None}]
    assert "No. " in str(bots(quick, SECURITE)[-1].blocks)


async def test_a_redirected_receipt_has_its_further_messages_there(bot: World) -> None:
    bot.slack.workspace.archive(SECURITE)
    await promise(bot, findings())
    await all_become(bot, "filed", 1)
    direct = bots(bot, bot.slack.workspace.dm_with_bot(BOB).id)
    assert len(direct) >= 2
    assert {message.thread_ts for message in direct} == {None}

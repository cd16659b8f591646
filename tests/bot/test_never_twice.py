"""A report that may have arrived is sent again only by a person who was warned, once a decision."""

import copy
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.sandbox import Sandbox
from sandbox.slack import Message, Person, payloads
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from tests.bot.test_malformed_payloads import status
from tests.world import FAST, ID, OTHER_ID, World, without_lists, world

pytestmark = pytest.mark.usefixtures("on_both_engines")

REFUSED, CUT = ApiFault("422"), ApiFault("cut")


async def file_other(bot: World, person: Person, *, says: str = "Not filed") -> Message:
    """The receipt with these words, of a report that the person submits."""
    await person.command("/report-issue", f"other {ID} the link is dead", channel=ANNONCES)
    await person.view()
    await person.submit()
    return await bot.receipt(ANNONCES, says=says)


async def receipt_in_doubt(bot: World, person: Person) -> Message:
    """The receipt of a report whose answer was cut off, as that of the next try will be."""
    bot.sandbox.immoteur.faults.next(2, CUT)
    receipt = await file_other(bot, person, says="No. 1")
    await bot.state(1, "unknown")
    return receipt


def sent(bot: World) -> int:
    return sum(request.method == "POST" for request in bot.sandbox.immoteur.requests)


def press_of(bot: World, receipt: Message, button: str, user: str = BOB) -> dict[str, Any]:
    """A press as Slack sends it, to be sent several times."""
    space = bot.slack.workspace
    shown = space.messages[receipt.channel][receipt.ts]
    action = {"type": "button", "action_id": button, "block_id": "receipt", "value": "1"}
    place = space.channels[receipt.channel]
    return payloads.message_press(bot.slack, space.users[user], place, shown, action)


async def test_an_edit_that_was_opened_before_the_doubt_warns_and_sends_nothing(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.next(1, REFUSED)
    receipt = await file_other(bot, bob)
    await bob.press(receipt, "edit")
    await bob.until(lambda view: view.callback_id == "report_issue")
    bot.sandbox.immoteur.faults.next(1, CUT)
    await status(bot, press_of(bot, receipt, "try_now"))
    await bot.state(1, "unknown")
    outcome = await bob.submit()
    view = await bob.view()
    assert outcome.kind == "updated"
    assert "may have been received" in str(view.blocks)
    assert sent(bot) == 2
    assert (await bot.state(1, "unknown"))["state"] == "unknown"


async def test_an_edit_that_warned_is_sent(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, REFUSED)
    receipt = await file_other(bot, bob)
    await bob.press(receipt, "edit")
    await bob.until(lambda view: view.callback_id == "report_issue")
    bot.sandbox.immoteur.faults.next(1, CUT)
    await status(bot, press_of(bot, receipt, "try_now"))
    await bot.state(1, "unknown")
    await bob.submit()
    await bob.submit()
    await bot.state(1, "filed")


async def test_a_press_that_slack_sends_again_is_no_second_decision(
    bot: World, bob: Person
) -> None:
    receipt = await receipt_in_doubt(bot, bob)
    press = press_of(bot, receipt, "send_again")
    await status(bot, press)
    await bot.until(lambda: sent(bot) == 2)
    await bot.state(1, "unknown")
    again = await status(bot, press)
    await bot.runtime.services.tasks.drain(1)
    row = await bot.state(1, "unknown")
    assert again == 200
    assert (sent(bot), row["attempts"]) == (2, 2)
    assert bob.ephemerals == []


async def test_another_press_of_the_same_button_is_another_decision(
    bot: World, bob: Person
) -> None:
    receipt = await receipt_in_doubt(bot, bob)
    await status(bot, press_of(bot, receipt, "send_again"))
    await bot.until(lambda: sent(bot) == 2)
    await bot.state(1, "unknown")
    await status(bot, press_of(bot, receipt, "send_again"))
    await bot.state(1, "filed")


async def opened_by_alice(bot: World, receipt: Message) -> Person:
    alice = bot.person(ALICE)
    await alice.press(receipt, "edit")
    await alice.until(lambda view: view.callback_id == "report_issue")
    return alice


async def test_an_admin_who_is_none_any_more_cannot_send_an_edit(tmp_path: Path) -> None:
    sandbox: Sandbox = without_lists()
    admins = FAST.model_copy(update={"admins": frozenset({ALICE})})
    async with world(tmp_path, sandbox=sandbox, config=admins) as bot:
        bot.sandbox.immoteur.faults.next(1, REFUSED)
        receipt = await file_other(bot, bot.person(BOB))
        await opened_by_alice(bot, receipt)
    async with world(tmp_path, sandbox=sandbox) as bot:
        outcome = await bot.person(ALICE).submit()
        row = await bot.state(1, "refused")
    assert outcome.kind == "errors"
    assert row["edit_key"] is None


async def test_a_form_that_names_anothers_report_cannot_change_it(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, REFUSED)
    await file_other(bot, bob)
    alice = bot.person(ALICE)
    await alice.command("/report-issue", f"other {OTHER_ID} hers", channel=ANNONCES)
    await alice.view()
    slack = bot.slack
    forged = copy.deepcopy(
        payloads.view_submission(
            slack, slack.workspace.users[ALICE], slack.views.screens[ALICE].top
        )
    )
    metadata = forged["view"]["private_metadata"]
    forged["view"]["private_metadata"] = metadata[:-1] + ',"edits":{"number":1}}'
    code = await status(bot, forged)
    row = await bot.state(1, "refused")
    assert code == 200
    assert OTHER_ID not in row["payload"]

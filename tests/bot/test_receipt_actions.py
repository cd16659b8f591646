"""What a person may decide about a report, with the buttons of its receipt."""

from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message, Person
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from storage.states import State
from tests.bot.listings import LOOKUPS, SAME_LINK
from tests.world import FAST, ID, OTHER_ID, World, world

GONE = (
    "Nothing was sent: this report has changed since you opened it and can no longer be edited."
    " Its state now: filed."
)


async def file_other(bot: World, person: Person, words: str = "the link is dead") -> None:
    await person.command("/report-issue", f"other {ID} {words}", channel=ANNONCES)
    await person.view()
    await person.submit()


async def receipt_in(bot: World, state: str) -> Message:
    await bot.state(1, state)
    sql = "select 1 from receipts where number = 1 and posted = version"
    await bot.until(lambda: bot.rows(sql))
    return await bot.receipt(ANNONCES, says="No. 1")


OFFERS = [
    (ApiFault("422"), "refused", ["edit", "try_now", "discard"]),
    (ApiFault("500"), "unknown", ["it_is_there", "send_again", "edit", "discard"]),
    (ApiFault("401"), "held", ["edit", "try_now", "discard"]),
    (ApiFault("503", retry_after=600), "waiting", ["try_now", "discard"]),
]


@pytest.mark.parametrize(("fault", "state", "buttons"), OFFERS, ids=[case[1] for case in OFFERS])
async def test_a_receipt_offers_what_its_state_allows(
    bot: World, bob: Person, fault: ApiFault, state: str, buttons: list[str]
) -> None:
    bot.sandbox.immoteur.faults.always(fault)
    if fault.kind == "401":
        bot.sandbox.immoteur.faults.always(fault, on="GET /auth")
    await file_other(bot, bob)
    if state == "waiting":
        await bot.receipt(ANNONCES, says="Next try")
    receipt = await receipt_in(bot, state)
    offered = [
        element["action_id"]
        for block in receipt.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    assert offered == buttons


DECISIONS = [
    (ApiFault("500"), "unknown", "it_is_there", "filed", "bob confirmed that it was received"),
    (ApiFault("500"), "unknown", "send_again", "filed", "Ref."),
    (ApiFault("500"), "unknown", "discard", "discarded", "Discarded by @bob."),
    (ApiFault("409"), "refused", "try_now", "filed", "Ref."),
    (ApiFault("422"), "refused", "discard", "discarded", "Discarded by @bob."),
]


@pytest.mark.parametrize(
    ("fault", "state", "button", "becomes", "says"),
    DECISIONS,
    ids=[f"{case[1]} {case[2]}" for case in DECISIONS],
)
async def test_a_decision_is_done_and_told(
    bot: World, bob: Person, fault: ApiFault, state: str, button: str, becomes: str, says: str
) -> None:
    bot.sandbox.immoteur.faults.next(1, fault)
    await file_other(bot, bob)
    receipt = await receipt_in(bot, state)
    await bob.press(receipt, button)
    await bot.state(1, becomes)
    space = bot.slack.workspace
    assert await bot.until(lambda: says in bob.read(space.messages[receipt.channel][receipt.ts]))


async def test_a_stranger_is_told_that_only_the_reporter_may(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    await file_other(bot, bob)
    receipt = await receipt_in(bot, "refused")
    alice = bot.person(ALICE)
    await alice.press(receipt, "discard")
    await bot.until(lambda: alice.ephemerals)
    seen = (
        bot.rows("select state from reports"),
        "Seule la personne" in alice.ephemerals[0].text,
    )
    assert seen == ([{"state": "refused"}], True)


async def test_an_administrator_may_decide_for_others(tmp_path: Path) -> None:
    config = FAST.model_copy(update={"admins": frozenset({ALICE})})
    async with world(tmp_path, config=config) as bot:
        bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
        await file_other(bot, bot.person(BOB))
        receipt = await receipt_in(bot, "refused")
        await bot.person(ALICE).press(receipt, "discard")
        row = await bot.state(1, State.DISCARDED)
        assert f'"by":"{ALICE}"' in row["cause"]


async def test_a_press_that_comes_too_late_changes_nothing(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("500"))
    await file_other(bot, bob)
    receipt = await receipt_in(bot, "unknown")
    await bob.press(receipt, "it_is_there")
    await bot.state(1, "filed")
    await bob.press(receipt, "send_again")
    await bot.until(lambda: bob.ephemerals)
    seen = (bot.rows("select state from reports"), bob.ephemerals[0].text)
    assert seen == (
        [{"state": "filed"}],
        "Nothing was done: report no. 1 has changed in the meantime. Its state now: filed.",
    )


async def test_a_refused_report_is_edited_and_sent_under_its_number(
    bot: World, bob: Person
) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    await file_other(bot, bob, "first words")
    receipt = await receipt_in(bot, "refused")
    await bob.press(receipt, "edit")
    form = await bob.view()
    typed = (form.value("issueKind"), form.value("propertyIds"), form.value("comment"))
    await bob.type("comment", "better words")
    await bob.submit()
    await bot.state(1, "filed")
    sent = [issue.body["comment"] for issue in bot.sandbox.immoteur.issues]
    assert (typed, sent) == (("other", ID, "first words"), ["better words"])


async def test_the_form_says_what_the_api_refused_on_its_field(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.known_ids_only = True
    await file_other(bot, bob)
    receipt = await receipt_in(bot, "refused")
    await bob.press(receipt, "edit")
    form = await bob.view()
    lines = form.text().splitlines()
    field = next(n for n, line in enumerate(lines) if line.startswith("Listing or property"))
    assert lines[field + 2].startswith("(error) ")


async def test_editing_what_may_have_arrived_warns(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("cut"))
    await file_other(bot, bob)
    receipt = await receipt_in(bot, "unknown")
    await bob.press(receipt, "edit")
    form = await bob.view()
    assert "may file it twice" in form.text()


async def test_an_edit_sent_twice_is_one_edit(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    await file_other(bot, bob)
    receipt = await receipt_in(bot, "refused")
    await bob.press(receipt, "edit")
    await bob.view()
    first, second = await bob.submit(), await bob.submit_again()
    await bot.state(1, "filed")
    seen = (first.kind, second.kind, len(bot.sandbox.immoteur.issues))
    assert seen == ("closed", "closed", 1)


async def test_an_edit_of_what_was_filed_meanwhile_is_not_sent(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("500"))
    await file_other(bot, bob)
    receipt = await receipt_in(bot, "unknown")
    await bob.press(receipt, "edit")
    await bob.view()
    await bob.type("comment", "new words")
    rows = "update reports set state = 'filed' where number = 1"
    await bot.runtime.services.store.write(lambda db: db.execute(rows) and None)
    outcome = await bob.submit()
    assert (outcome.kind, list(outcome.errors.values())) == ("errors", [GONE])


async def test_the_same_property_is_asked_about_once_and_filed_anyway(
    bot: World, bob: Person
) -> None:
    await file_other(bot, bob)
    await bot.state(1, "filed")
    await file_other(bot, bob, "another thing")
    asked = bob.screen
    await bob.click("file_anyway")
    await bot.state(2, "filed")
    saved = await bob.until(lambda view: view.callback_id == "saved")
    assert asked is not None
    assert "Something else, by @bob" in asked.text()
    assert "Saved as no. 2" in saved.text()
    assert len(bot.sandbox.immoteur.issues) == 2


async def test_what_is_looked_up_late_does_not_bring_back_a_form_that_was_filed_anyway(
    bot: World, bob: Person
) -> None:
    await file_other(bot, bob)
    await bot.state(1, "filed")
    bot.sandbox.immoteur.faults.always(ApiFault("slow", seconds=1.5), on=LOOKUPS)
    await file_other(bot, bob, f"{SAME_LINK} another thing")
    assert bob.screen is not None
    assert "file_anyway" in bob.screen.buttons
    await bob.click("file_anyway")
    await bob.until(lambda view: view.callback_id == "saved")
    tasks = bot.runtime.services.tasks
    await bot.until(lambda: not tasks._running)
    assert bob.screen is not None
    assert bob.screen.callback_id == "saved"


async def test_sending_the_form_again_after_the_question_files_it(bot: World, bob: Person) -> None:
    await file_other(bot, bob)
    await file_other(bot, bob, "another thing")
    outcome = await bob.submit()
    await bot.state(2, "filed")
    assert outcome.kind == "closed"


async def test_a_second_press_of_the_same_form_asks_nothing(bot: World, bob: Person) -> None:
    await file_other(bot, bob)
    again = await bob.submit_again()
    assert (again.kind, len(bot.rows("select 1 from reports"))) == ("closed", 1)


async def test_another_property_is_not_asked_about(bot: World, bob: Person) -> None:
    await file_other(bot, bob)
    await bob.command("/report-issue", f"other {OTHER_ID} x", channel=ANNONCES)
    await bob.view()
    outcome = await bob.submit()
    assert outcome.kind == "closed"

"""A form that is sent twice, late, at once or oddly is one report, or none and a reason."""

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person, payloads
from sandbox.slack.seed import ALICE, ANNONCES, BOB, SECURITE
from tests.world import FAST, ID, OTHER_ID, World, world

pytestmark = pytest.mark.usefixtures("on_both_engines")


async def ready(person: Person, text: str = f"other {ID} gone") -> None:
    await person.command("/report-issue", text, channel=ANNONCES)
    await person.until(lambda view: view.callback_id == "report_issue")


async def filed(bot: World, count: int = 1) -> int:
    """How many reports are stored once so many are filed."""
    await bot.until(lambda: len(bot.sandbox.immoteur.issues) >= count)
    rows: list[dict[str, Any]] = bot.rows("select number from reports")
    return len(rows)


async def test_the_same_form_sent_again_is_one_report(bot: World, bob: Person) -> None:
    await ready(bob)
    first = await bob.submit()
    second = await bob.submit_again()
    assert (first.kind, second.kind, await filed(bot)) == ("closed", "closed", 1)


async def test_the_same_form_sent_again_after_it_was_filed_is_one_report(
    bot: World, bob: Person
) -> None:
    await ready(bob)
    await bob.submit()
    await bot.receipt(ANNONCES, says="Filed with Immoteur")
    await bob.submit_again()
    assert (await filed(bot), len(bot.sandbox.immoteur.issues)) == (1, 1)


async def test_the_same_form_sent_many_times_at_once_is_one_report(bot: World, bob: Person) -> None:
    await ready(bob)
    payload = payloads.view_submission(bot.slack, bob.user, bob._top_view())
    copies = [copy.deepcopy(payload) for _ in range(20)]
    acks = await asyncio.gather(*(bot.link.deliver("interactive", copy, 5) for copy in copies))
    await bot.receipt(ANNONCES, says="Filed with Immoteur")
    assert ({(ack.failure, ack.body) for ack in acks}, await filed(bot)) == ({(None, None)}, 1)


async def test_two_forms_with_the_same_words_are_two_reports(tmp_path: Path) -> None:
    """A form's key makes it one; not what it says."""
    async with world(tmp_path) as bot:
        for user in (ALICE, BOB):
            person = bot.person(user)
            await ready(person)
            first = await person.submit()
            if first.kind == "updated":  # asked whether to file what was reported before
                await person.submit()
        assert await filed(bot, 2) == 2


async def test_everybody_at_once_gets_their_own_report(bot: World) -> None:
    people = [bot.person(user) for user in (ALICE, BOB)]
    await people[0].command("/report-issue", f"other {ID} one", channel=ANNONCES)
    await people[1].command("/report-issue", f"other {OTHER_ID} two", channel=SECURITE)
    for person in people:
        await person.view()
    await asyncio.gather(*(person.submit() for person in people))
    await filed(bot, 2)
    rows = bot.rows("select who, origin, payload from reports order by who")
    assert [
        (row["who"], json.loads(row["origin"])["channel"], json.loads(row["payload"])["comment"])
        for row in rows
    ] == [(ALICE, ANNONCES, "one"), (BOB, SECURITE, "two")]


async def test_a_report_is_stored_before_its_form_closes(bot: World, bob: Person) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("hang", seconds=1))
    await ready(bob)
    outcome = await bob.submit()
    rows = bot.rows("select who, kind, payload from reports")
    assert (outcome.kind, [{**row, "payload": json.loads(row["payload"])} for row in rows]) == (
        "closed",
        [
            {
                "who": BOB,
                "kind": "report_issue",
                "payload": {"propertyIds": [ID], "issueKind": "other", "comment": "gone"},
            }
        ],
    )


async def test_what_a_person_typed_is_sent_as_they_typed_it(bot: World, bob: Person) -> None:
    odd = "“é” \u202eright\u202c 👩‍🚒 \x01 \\n {braces} %s <!channel> & *x*\nnext\ttab"
    await ready(bob)
    await bob.type("comment", odd)
    await bob.submit()
    await filed(bot)
    assert bot.sandbox.immoteur.issues[0].body["comment"] == odd


@pytest.mark.parametrize("character", ["\ud83d", "\x00"], ids=["half a character", "0"])
async def test_what_is_no_text_for_a_database_is_sent_as_a_mark(
    bot: World, bob: Person, character: str
) -> None:
    await ready(bob)
    await bob.type("comment", f"one {character} of them, \\u0000")
    await bob.submit()
    await filed(bot)
    assert bot.sandbox.immoteur.issues[0].body["comment"] == "one ? of them, \\u0000"


async def test_a_form_of_an_older_release_that_carries_more_is_answered_with_slacks_notice(
    bot: World, bob: Person
) -> None:
    """It stays open, and nothing is stored that we cannot answer for."""
    await ready(bob)
    bob._top_view().body["private_metadata"] = '{"key": "k", "surprise": 1}'
    outcome = await bob.submit()
    assert (outcome.kind, bot.rows("select number from reports")) == ("failed", [])


async def test_classifieds_alone_are_sent_where_the_policy_allows_it(tmp_path: Path) -> None:
    config = FAST.model_copy(update={"classifieds_alone": True})
    async with world(tmp_path, config=config) as bot:
        bot.sandbox.immoteur.classifieds_alone = True
        bob = bot.person(BOB)
        await ready(bob, f"other classified:{OTHER_ID} gone")
        await bob.submit()
        await filed(bot)
        assert [issue.body for issue in bot.sandbox.immoteur.issues] == [
            {"classifiedIds": [OTHER_ID], "issueKind": "other", "comment": "gone"}
        ]

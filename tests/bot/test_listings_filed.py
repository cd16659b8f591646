"""A form with links, from the command to the report that is filed."""

from pathlib import Path

import pytest

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES, BOB, CAROL
from tests.bot.listings import (
    FLAT,
    HOME,
    HOUSE,
    LINK,
    SAME_FLAT,
    SAME_LINK,
    TWIN,
    TWIN_HOME,
    TWIN_LINK,
    UNKNOWN_LINK,
    filed,
    found,
    of_message,
    opened,
    settled,
)
from tests.world import World, world


async def test_a_link_and_a_guessable_kind_take_the_shortcut_and_submit(
    bot: World, bob: Person
) -> None:
    await of_message(bot, bob, f"le prix est faux : {LINK}")
    await settled(bob)
    outcome = await bob.submit()
    body = await filed(bot)
    body.pop("comment")
    assert (outcome.kind, body) == (
        "closed",
        {
            "propertyIds": [HOME],
            "classifiedIds": [FLAT],
            "issueKind": "data",
            "issueFacets": ["price"],
        },
    )


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("the price is wrong", {"issueKind": "data", "issueFacets": ["price"]}),
        ("something is odd", {"issueKind": "other"}),
        ("c'est un doublon", {"issueKind": "other"}),
        ("pas la même maison", {"issueKind": "clustering", "clusteringAction": "split"}),
    ],
)
async def test_a_command_with_a_link_and_words_needs_only_submit(
    bot: World, bob: Person, words: str, more: dict[str, object]
) -> None:
    await opened(bob, f"{LINK} {words}")
    outcome = await bob.submit()
    assert (outcome.kind, await filed(bot)) == (
        "closed",
        {"propertyIds": [HOME], "classifiedIds": [FLAT], "comment": words, **more},
    )


async def test_a_person_s_last_kind_is_offered_over_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bob = bot.person(BOB)
        await opened(bob, f"other {HOME} wrong")
        await bob.submit()
        await bot.until(lambda: bot.rows("select 1 from habits"))
        now = await opened(bob, HOME)
        kinds = [now.value("issueKind")]
    async with world(tmp_path) as bot:
        for user in (BOB, CAROL):
            kinds.append((await opened(bot.person(user), HOME)).value("issueKind"))
    assert kinds == ["other", "other", "data"]


async def test_a_split_offers_the_propertys_classifieds(bot: World, bob: Person) -> None:
    await opened(bob, f"split {HOME}")
    view = await bob.until(lambda view: "classifiedIds.choose" in view.fields)
    assert (view.value("classifiedIds.choose"), list(view.options("classifiedIds.choose"))) == (
        [],
        [f"{id_}/{HOME}" for id_ in (FLAT, SAME_FLAT, HOUSE)],
    )


async def test_a_link_found_is_ticked_among_what_a_split_offers(bot: World, bob: Person) -> None:
    await found(bob, LINK)
    await bob.choose("issueKind", "clustering")
    await bob.until(lambda view: "clusteringAction" in view.fields)
    await bob.choose("clusteringAction", "split")
    view = await bob.until(lambda view: "classifiedIds.choose" in view.fields)
    assert view.value("classifiedIds.choose") == [f"{FLAT}/{HOME}"]


@pytest.mark.parametrize(
    "same", [f"{LINK} {SAME_LINK}", f"{HOME} {LINK}", f"{HOME} classified:{SAME_FLAT}"]
)
async def test_a_merge_of_one_property_is_told_before_it_is_filed(
    bot: World, bob: Person, same: str
) -> None:
    await opened(bob, f"merge {same}")
    text = "These all belong to the same property. Add another property to merge it with."
    await bob.until(lambda view: text in view.text())
    outcome = await bob.submit()
    seen = (list(outcome.errors.values()), bot.rows("select 1 from reports"))
    assert seen == ([text], [])


async def test_a_merge_of_two_links_sends_both_properties_and_classifieds(
    bot: World, bob: Person
) -> None:
    await found(bob, f"merge {LINK} {TWIN_LINK}")
    await bob.submit()
    assert await filed(bot) == {
        "propertyIds": [HOME, TWIN_HOME],
        "classifiedIds": [FLAT, TWIN],
        "issueKind": "clustering",
        "clusteringAction": "merge",
    }


async def test_a_refused_report_with_a_link_is_edited_with_its_reason_in_sight(
    bot: World, bob: Person
) -> None:
    await found(bob, f"other {UNKNOWN_LINK} wrong")
    await bob.submit()
    await bot.state(1, "refused")
    receipt = await bot.receipt(ANNONCES, says="could not look up")
    await bob.press(receipt, "edit")
    await settled(bob)
    view = await bob.until(lambda view: "(error)" in view.text())
    await bob.type("propertyIds", LINK)
    await bob.submit()
    await bot.state(1, "filed")
    body = await filed(bot)
    seen = (view.value("propertyIds"), f"{UNKNOWN_LINK}: unknown to Immoteur." in view.text())
    assert (seen, body["propertyIds"]) == ((UNKNOWN_LINK, True), [HOME])

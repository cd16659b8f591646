"""The one field of /report-issue, as a person uses it."""

from sandbox.slack import Person
from tests.bot.listings import (
    FLAT,
    HOME,
    HOUSE,
    LINK,
    TWIN,
    TWIN_HOME,
    TWIN_LINK,
    filed,
    found,
    lines,
    of_message,
    opened,
    settled,
)
from tests.world import World

CARD = "Apartment · 65 m² · 3 rooms · Lyon 3e 69003 · €298,000"


async def test_what_is_found_is_shown_and_the_link_stays_as_it_was_written(
    bot: World, bob: Person
) -> None:
    view = await found(bob, f"{LINK} wrong price")
    assert view.value("propertyIds") == LINK
    assert CARD in view.text()


async def test_the_card_of_a_pasted_link_appears_without_another_choice(
    bot: World, bob: Person
) -> None:
    await opened(bob, "data")
    await bob.type("propertyIds", LINK)
    view = await bob.until(lambda view: CARD in view.text())
    assert view.value("propertyIds") == LINK


async def test_an_id_of_a_property_has_a_card_too(bot: World, bob: Person) -> None:
    await opened(bob, f"{HOME} price")
    await bob.until(lambda view: "Property with 3 listings" in view.text())


async def test_an_id_that_is_one_of_a_listing_is_sent_with_its_property(
    bot: World, bob: Person
) -> None:
    await opened(bob, f"{TWIN} price")
    await bob.until(lambda view: CARD in view.text())
    await bob.submit()
    body = await filed(bot)
    assert (body["propertyIds"], body["classifiedIds"]) == ([TWIN_HOME], [TWIN])


async def test_a_listing_that_is_unticked_is_not_sent(bot: World, bob: Person) -> None:
    await of_message(bot, bob, f"le prix : {LINK} {TWIN_LINK}")
    boxes = (await settled(bob)).value("listings")
    await bob.choose("listings", boxes[1:])
    await bob.submit()
    body = await filed(bot)
    assert (body["propertyIds"], body["classifiedIds"]) == ([TWIN_HOME], [TWIN])


async def test_ticking_what_does_not_belong_is_enough_to_split(bot: World, bob: Person) -> None:
    await opened(bob, f"séparer {HOME}")
    await bob.until(lambda view: "classifiedIds.choose" in view.fields)
    await bob.choose("classifiedIds.choose", [f"{HOUSE}/{HOME}"])
    await bob.submit()
    body = await filed(bot)
    assert (body["propertyIds"], body["classifiedIds"]) == ([HOME], [HOUSE])


async def test_two_ids_and_words_of_a_message_are_a_merge(bot: World, bob: Person) -> None:
    await of_message(bot, bob, f"deux fois le même appartement : {HOME} et {TWIN_HOME}")
    view = await settled(bob)
    assert view.value("clusteringAction") == "merge"
    assert view.value("propertyIds") == lines(HOME, TWIN_HOME)


async def test_a_split_of_two_links_tells_which_belongs(bot: World, bob: Person) -> None:
    await found(bob, f"split {HOME} classified:{FLAT}")
    await bob.until(lambda view: "classifiedIds.choose" in view.fields)
    await bob.submit()
    body = await filed(bot)
    assert (body["propertyIds"], body["classifiedIds"]) == ([HOME], [FLAT])

"""The App Home: what a person reported, kept true, with the buttons of the receipts."""

from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message, Person, SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from sandbox.slack.views import OpenView
from tests.bot import anomalies
from tests.world import FAST, ID, World, world


async def report(person: Person, words: str) -> None:
    await person.command("/report-issue", f"other {ID} {words}", channel=ANNONCES)
    await person.view()
    await person.submit()


async def report_anyway(person: Person, words: str) -> None:
    """Report the same thing once more."""
    await person.command("/report-issue", f"other {ID} {words}", channel=ANNONCES)
    await person.view()
    outcome = await person.submit()
    assert outcome.kind == "updated"
    await person.submit()


def refuse(bot: World) -> None:
    bot.sandbox.immoteur.faults.always(ApiFault("422"))


async def refused_on_home(bot: World, person: Person) -> None:
    """The person's Home is open and shows a refused report."""
    await person.open_home()
    refuse(bot)
    await report(person, "the link is dead")
    await person.home_shows(lambda text: "the link is dead" in text and "[Edit]" in text)


def on_screen(bot: World, user: str) -> OpenView:
    home: OpenView | None = bot.sandbox.slack.homes.of(user)
    assert home is not None
    return home


def show(bot: World, user: str, home: OpenView) -> None:
    """The person has not seen a newer Home yet."""
    bot.sandbox.slack.homes._homes[user] = home


def answers(person: Person) -> list[Message]:
    return [message for message in person.direct_messages if message.bot_id]


async def test_the_first_opening_replaces_the_spinner(bob: Person) -> None:
    await bob.open_home()
    home = await bob.home_shows(lambda text: "(spinner)" not in text)
    assert "[Report a data issue] [Report an anomaly]" in home.splitlines()


async def test_it_is_in_the_persons_own_language(alice: Person) -> None:
    await alice.open_home()
    home = await alice.home_shows(lambda text: "(spinner)" not in text)
    assert "Signalez ce qui ne va pas" in home


async def test_it_is_published_again_when_a_report_changes(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    bot.sandbox.immoteur.faults.stop()
    await bob.press_on_home("try_now")
    home = await bob.home_shows(lambda text: "Filed" in text)
    assert "Needs your attention" not in home


async def test_a_burst_of_changes_is_published_a_few_times(bot: World, bob: Person) -> None:
    await bob.open_home()
    await bob.home_shows(lambda text: "(spinner)" not in text)
    await report(bob, "number 0")
    for number in range(1, 12):
        await report_anyway(bob, f"number {number}")
    await bob.home_shows(lambda text: text.count("Filed") >= 12)
    changes = bot.rows("select sum(version) as n from receipts")[0]["n"]
    assert bot.sandbox.slack.homes.published < changes / 2


async def test_what_needs_the_person_comes_before_all_reports(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    lines = bob.home.splitlines()
    assert lines.index("# Needs your attention") < lines.index("[Edit] [Send unchanged] [Discard]")
    assert lines.index("[Edit] [Send unchanged] [Discard]") < lines.index("# Your reports")


async def test_what_needs_the_person_is_shown_once(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    assert bob.home.count("the link is dead") == 1
    assert "1 of these reports is above" in bob.home
    assert "No report of yours fits" not in bob.home


@pytest.mark.parametrize(
    ("state", "note"),
    [
        ("refused", "1 of these reports is above, under *Needs your attention*."),
        ("need", "1 of these reports is above, under *Needs your attention*."),
        ("filed", "No report of yours fits this choice."),
    ],
)
async def test_a_filter_says_how_many_of_its_reports_are_above(
    bot: World, bob: Person, state: str, note: str
) -> None:
    await refused_on_home(bot, bob)
    await bob.choose_on_home("home_state", state)
    home = await bob.home_shows(lambda text: note in text)
    assert home.count("the link is dead") == 1


async def test_edit_opens_the_form_with_the_reasons(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    await bob.press_on_home("edit")
    view = await bob.view()
    assert view.value("comment") == "the link is dead"


async def test_discard_discards_and_the_home_shows_it(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    await bob.press_on_home("discard")
    home = await bob.home_shows(lambda text: "Discarded" in text)
    assert "Needs your attention" not in home


async def test_a_press_that_comes_too_late_says_so_on_the_home_once(
    bot: World, bob: Person
) -> None:
    await refused_on_home(bot, bob)
    home = bob.home
    receipt = await bot.receipt(ANNONCES, says="Not filed")
    stale = on_screen(bot, BOB)
    await bob.press(receipt, "discard")
    await bot.state(1, "discarded")
    await bob.home_shows(lambda text: text != home)
    show(bot, BOB, stale)
    await bob.press_on_home("try_now")
    shown = await bob.home_shows(lambda text: "Nothing was done" in text)
    assert "discarded" in shown
    await bob.open_home()
    await bob.home_shows(lambda text: "Nothing was done" not in text)


async def test_report_again_opens_a_new_form_with_the_same(bot: World, bob: Person) -> None:
    await refused_on_home(bot, bob)
    bot.sandbox.immoteur.faults.stop()
    await bob.press_on_home("home_again")
    view = await bob.view()
    assert view.value("comment") == "the link is dead"
    assert view.value("propertyIds") == ID
    await bob.submit()
    await bot.state(2, "filed")
    assert bot.rows("select state from reports where number = 1") == [{"state": "refused"}]


async def test_the_receipt_of_a_form_from_the_home_is_a_direct_message(
    bot: World, bob: Person
) -> None:
    await bob.open_home()
    await bob.home_shows(lambda text: "(spinner)" not in text)
    await bob.press_on_home("home_form.report_issue")
    await bob.until(lambda view: view.callback_id == "report_issue")
    await bob.type("propertyIds", ID)
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.type("comment", "the link is dead")
    await bob.submit()
    await bot.state(1, "filed")
    shown = await bot.until(lambda: [m for m in answers(bob) if "Filed" in m.text])
    assert len(shown) == 1


async def test_a_draft_is_offered_and_continued_with_what_it_holds(bot: World, bob: Person) -> None:
    await bob.open_home()
    await anomalies.opened(bob)
    await anomalies.add(bob, "Lamp off")
    await bob.close()
    await bob.home_shows(lambda text: "Lamp off" in text)
    await bob.press_on_home("home_continue.anomaly")
    await bob.until(lambda view: anomalies.LIST in view.buttons)
    await anomalies.show_list(bob)
    assert anomalies.titles(await bob.view()) == ["Lamp off"]


async def test_a_draft_that_is_gone_is_said_to_be_gone(bot: World, bob: Person) -> None:
    await bob.open_home()
    await anomalies.opened(bob)
    await anomalies.add(bob, "Lamp off")
    await bob.close()
    await bob.home_shows(lambda text: "Lamp off" in text)
    stale = on_screen(bot, BOB)
    show(bot, BOB, stale)
    await bob.press_on_home("home_continue.anomaly")
    await bob.until(lambda view: anomalies.LIST in view.buttons)
    await bob.close()
    show(bot, BOB, stale)
    await bob.press_on_home("home_continue.anomaly")
    await bob.home_shows(lambda text: "this draft was sent, discarded" in text)


async def test_nobody_sees_another_persons_reports(bot: World, alice: Person, bob: Person) -> None:
    refuse(bot)
    await report(bob, "the link is dead")
    await bot.state(1, "refused")
    await alice.open_home()
    home = await alice.home_shows(lambda text: "(spinner)" not in text)
    assert "dead" not in home
    assert "n° 1" not in home


async def test_an_admin_sees_and_decides_what_needs_somebody(tmp_path: Path) -> None:
    config = FAST.model_copy(update={"admins": frozenset({ALICE})})
    async with world(tmp_path, config=config) as bot:
        alice, bob = bot.person(ALICE), bot.person(BOB)
        await alice.open_home()
        refuse(bot)
        await report(bob, "the link is dead")
        home = await alice.home_shows(lambda text: "À traiter" in text)
        assert "@bob" in home
        await alice.press_on_home("discard")
        await bot.state(1, "discarded")
        await alice.home_shows(lambda text: "À traiter" not in text)


async def test_another_persons_report_cannot_be_decided_or_copied(
    bot: World, alice: Person, bob: Person
) -> None:
    """With a Home that somebody else's buttons were put on."""
    await refused_on_home(bot, bob)
    show(bot, ALICE, on_screen(bot, BOB))
    await alice.press_on_home("discard")
    await alice.press_on_home("home_again")
    assert bot.rows("select state from reports") == [{"state": "refused"}]
    assert alice.screen is None


async def test_a_filter_and_the_pages_show_what_was_chosen(bot: World, bob: Person) -> None:
    await bob.open_home()
    await report(bob, "number 0")
    for number in range(1, 22):
        await report_anyway(bob, f"number {number}")
    await bob.home_shows(lambda text: "number 21" in text and "[Older]" in text)
    assert "No. 1 " not in bob.home
    await bob.press_on_home("home_older")
    home = await bob.home_shows(lambda text: "[Newer]" in text)
    assert "No. 1 " in home
    assert "[Older]" not in home
    await bob.choose_on_home("home_state", "held")
    home = await bob.home_shows(lambda text: "No report of yours fits" in text)
    assert "[Newer]" not in home
    await bob.choose_on_home("home_state", "any")
    await bob.choose_on_home("home_kind", "report_issue")
    await bob.home_shows(lambda text: "number 21" in text)


async def test_a_home_that_slack_has_no_time_for_is_published_later(
    bot: World, bob: Person
) -> None:
    slack = bot.sandbox.slack
    slack.faults.set("views.publish", SlackFault("429", seconds=1), times=1)
    slack.faults.set("views.publish", SlackFault("cut"), times=1)
    await bob.open_home()
    await bot.until(lambda: len(slack.calls_of("views.publish")) >= 3)
    home = await bob.home_shows(lambda text: "(spinner)" not in text)
    assert "[Report an anomaly]" in home


async def test_a_home_that_is_switched_off_is_not_tried_again_and_again(
    bot: World, bob: Person
) -> None:
    slack = bot.sandbox.slack
    slack.faults.set("views.publish", SlackFault("error", error="not_enabled"))
    await bob.open_home()
    await slack.called("views.publish")
    await bot.until(lambda: not bot.rows("select * from homes"))
    assert len(slack.calls_of("views.publish")) == 1

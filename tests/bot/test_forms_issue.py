"""/report-issue on a person's screen: what it asks for, what it keeps, what it sends."""

import asyncio
from typing import Any

import pytest

from sandbox.slack import Person, payloads
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ANNONCES
from sandbox.slack.view_on_screen import ViewOnScreen
from tests.world import ID, OTHER_ID, World


def _kinds(view: ViewOnScreen) -> list[Any]:
    """The options of the kind of issue."""
    named = (block for block in view.blocks if block["block_id"].startswith("issueKind"))
    options: list[Any] = next(named)["element"]["options"]
    return options


async def opened(person: Person, text: str = "") -> None:
    await person.command("/report-issue", text, channel=ANNONCES)
    await person.until(lambda view: view.callback_id == "report_issue")


async def bodies(bot: World, count: int = 1) -> list[object]:
    await bot.until(lambda: len(bot.sandbox.immoteur.issues) >= count)
    return [issue.body for issue in bot.sandbox.immoteur.issues]


async def test_the_form_opens_with_data_chosen_and_the_words_filled_in(
    bot: World, bob: Person
) -> None:
    await opened(bob, f"{ID} classified:{OTHER_ID} wrong price")
    view = bob.screen
    assert view is not None
    assert {name: view.value(name) for name in view.fields} == {
        "issueKind": "data",
        "issueFacets": ["price"],
        "propertyIds": f"{ID}\nlisting: {OTHER_ID}",
        "comment": "wrong price",
    }


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("data", ["propertyIds", "issueKind", "issueFacets", "comment"]),
        ("merge", ["propertyIds", "issueKind", "clusteringAction", "comment"]),
        ("other", ["propertyIds", "issueKind", "comment"]),
    ],
)
async def test_the_form_asks_only_for_what_the_first_word_needs(
    bot: World, bob: Person, text: str, fields: list[str]
) -> None:
    await opened(bob, text)
    view = bob.screen
    assert view is not None
    assert view.fields == fields


async def test_a_redraw_keeps_what_was_typed_and_sends_nothing_that_it_hid(
    bot: World, bob: Person
) -> None:
    await opened(bob)
    await bob.choose("issueFacets", ["price", "link"])
    await bob.type("propertyIds", f"{ID}, {OTHER_ID}")
    await bob.type("comment", "the same flat")
    await bob.choose("issueKind", "clustering")
    await bob.until(lambda view: "clusteringAction" in view.fields)
    await bob.choose("clusteringAction", "merge")
    outcome = await bob.submit()
    assert (outcome.kind, await bodies(bot)) == (
        "closed",
        [
            {
                "propertyIds": [ID, OTHER_ID],
                "issueKind": "clustering",
                "clusteringAction": "merge",
                "comment": "the same flat",
            }
        ],
    )


async def test_of_two_quick_choices_the_second_counts(bot: World, bob: Person) -> None:
    """Both carry the same hash, and Slack refuses the second redraw once."""
    await opened(bob, ID)
    await bob.type("comment", "kept")
    await asyncio.gather(bob.choose("issueKind", "clustering"), bob.choose("issueKind", "other"))
    view = await bob.until(lambda view: view.fields == ["propertyIds", "issueKind", "comment"])
    assert (view.value("issueKind"), view.value("comment")) == ("other", "kept")


async def test_a_choice_that_arrives_behind_a_newer_one_draws_nothing(
    bot: World, bob: Person
) -> None:
    await opened(bob, ID)
    view = bob.screen
    assert view is not None
    grouping = next(kind for kind in _kinds(view) if "clus" in kind["value"])
    chosen = {"action_id": "issueKind", "block_id": "issueKind", "type": "radio_buttons"}
    late = payloads.view_action(
        bot.slack, bob.user, bob._top_view(), {**chosen, "selected_option": grouping}
    )
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: view.fields == ["propertyIds", "issueKind", "comment"])
    await bot.link.deliver("interactive", late, 3)
    await bob.click("comment.more.show")
    view = await bob.until(lambda view: "comment.more" in view.fields)
    assert (view.value("issueKind"), view.fields[:2]) == (
        "other",
        ["propertyIds", "issueKind"],
    )


async def test_what_is_pressed_before_the_last_drawing_came_is_not_lost(
    bot: World, bob: Person
) -> None:
    await opened(bob, ID)
    bot.slack.faults.set("views.update", SlackFault("slow", seconds=0.1), times=1)
    await bob.choose("issueKind", "other")
    await bot.until(lambda: not bot.slack.faults._queued["views.update"])
    await bob.click("comment.more.show")
    view = await bob.until(lambda view: "comment.more" in view.fields)
    assert view.fields == ["propertyIds", "issueKind", "comment", "comment.more"]


async def test_a_redraw_refused_because_the_view_changed_is_drawn_again(
    bot: World, bob: Person
) -> None:
    await opened(bob, ID)
    bot.slack.faults.set("views.update", SlackFault("error", error="hash_conflict"), times=1)
    await bob.choose("issueKind", "other")
    view = await bob.until(lambda view: view.fields == ["propertyIds", "issueKind", "comment"])
    assert view.value("propertyIds") == ID


@pytest.mark.parametrize(
    "fault", [SlackFault("429", seconds=1), SlackFault("500"), SlackFault("cut_before")]
)
async def test_a_redraw_that_slack_was_too_busy_for_comes_by_itself(
    bot: World, bob: Person, fault: SlackFault
) -> None:
    await opened(bob, ID)
    bot.slack.faults.set("views.update", fault, times=1)
    await bob.choose("issueKind", "other")
    view = await bob.until(lambda view: view.fields == ["propertyIds", "issueKind", "comment"])
    assert view.value("propertyIds") == ID


async def test_going_back_and_forth_comes_back_to_where_it_was(bot: World, bob: Person) -> None:
    await opened(bob, ID)
    for kind, field in (("clustering", "clusteringAction"), ("data", "issueFacets")):
        await bob.choose("issueKind", kind)
        await bob.until(lambda view, field=field: field in view.fields)  # type: ignore[misc]
    await bob.choose("issueFacets", ["media"])
    await bob.submit()
    assert await bodies(bot) == [
        {"propertyIds": [ID], "issueKind": "data", "issueFacets": ["media"]}
    ]


async def test_4000_characters_are_typed_in_two_fields_and_joined(bot: World, bob: Person) -> None:
    await opened(bob, f"other {ID}")
    await bob.type("comment", "a" * 3000)
    await bob.click("comment.more.show")
    await bob.until(lambda view: "comment.more" in view.fields)
    await bob.type("comment.more", "b" * 999)
    await bob.submit()
    assert await bodies(bot) == [
        {
            "propertyIds": [ID],
            "issueKind": "other",
            "comment": "a" * 3000 + "\n" + "b" * 999,
        }
    ]


async def test_5000_characters_are_refused_and_stay_on_screen(bot: World, bob: Person) -> None:
    await opened(bob, f"other {ID}")
    await bob.type("comment", "a" * 3000)
    await bob.click("comment.more.show")
    await bob.until(lambda view: "comment.more" in view.fields)
    await bob.type("comment.more", "b" * 2000)
    outcome = await bob.submit()
    view = bob.screen
    assert view is not None
    assert (outcome.errors, len(view.value("comment")), len(view.value("comment.more"))) == (
        {"comment.more": "Your comment has 5,001 characters; the limit is 4,000."},
        3000,
        2000,
    )


async def test_a_command_of_3500_characters_fills_both_comment_fields(
    bot: World, bob: Person
) -> None:
    text = "word " * 700
    await opened(bob, f"other {ID} {text}")
    await bob.submit()
    await bodies(bot)
    sent = bot.sandbox.immoteur.issues[0].body["comment"]
    assert sent.split() == text.split()


async def test_every_fault_is_shown_on_its_field_in_the_persons_words(
    bot: World, bob: Person
) -> None:
    await opened(bob, f"other {ID}")
    await bob.type("propertyIds", "nonsense, 12")
    outcome = await bob.submit(raw=True)
    assert (outcome.errors, bot.rows("select number from reports")) == (
        {
            "propertyIds": "2 of these are neither links nor ids: nonsense, 12",
            "comment": "Describe the problem in a few words.",
        },
        [],
    )


async def test_a_fault_mended_is_filed(bot: World, bob: Person) -> None:
    await opened(bob, "other gone")
    first = await bob.submit()
    await bob.type("propertyIds", ID)
    second = await bob.submit()
    assert (list(first.errors), second.kind, len(await bodies(bot))) == (
        ["propertyIds"],
        "closed",
        1,
    )


async def test_a_form_submitted_before_its_redraw_came_gets_the_fields_it_lacks(
    bot: World, bob: Person
) -> None:
    await opened(bob, f"data {ID} {OTHER_ID} the same")
    bot.slack.faults.set("views.update", SlackFault("error", error="internal_error"), times=1)
    await bob.choose("issueKind", "clustering")
    outcome = await bob.submit(raw=True)
    view = bob.screen
    assert view is not None
    assert (outcome.kind, view.fields, view.value("comment")) == (
        "updated",
        ["propertyIds", "issueKind", "clusteringAction", "comment"],
        "the same",
    )
    assert "Choose whether to merge or to split." in view.text()

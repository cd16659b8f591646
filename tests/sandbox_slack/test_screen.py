"""What a person reads, as plain text."""

from typing import Any

import pytest

from sandbox.slack import BotLink, Person, Slack
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_blocks
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from tests.sandbox_slack.conftest import T0
from tests.sandbox_slack.factories import (
    actions,
    button,
    field,
    modal,
    option,
    plain,
    section,
    text_field,
)


async def test_a_form_reads_as_label_value_hint_and_error(slack: Slack, alice: Person) -> None:
    radio = {"type": "radio_buttons", "options": [option("a"), option("b")]}
    view = slack.views.open(
        ALICE,
        modal(
            section("A &lt;b&gt; <https://a.example|site>"),
            {"type": "alert", "text": plain("Mind"), "level": "warning"},
            text_field(placeholder=plain("Ada")) | {"hint": plain("Your name")},
            field("kind", radio, optional=True),
            actions(button("more")),
            close=plain("Cancel"),
        ),
    )
    view.errors = {"name": "Too short"}
    await alice.choose("kind", "b")

    assert (await alice.view()).text().splitlines() == [
        "== Form ==",
        "A <b> site",
        "(warning) Mind",
        "Name: <Ada>",
        "  Your name",
        "  ! Too short",
        "Kind (optional): ( ) A (o) B",
        "[More]",
        "[Cancel] [Send]",
    ]


@pytest.mark.parametrize(("user", "read"), [(ALICE, "aujourd’hui 09:00"), (BOB, "today 3:00 AM")])
def test_a_date_is_read_in_the_readers_zone_and_language(
    slack: Slack, user: str, read: str
) -> None:
    reader = Reader(slack.workspace, slack.workspace.users[user])

    assert reader.mrkdwn(f"<!date^{int(T0)}^{{date_short_pretty}} {{time}}|then>") == read


@pytest.mark.parametrize(
    ("user", "read"), [(ALICE, "dimanche 17 janvier 2027"), (BOB, "Sunday, January 17, 2027")]
)
def test_a_far_date_has_the_names_of_the_readers_language(
    slack: Slack, user: str, read: str
) -> None:
    reader = Reader(slack.workspace, slack.workspace.users[user])

    assert reader.date(int(T0) + 2 * 86_400, "{date_long}") == read


async def test_a_thread_reads_with_its_names(slack: Slack, link: BotLink) -> None:
    alice = Person(slack, ALICE, link)
    parent = slack.workspace.say(ANNONCES, BOB, f"1 < 2 <@{ALICE}>")
    slack.workspace.post(ANNONCES, {"text": "Noted &amp; filed"}, thread_ts=parent.ts)

    assert alice.read_thread(parent) == "bob: 1 < 2 @alice\nconstat: Noted & filed"


def test_a_block_nobody_can_read_raises(slack: Slack) -> None:
    reader: Any = Reader(slack.workspace, slack.workspace.users[ALICE])

    with pytest.raises(ValueError, match="'hologram'"):
        render_blocks([{"type": "hologram", "block_id": "b"}], reader)

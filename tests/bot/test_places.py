"""A conversation without a name is named in words, and an install without a workspace works."""

import copy
from typing import Any

import pytest

from blocks.place import mention
from blocks.words import words
from bot.slack.payloads import Opening
from bot.workspace import Workspace
from sandbox.slack import Person, payloads
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.test_malformed_payloads import status
from tests.world import ID, World

COMMAND: dict[str, Any] = {
    "command": "/report-issue",
    "user_id": "U1",
    "team_id": "T1",
    "channel_id": "C1",
    "trigger_id": "1.2",
}
PLACES = [
    ("C1", "annonces", "<#C1>"),
    ("D73277EE2", "directmessage", "a direct message"),
    ("D73277EE2", None, "a direct message"),
    ("G1", "privategroup", "a private conversation"),
    ("G1", "mpdm-alice--bob-1", "a private conversation"),
]


@pytest.mark.parametrize(("channel", "name", "place"), PLACES)
def test_a_place_is_said_in_words_where_slack_shows_no_name(
    channel: str, name: str | None, place: str
) -> None:
    command = {**COMMAND, "channel_id": channel, "channel_name": name}
    origin = Opening.of_command(command, Workspace()).origin
    assert mention(words("en"), origin.channel, origin.place) == place


async def org_wide(bot: World, **changes: Any) -> dict[str, Any]:
    """A shortcut as Slack sends it for an install in the whole organisation."""
    space = bot.slack.workspace
    message = space.say(ANNONCES, BOB, f"See {ID}")
    user, place = space.users[BOB], space.channels[ANNONCES]
    payload = payloads.message_action(bot.slack, user, place, "report_issue_from_message", message)
    enterprise = {"id": "E0ORG", "name": "Groupe"}
    whole = {"team": None, "enterprise": enterprise, "is_enterprise_install": True}
    return copy.deepcopy(payload) | whole | changes


async def test_a_shortcut_of_an_org_wide_install_opens_its_form(bot: World, bob: Person) -> None:
    assert await status(bot, await org_wide(bot)) == 200
    view = await bob.until(lambda view: view.callback_id == "report_issue")
    assert '"team":"T0CONSTAT1"' in view.private_metadata


async def test_a_message_has_an_address_without_the_workspaces_domain(
    bot: World, bob: Person
) -> None:
    await bot.until(lambda: bot.runtime.services.users.workspace_url)
    await status(bot, await org_wide(bot))
    view = await bob.until(lambda view: view.callback_id == "report_issue")
    assert f".slack.com/archives/{ANNONCES}/p" in view.private_metadata


async def test_an_organisation_stands_for_a_workspace_that_is_not_named(
    bot: World, bob: Person
) -> None:
    user = {"id": BOB, "team_id": None}
    await status(bot, await org_wide(bot, user=user))
    view = await bob.until(lambda view: view.callback_id == "report_issue")
    assert '"team":"E0ORG"' in view.private_metadata

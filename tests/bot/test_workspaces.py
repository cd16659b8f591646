"""People of another workspace, who come in through a shared channel, are told apart from those of
the workspace that constat is installed in, also when they have the same user id.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import Config
from bot.workspace import Workspace
from sandbox.faults import ApiFault
from sandbox.slack import Message, Person
from sandbox.slack.model import Ephemeral
from sandbox.slack.seed import ANNONCES, BOB, CAROL
from tests.bot import anomalies
from tests.world import FAST, ID, World, world

HOME, OTHER = "T0CONSTAT1", "T0PARTNER1"
STRANGER = f"{OTHER}/{BOB}"
PEOPLE = (
    ("reports", "who"),
    ("history", "who"),
    ("people", "id"),
    ("habits", "who"),
    ("drafts", "who"),
    ("notices", "who"),
)
"""The columns with people."""
CHANNELS = ("reports", "drafts", "notices")
"""Tables with channels that have a workspace of their own."""


def join(bot: World, team: str, user: str = BOB) -> Person:
    """From now on the user id is a person's of that workspace."""
    users = bot.slack.workspace.users
    users[user] = replace(users[user], team=team)
    return bot.person(user)


async def signed_in(bot: World) -> None:
    await bot.until(lambda: bot.rows("select 1 from workspaces"))


async def refused(bot: World, person: Person, words: str = "dead link") -> Message:
    """The receipt of a report by the person that Immoteur refuses."""
    bot.sandbox.immoteur.faults.always(ApiFault("422"))
    await person.command("/report-issue", f"other {ID} {words}", channel=ANNONCES)
    await person.view()
    await person.submit()
    return await bot.receipt(ANNONCES, says="refused")


async def mine(bot: World, person: Person) -> str:
    """The reports and the drafts that a person is shown."""
    earlier = len(lists(person))
    await person.command("/report-issue", "mine", channel=ANNONCES)
    answers = await bot.until(lambda: lists(person)[earlier:])
    form = await anomalies.opened(person, "")
    await person.close()
    return f"{answers[-1].blocks} {form.text()}"


def lists(person: Person) -> list[Ephemeral]:
    return [answer for answer in person.ephemerals if answer.blocks]


@pytest.mark.parametrize(("team", "person"), [("", BOB), (OTHER, STRANGER)])
async def test_every_table_names_a_person_with_the_workspace_unless_it_is_the_home(
    tmp_path: Path, team: str, person: str
) -> None:
    async with world(tmp_path) as bot:
        await signed_in(bot)
        bob = join(bot, team)
        await anomalies.open_with(bob, "Wet floor")
        await bob.close()
        await refused(bot, bob)
        await bot.until(lambda: bot.rows("select 1 from habits"))
        await bot.until(lambda: bot.rows("select 1 from people"))
        stored = {
            (table, column): {row[column] for row in bot.rows(f"select * from {table}")}  # noqa: S608 - ours
            for table, column in PEOPLE
        }
        teams = {
            table: {row["team"] for row in bot.rows(f"select * from {table}")}  # noqa: S608 - ours
            for table in CHANNELS
        }
    # The bot's own changes are nobody's.
    stored["history", "who"] -= {None}
    assert stored == {column: {person} for column in PEOPLE}
    assert teams == {table: {HOME} for table in CHANNELS}


async def test_a_receipt_mentions_a_person_of_another_workspace_as_slack_does(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as bot:
        await signed_in(bot)
        await refused(bot, join(bot, OTHER))
        blocks = [message.blocks for message in bot.slack.workspace.history(ANNONCES)]
    assert f"'user_id': '{BOB}'" in str(blocks)
    assert STRANGER not in str(blocks)


@pytest.mark.parametrize(("reporter", "other"), [("", OTHER), (OTHER, "")])
async def test_the_same_user_id_in_two_workspaces_shares_nothing(
    tmp_path: Path, reporter: str, other: str
) -> None:
    async with world(tmp_path) as bot:
        await signed_in(bot)
        bob = join(bot, reporter)
        await anomalies.open_with(bob, "Wet floor")
        await bob.close()
        receipt = await refused(bot, bob)
        namesake = join(bot, other)
        await namesake.press(receipt, "discard")
        theirs = await mine(bot, namesake)
        assert bot.rows("select state from reports") == [{"state": "refused"}]
        bob = join(bot, reporter)
        own = await mine(bot, bob)
        await bob.press(receipt, "discard")
        assert bot.rows("select state from reports") == [{"state": "discarded"}]
    assert "dead link" in own
    assert "1 unsent finding" in own
    assert "dead link" not in theirs
    assert "unsent" not in theirs


@pytest.mark.parametrize(
    ("admin", "team", "state"),
    [
        (BOB, "", "discarded"),
        (f"{HOME}/{BOB}", "", "discarded"),
        (STRANGER, OTHER, "discarded"),
        (BOB, OTHER, "refused"),
        (f"{HOME}/{BOB}", OTHER, "refused"),
        (STRANGER, "", "refused"),
    ],
)
async def test_an_admin_is_the_person_of_the_workspace_that_the_setting_names(
    tmp_path: Path, admin: str, team: str, state: str
) -> None:
    config = Config.model_validate({**FAST.model_dump(), "admins": [admin]})
    async with world(tmp_path, config=config) as bot:
        await signed_in(bot)
        receipt = await refused(bot, bot.person(CAROL))
        await join(bot, team).press(receipt, "discard")
        assert bot.rows("select state from reports") == [{"state": state}]


@pytest.mark.parametrize(
    ("workspace", "own", "payload_says", "person"),
    [
        (Workspace("T1", "T1"), "T1", "T1", "U1"),
        (Workspace("T1", "T1"), "T2", "T1", "T2/U1"),
        (Workspace("T1", "T1"), "T2", "T2", "T2/U1"),
        (Workspace("T1", "T1"), "", "", "U1"),
        (Workspace("T1", "T1", "E1"), "E1", "T1", "U1"),
        (Workspace("E1", "E1", "E1"), "T5", "", "U1"),
        (Workspace("T1", "T9"), "T9", "T9", "T9/U1"),
        (Workspace(), "T2", "T1", "T2/U1"),
        (Workspace(), "T1", "T1", "U1"),
        (Workspace(), "T1", "", "U1"),
    ],
)
def test_a_person_is_named_by_their_own_workspace_and_not_by_the_payloads(
    workspace: Workspace, own: str, payload_says: str, person: str
) -> None:
    assert workspace.person("U1", own, payload_says) == person

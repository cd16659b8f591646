"""A form opens, or the person is told why not; help, and APIs that are not set up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.slack import Person
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, GENERAL
from tests.world import ID, World, world

COULD_NOT = "Slack did not open the form. Nothing was lost: please try again."


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[World]:
    """A bot without a token or a login for either API."""
    names = ("IMMOTEUR_TOKEN", "KARE_EMAIL", "KARE_PASSWORD")
    async with world(tmp_path, settings=dict.fromkeys(names)) as bot:
        yield bot


@pytest.mark.parametrize("text", ["help", " HELP ", "?", "aide"])
@pytest.mark.parametrize("command", ["/report-issue", "/anomaly"])
async def test_help_answers_the_asker_alone_and_opens_nothing(
    bot: World, bob: Person, command: str, text: str
) -> None:
    reply = await bob.command(command, text, channel=ANNONCES)
    assert reply.text.startswith(f"*{command}* ")
    assert " opens a form " in reply.text
    assert reply.response_type == "ephemeral"
    assert bob.screen is None


async def test_help_comes_once_more_when_the_askers_language_is_another(
    bot: World, alice: Person
) -> None:
    first = await alice.command("/anomaly", "help", channel=ANNONCES)
    await bot.until(lambda: len(alice.ephemerals) == 2)
    later = await alice.command("/anomaly", "help", channel=ANNONCES)
    assert " opens a form " in first.text
    assert " ouvre un formulaire " in alice.ephemerals[1].text
    assert " ouvre un formulaire " in later.text


async def test_help_comes_in_the_workspaces_language_when_slack_does_not_say(
    bot: World, alice: Person
) -> None:
    bot.slack.faults.set("users.info", SlackFault("500"))
    reply = await alice.command("/anomaly", "help", channel=ANNONCES)
    assert " opens a form " in reply.text


NO_IMMOTEUR = (
    "Immoteur is not set up here, so this form cannot be used. Ask an administrator of this bot."
)
NO_KARE = "KARE is not set up here, so this form cannot be used. Ask an administrator of this bot."


@pytest.mark.parametrize(
    ("command", "sentence"), [("/report-issue", NO_IMMOTEUR), ("/anomaly", NO_KARE)]
)
async def test_a_command_whose_api_is_not_set_up_says_so(
    bare: World, command: str, sentence: str
) -> None:
    bob = bare.person(BOB)
    reply = await bob.command(command, channel=ANNONCES)
    assert (reply.text, reply.response_type, bob.screen) == (sentence, "ephemeral", None)


@pytest.mark.parametrize("name", ["report_issue", "anomaly"])
async def test_a_shortcut_whose_api_is_not_set_up_says_so_in_the_persons_language(
    bare: World, name: str
) -> None:
    message = bare.slack.workspace.say(GENERAL, BOB, "look at this")
    alice = bare.person(ALICE)
    await alice.shortcut(f"{name}_from_message", message)
    (reply,) = await bare.until(lambda: alice.ephemerals)
    assert "n’est pas configuré ici" in reply.text


async def test_the_other_command_works_while_one_api_is_not_set_up(tmp_path: Path) -> None:
    settings = dict.fromkeys(("KARE_EMAIL", "KARE_PASSWORD"))
    async with world(tmp_path, settings=settings) as bot:
        bob = bot.person(BOB)
        await bob.command("/report-issue", channel=ANNONCES)
        assert (await bob.view()).callback_id == "report_issue"


async def test_a_form_taken_away_while_it_was_filled_says_so(tmp_path: Path) -> None:
    async with world(tmp_path) as bot:
        bob = bot.person(BOB)
        await bob.command("/report-issue", f"other {ID} gone", channel=ANNONCES)
        await bob.view()
        sandbox = bot.sandbox
        payload = bob._top_view()
    async with world(tmp_path, sandbox=sandbox, settings={"IMMOTEUR_TOKEN": None}) as bare:
        bob = bare.person(BOB)
        outcome = await bob.submit()
        assert payload is bob._top_view()
        assert outcome.kind == "errors"
        assert "Immoteur is not set up here" in outcome.errors["propertyIds"]


async def test_a_slow_slack_keeps_no_acknowledgement_waiting(bot: World) -> None:
    """The command is answered at once, however long the form takes to open."""
    bot.slack.faults.set("views.open", SlackFault("slow", seconds=1.0), times=1)
    bob = Person(bot.slack, BOB, bot.link, ack_timeout=0.5)
    reply = await bob.command("/report-issue", channel=ANNONCES)
    view = await bob.view()
    assert (reply.failure, view.callback_id) == (None, "report_issue")


async def test_a_busy_slack_is_asked_again_while_the_trigger_lives(bot: World, bob: Person) -> None:
    bot.slack.faults.set("views.open", SlackFault("429", seconds=1), times=1)
    await bob.command("/report-issue", channel=ANNONCES)
    view = await bob.view()
    assert (view.callback_id, [call.status for call in bot.slack.calls_of("views.open")]) == (
        "report_issue",
        [429, 200],
    )


TROUBLES = [
    SlackFault("error", error="expired_trigger_id"),
    SlackFault("error", error="view_too_large"),
    SlackFault("500"),
    SlackFault("cut_before"),
    SlackFault("error", error="ratelimited"),
]


@pytest.mark.parametrize(
    "fault", TROUBLES, ids=[f"{fault.kind} {fault.error}" for fault in TROUBLES]
)
async def test_a_form_that_could_not_open_is_told_to_the_person(
    bot: World, bob: Person, fault: SlackFault
) -> None:
    bot.slack.faults.set("views.open", fault)
    await bob.command("/anomaly", channel=ANNONCES)
    heard = await bot.until(lambda: bob.ephemerals)
    assert [message.text for message in heard] == [COULD_NOT]


async def test_a_shortcut_that_could_not_open_is_told_in_the_persons_language(
    bot: World, alice: Person
) -> None:
    bot.slack.faults.set("views.open", SlackFault("error", error="expired_trigger_id"))
    message = bot.slack.workspace.say(GENERAL, BOB, "look at this")
    await alice.shortcut("anomaly_from_message", message)
    heard = await bot.until(lambda: alice.ephemerals)
    assert [message.text for message in heard] == [
        "Slack n’a pas ouvert le formulaire. Rien n’est perdu\u00a0: veuillez réessayer."
    ]


async def test_a_person_may_open_a_form_and_leave_it(bot: World, bob: Person) -> None:
    await bob.command("/report-issue", f"{ID} never mind", channel=ANNONCES)
    await bob.view()
    await bob.close()
    assert (bob.screen, bob.notices, bot.rows("select number from reports")) == (None, [], [])


async def test_a_form_being_answered_is_not_drawn_by_another_way(bot: World, bob: Person) -> None:
    """Slack takes no views.update for a view whose submission waits for its answer."""
    bot.slack.faults.set("users.info", SlackFault("slow", seconds=0.3), times=1)
    await bob.command("/report-issue", f"other {ID} gone", channel=ANNONCES)
    await bob.view()
    outcome = await bob.submit()
    await bot.state(1, "filed")
    await bot.slack.called("users.info")
    refused = [call for call in bot.slack.calls_of("views.update") if not call.answer.get("ok")]
    assert (outcome.kind, refused) == ("closed", [])

"""`/report-issue mine` and `/anomaly mine`: the own reports, shown to the person alone."""

import pytest

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES
from tests.bot.test_home import refuse, report
from tests.world import World


@pytest.mark.parametrize("text", ["mine", " MI\u200bNE ", "mes\u00a0signalements", "miens"])
@pytest.mark.parametrize("command", ["/report-issue", "/anomaly"])
async def test_mine_lists_the_reports_to_the_asker_alone(
    bot: World, bob: Person, command: str, text: str
) -> None:
    await report(bob, "the link is dead")
    await bot.receipt(ANNONCES, says="Filed")
    posted = len(bot.sandbox.slack.workspace.history(ANNONCES))
    await bob.command(command, text, channel=ANNONCES)
    message = (await bot.until(lambda: bob.ephemerals))[-1]
    assert "the link is dead" in bob.read(message)
    assert len(bot.sandbox.slack.workspace.history(ANNONCES)) == posted
    assert bob.screen is None


async def test_a_person_without_reports_is_told_so_with_the_buttons(
    bot: World, alice: Person
) -> None:
    await alice.command("/anomaly", "miens", channel=ANNONCES)
    message = (await bot.until(lambda: alice.ephemerals))[-1]
    assert alice.read(message).splitlines() == [
        "Vous n’avez encore rien signalé.",
        "[Signaler un problème] [Signaler une anomalie]",
    ]


async def test_the_buttons_of_mine_decide_like_those_of_the_receipt(
    bot: World, bob: Person
) -> None:
    refuse(bot)
    await report(bob, "the link is dead")
    await bot.state(1, "refused")
    await bob.command("/anomaly", "mine", channel=ANNONCES)
    message = (await bot.until(lambda: bob.ephemerals))[-1]
    await bob.press(message, "discard")
    await bot.state(1, "discarded")

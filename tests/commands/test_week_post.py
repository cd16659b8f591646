"""`constat week --post`: the week in a channel, at once."""

import asyncio
from pathlib import Path

from sandbox.sandbox import Sandbox
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ANNONCES, GENERAL
from tests.commands.conftest import Ended, Run
from tests.commands.files import BOB, file_report, name, writing
from tests.world import without_lists

POST = ("week", "--of", "2026-11-24", "--post")


async def post(sandbox: Sandbox, run: Run, *arguments: str) -> Ended:
    """Run the command beside a stand-in of Slack."""
    async with sandbox.serve():
        return await asyncio.to_thread(run, *POST, *arguments, **sandbox.settings)


def shown(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.slack.workspace.history(ANNONCES)]


async def test_a_week_is_posted_in_the_channel(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        file_report(db)
    sandbox = without_lists()
    ended = await post(sandbox, run, ANNONCES)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == f"posted the week of 2026-11-23 in {ANNONCES}\n"
    assert shown(sandbox) == ["Reports from 2026-11-23 to 2026-11-29: 1 report"]
    [message] = sandbox.slack.workspace.history(ANNONCES)
    assert message.blocks[-1]["text"]["text"] == "*By person*\n• Bob Martin: 1"


async def test_a_week_is_posted_a_second_time_only_if_asked_to(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    sandbox = without_lists()
    await post(sandbox, run, ANNONCES)
    second = await post(sandbox, run, ANNONCES)
    assert second.status == 1
    assert second.err == (
        f"constat: the week of 2026-11-23 was posted in {ANNONCES} before;"
        " --again posts it once more\n"
    )
    assert (await post(sandbox, run, ANNONCES, "--again")).status == 0
    assert len(shown(sandbox)) == 2


async def test_a_week_that_slack_refuses_can_be_posted_later(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    sandbox = without_lists()
    refused = await post(sandbox, run, GENERAL)
    assert refused.status == 1
    assert "Slack refuses the week of 2026-11-23" in refused.err
    assert "not_in_channel; invite the bot" in refused.err
    sandbox.slack.faults.set("chat.postMessage", SlackFault("429", seconds=30), times=1)
    limited = await post(sandbox, run, ANNONCES)
    assert limited.status == 1
    assert "is not posted: ratelimited; try again in" in limited.err
    assert (await post(sandbox, run, ANNONCES)).status == 0


async def test_a_week_whose_answer_is_lost_is_not_posted_twice(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    sandbox = without_lists()
    sandbox.slack.faults.set("chat.postMessage", SlackFault("cut"), times=1)
    lost = await post(sandbox, run, ANNONCES)
    assert lost.status == 1
    assert "Slack has not confirmed the week of 2026-11-23" in lost.err
    assert (await post(sandbox, run, ANNONCES)).status == 1
    assert len(shown(sandbox)) == 1


def test_posting_needs_a_token_and_the_id_of_a_channel(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    without_token = run(*POST, "C012AB3CD", SLACK_BOT_TOKEN="")
    assert (without_token.status, without_token.err) == (
        2,
        "constat: SLACK_BOT_TOKEN is missing\n",
    )
    by_name = run(*POST, "#general", SLACK_BOT_TOKEN="xoxb-1")
    assert by_name.status == 2
    assert "use the id of a channel, such as C012AB3CD" in by_name.err

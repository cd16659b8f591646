"""Files in the stand-in for Slack are as strict as Slack's documentation."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import BotLink, NotOnScreenError, Person, Slack, files, seed
from sandbox.slack.seed import BOB, SECURITE
from tests.sandbox_slack.factories import modal, plain

FIELD = {
    "type": "input",
    "block_id": "photos",
    "label": plain("Photos"),
    "element": {
        "type": "file_input",
        "action_id": "photos",
        "filetypes": ["jpg"],
        "max_files": 2,
    },
}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    slack = Slack(seed())
    files.allow(slack.workspace)
    async with slack.serve():
        yield slack


def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(slack.workspace.app.bot_token, base_url=slack.api_url)


async def download(slack: Slack, file: files.File, token: str) -> httpx.Response:
    address = files.file_json(slack.workspace, file)["url_private"]
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(address, headers={"Authorization": f"Bearer {token}"})


async def test_the_bots_token_gets_the_bytes_of_a_file(slack: Slack) -> None:
    file = slack.workspace.files.add(BOB, "a.jpg", b"bytes")
    answer = await download(slack, file, slack.workspace.app.bot_token)
    assert answer.content == b"bytes"
    assert answer.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("token", ["xapp-sandbox-app", "xoxb-another"])
async def test_another_token_gets_a_page_with_status_200(slack: Slack, token: str) -> None:
    file = slack.workspace.files.add(BOB, "a.jpg", b"bytes")
    answer = await download(slack, file, token)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_token_without_the_scope_gets_a_redirect_if_that_is_switched_on(
    slack: Slack,
) -> None:
    file = slack.workspace.files.add(BOB, "a.jpg", b"bytes")
    slack.workspace.app = replace(slack.workspace.app, scopes=frozenset())
    slack.workspace.files.refuses_with = "redirect"
    answer = await download(slack, file, slack.workspace.app.bot_token)
    assert answer.status_code == 302
    assert "redir=/slack/files-pri/" in answer.headers["location"]


async def test_files_info_needs_the_scope(slack: Slack) -> None:
    slack.workspace.app = replace(slack.workspace.app, scopes=frozenset({"commands"}))
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client(slack).files_info(file="F1")


async def test_files_info_knows_no_other_file(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client(slack).files_info(file="F1")


async def test_a_file_of_another_organization_has_no_facts_in_payloads(slack: Slack) -> None:
    file = slack.workspace.files.add(BOB, "a.jpg", b"bytes")
    file = slack.workspace.files.change(file.id, is_connect=True)
    shown = files.file_json(slack.workspace, file)
    assert shown["file_access"] == "check_file_info"
    assert "name" not in shown
    answer = await client(slack).files_info(file=file.id)
    assert answer["file"]["name"] == "a.jpg"


async def test_a_form_with_a_field_for_files_needs_the_scope(slack: Slack) -> None:
    slack.workspace.app = replace(slack.workspace.app, scopes=frozenset({"commands"}))
    trigger = slack.triggers.new_trigger(BOB)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client(slack).views_open(trigger_id=trigger, view=modal(FIELD))


@pytest.mark.parametrize(
    "chosen",
    [
        [("a.png", b"")],
        [("a.jpg", b""), ("b.jpg", b""), ("c.jpg", b"")],
        [("a.jpg", b"x" * (10 * 2**20 + 1))],
    ],
    ids=["another type", "too many", "too large"],
)
async def test_a_field_takes_only_what_it_names(
    slack: Slack, chosen: list[tuple[str, bytes]]
) -> None:
    slack.views.open(BOB, modal(FIELD))
    with pytest.raises(NotOnScreenError):
        Person(slack, BOB, BotLink()).upload("photos", *chosen)


async def test_a_field_holds_files_as_slack_describes_them(slack: Slack) -> None:
    slack.views.open(BOB, modal(FIELD))
    bob = Person(slack, BOB, BotLink())
    bob.upload("photos", ("a.jpg", b"bytes"))
    view = await bob.view()
    [file] = view.state["values"]["photos"]["photos"]["files"]
    assert file["mimetype"] == "image/jpeg"
    assert file["size"] == 5


async def test_a_message_carries_its_files(slack: Slack) -> None:
    message = Person(slack, BOB, BotLink()).say("x", channel=SECURITE, files=[("a.jpg", b"1")])
    assert [slack.workspace.files.all[id_].name for id_ in message.files] == ["a.jpg"]

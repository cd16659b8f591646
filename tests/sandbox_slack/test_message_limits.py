"""The limits of a message's blocks."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Slack
from sandbox.slack.blockkit import check_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.message_size import check_message_size
from sandbox.slack.seed import ALICE, ANNONCES
from tests.sandbox_slack.factories import error_of, plain, rich_text, section

Json = dict[str, Any]


def sections(characters: int, *, each: int = 3_000) -> list[Json]:
    """Sections with this many characters in all."""
    whole, rest = divmod(characters, each)
    return [section("a" * size) for size in [each] * whole + [rest] if size]


def text(characters: int) -> Json:
    return rich_text({"type": "text", "text": "a" * characters})


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "nope"}], "unsupported type: nope [json-pointer:/blocks/0/type]"),
        (
            [{"type": "alert", "text": plain("Mind")}],
            "unsupported type: alert [json-pointer:/blocks/0/type]",
        ),
    ],
    ids=["51 blocks", "an unknown block", "a block that modals have and messages do not"],
)
def test_wrong_blocks_of_a_message_are_refused_as_invalid_blocks(
    blocks: list[Json], error: str
) -> None:
    with pytest.raises(SlackError) as refused:
        check_blocks(blocks)

    assert (refused.value.error, refused.value.messages) == (
        "invalid_blocks",
        (f"[ERROR] {error}",),
    )


@pytest.mark.parametrize(
    "blocks",
    [sections(12_000), [text(6_000), *sections(6_000)], sections(7_250, each=145)],
    ids=["12,000 in few sections", "12,000 with rich text", "7,250 in 50 sections"],
)
def test_a_message_within_the_size_limit_is_taken(blocks: list[Json]) -> None:
    assert check_message_size(blocks) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    "blocks",
    [
        sections(12_001),
        [text(6_000), *sections(6_001)],
        sections(11_341, each=300),
        [{"type": "markdown", "text": "a" * 6_650}] * 2,
    ],
    ids=["12,001", "12,001 with rich text", "11,341 in 38 sections", "13,300 of markdown"],
)
def test_the_blocks_of_a_message_have_a_size_limit_over_all(blocks: list[Json]) -> None:
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message_size(blocks)


async def test_a_message_above_the_size_limit_is_neither_posted_nor_updated(
    slack: Slack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=ANNONCES, text="a")
    long = {"channel": ANNONCES, "text": "b", "blocks": sections(12_001)}

    errors = [
        await error_of(client, "chat.postMessage", **long),
        await error_of(client, "chat.update", ts=posted["ts"], **long),
        await error_of(client, "chat.postEphemeral", user=ALICE, **long),
    ]

    assert errors == ["msg_blocks_too_long"] * 3
    assert [message.text for message in slack.workspace.history(ANNONCES)] == ["a"]


@pytest.mark.parametrize("text", ["b" * 4_001, "é" * 2_001], ids=["letters", "accents"])
async def test_the_text_of_an_update_is_limited_in_bytes(client: AsyncWebClient, text: str) -> None:
    posted = await client.chat_postMessage(channel=ANNONCES, text="a")

    error = await error_of(client, "chat.update", channel=ANNONCES, ts=posted["ts"], text=text)

    assert error == "msg_too_long"

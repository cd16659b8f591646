"""Rich text, addresses and lengths that Slack does not take."""

from typing import Any

import pytest

from sandbox.slack.blockkit import check_blocks, check_view
from sandbox.slack.errors import SlackError
from tests.sandbox_slack.factories import actions, button, field, modal, plain, rich_text, section

Json = dict[str, Any]
AT = "/blocks/0/elements/0"


def text(**more: Any) -> Json:
    return {"type": "text", "text": "a", **more}


def listed(**more: Any) -> Json:
    item = {"type": "rich_text_section", "elements": [text()]}
    part = {"type": "rich_text_list", "elements": [item], **more}
    return {"type": "rich_text", "elements": [part]}


DATE = {"type": "date", "timestamp": 1_700_000_000, "format": "{date}"}
REFUSED = {
    "a number as text": (rich_text(text(text=3)), "must provide a string"),
    "an unknown key": (rich_text(text(colour="red")), "invalid additional property: colour"),
    "an unknown style": (rich_text(text(style={"big": True})), "must be a valid style"),
    "a style that is no boolean": (rich_text(text(style={"bold": "yes"})), "provide a boolean"),
    "a date without a format": (
        rich_text({name: DATE[name] for name in ("type", "timestamp")}),
        "missing required field: format",
    ),
    "a fraction of a second": (rich_text(DATE | {"timestamp": 1.5}), "must provide an integer"),
    "a link without a scheme": (rich_text({"type": "link", "url": "pap.fr"}), "a valid URL"),
    "a list without a style": (listed(), "missing required field: style"),
    "a mention in preformatted text": (
        rich_text({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted"),
        "unsupported type: user",
    ),
    "a button to an address without a scheme": (actions(button(url="pap.fr")), "a valid URL"),
    "a field for files": (field("a", {"type": "file_input"}), "unsupported type: file_input"),
}


@pytest.mark.parametrize(("block", "message"), REFUSED.values(), ids=REFUSED)
def test_a_block_that_slack_cannot_show_is_refused(block: Json, message: str) -> None:
    with pytest.raises(SlackError, match="invalid_blocks") as refused:
        check_blocks([block])
    assert message in str(refused.value.messages)


def test_rich_text_of_every_documented_kind_is_taken() -> None:
    leaves = [
        text(style={"bold": True, "code": False}),
        DATE | {"fallback": "today", "url": "https://pap.fr"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "link", "url": "https://pap.fr", "text": "here", "style": {"italic": True}},
        {"type": "user", "user_id": "U1", "style": {"bold": True}},
    ]
    check_blocks([rich_text(*leaves), listed(style="ordered", indent=1, offset=2)])


@pytest.mark.parametrize(
    "view",
    [
        modal(section(), title=plain("😀" * 12 + "a")),
        modal(section("😀" * 1_500 + "a")),
        modal(field("a", {"type": "file_input"}, dispatch_action=True)),
    ],
    ids=["title", "section", "files"],
)
def test_an_emoji_counts_as_two_and_files_send_no_action(view: Json) -> None:
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(view)

"""What the stand-in accepts, against the models of Slack's own library."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ContextBlock,
    DateTimePickerElement,
    DividerBlock,
    ExternalDataSelectElement,
    HeaderBlock,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from sandbox.slack.blockkit import check_view
from sandbox.slack.errors import SlackError

OPTIONS = [Option(value=str(n), text=f"Option {n}") for n in range(3)]


def field(element: Any) -> Block:
    return InputBlock(block_id="b", label="Label", hint="Hint", element=element)


def view(*blocks: Block, title: str = "Title", metadata: str = "") -> View:
    return View(
        type="modal",
        title=PlainTextObject(text=title),
        submit=PlainTextObject(text="Send"),
        close=PlainTextObject(text="Cancel"),
        private_metadata=metadata,
        callback_id="c",
        blocks=list(blocks),
    )


ACCEPTED: dict[str, Block] = {
    "text": field(PlainTextInputElement(action_id="a", multiline=True, max_length=3000)),
    "number": field(NumberInputElement(action_id="a", is_decimal_allowed=False)),
    "radio": field(RadioButtonsElement(action_id="a", options=OPTIONS)),
    "boxes": field(CheckboxesElement(action_id="a", options=OPTIONS, initial_options=OPTIONS[:1])),
    "select": field(StaticSelectElement(action_id="a", options=OPTIONS)),
    "several": field(StaticMultiSelectElement(action_id="a", options=OPTIONS)),
    "external": field(ExternalDataSelectElement(action_id="a", min_query_length=0)),
    "moment": field(DateTimePickerElement(action_id="a", initial_date_time=1_800_000_000)),
    "section": SectionBlock(text="Some words"),
    "header": HeaderBlock(text="Some words"),
    "divider": DividerBlock(),
    "alert": AlertBlock(text=PlainTextObject(text="Look out"), level="warning"),
    "context": ContextBlock(elements=[PlainTextObject(text="Some words")]),
    "actions": ActionsBlock(elements=[ButtonElement(text="Press", action_id="a", value="v")]),
}


@pytest.mark.parametrize("block", ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_library_builds_is_accepted(block: Block) -> None:
    built = view(block).to_dict()
    check_view(built)
    assert View(**built).to_dict() == built


REFUSED: dict[str, Callable[[], View]] = {
    "a long title": lambda: view(DividerBlock(), title="t" * 25),
    "long metadata": lambda: view(DividerBlock(), metadata="m" * 3001),
    "a hundred and one blocks": lambda: view(*[DividerBlock() for _ in range(101)]),
    "a long label": lambda: view(
        InputBlock(label="l" * 2001, element=PlainTextInputElement(action_id="a"))
    ),
    "a long header": lambda: view(HeaderBlock(text="h" * 151)),
    "eleven texts in a context": lambda: view(
        ContextBlock(elements=[PlainTextObject(text="x") for _ in range(11)])
    ),
}


@pytest.mark.parametrize("build", REFUSED.values(), ids=REFUSED)
def test_what_the_library_refuses_is_refused_here_too(build: Callable[[], View]) -> None:
    built = build()
    with pytest.raises(SlackObjectFormationError):
        built.to_dict()
    # Its own check left out, the same view reaches the stand-in.
    with pytest.raises(SlackError):
        check_view(unchecked(built))


def unchecked(built: View) -> dict[str, Any]:
    """A view as JSON, without the library's checks."""
    blocks = [plain(block) for block in built.blocks or []]
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": built.title.text if built.title else ""},
        "submit": {"type": "plain_text", "text": "Send"},
        "private_metadata": built.private_metadata,
        "callback_id": "c",
        "blocks": blocks,
    }


def plain(value: Any) -> Any:
    """What a model would become, were it not checked."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "get_non_null_attributes"):
        attributes = {
            name: plain(attribute) for name, attribute in value.get_non_null_attributes().items()
        }
        if isinstance(value, PlainTextObject):
            attributes |= {"type": "plain_text", "text": value.text}
        return attributes
    return value

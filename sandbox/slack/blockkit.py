"""Checks of views, messages and suggested options. They refuse everything that Slack's server
refuses.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from sandbox.slack.blockkit_blocks import HomeTab, MessageBlocks, Modal
from sandbox.slack.blockkit_errors import BlockError, schema_errors
from sandbox.slack.blockkit_objects import Option, OptionGroup, Strict
from sandbox.slack.errors import SlackError

Json = dict[str, Any]
LARGEST_VIEW = 250_000  # bytes of JSON
MOST_OPTIONS = 100


def check_view(view: Any) -> None:
    """Check a modal as views.open, views.push and views.update do.

    :raises SlackError: view_too_large, or invalid_arguments with a line for each error
    """
    _check_size(view)
    errors = list(schema_errors(TypeAdapter(Modal), view, "/view"))
    if not errors:
        errors = [*_repeated_ids(view["blocks"], "/view/blocks"), *_modal_errors(view)]
    if errors:
        raise _invalid_arguments(*errors)


def check_home(view: Any) -> None:
    """Check an App Home as views.publish does.

    :raises SlackError: view_too_large, or invalid_arguments with a line for each error
    """
    _check_size(view)
    errors = list(schema_errors(TypeAdapter(HomeTab), view, "/view"))
    if not errors:
        errors = [*_repeated_ids(view["blocks"], "/view/blocks"), *_home_errors(view)]
    if errors:
        raise _invalid_arguments(*errors)


def _check_size(view: Any) -> None:
    if not isinstance(view, dict):
        raise _invalid_arguments(BlockError("must provide an object", "/view"))
    if (
        len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
        > LARGEST_VIEW
    ):
        raise SlackError("view_too_large")


def check_blocks(blocks: Any) -> None:
    """Check the blocks of a message as chat.postMessage does.

    :raises SlackError: invalid_blocks_format, or invalid_blocks with a line for each error
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    errors = list(schema_errors(MessageBlocks, blocks, "/blocks"))
    errors = errors or [*_repeated_ids(blocks, "/blocks"), *_message_errors(blocks)]
    if errors:
        raise SlackError("invalid_blocks", [str(error) for error in errors])


class _Suggestions(Strict):
    options: list[Option] | None = None
    option_groups: list[OptionGroup] | None = None


def check_suggestions(answer: Any) -> list[Json]:
    """The options in an answer to block_suggestion, with groups flattened.

    At most 100 options, or 100 groups of 100. An empty list means that the search found nothing.

    :raises SlackError: when Slack would show none of them
    """
    errors = list(schema_errors(TypeAdapter(_Suggestions), answer, ""))
    if not errors:
        plain, groups = answer.get("options"), answer.get("option_groups")
        if (plain is None) == (groups is None):
            errors = [BlockError("must define one of `options` and `option_groups`", "")]
        elif len(plain or groups or []) > MOST_OPTIONS:
            errors = [BlockError(f"no more than {MOST_OPTIONS} items allowed", "/options")]
    if errors:
        raise _invalid_arguments(*errors)
    return list(plain or [option for group in groups or [] for option in group["options"]])


def elements_of(block: Json) -> list[Json]:
    """The elements of a block that may carry an action_id."""
    inside = [block.get("element"), block.get("accessory")]
    if block["type"] == "actions":
        inside += block["elements"]
    if block["type"] == "card":
        inside += block.get("actions") or []
    return [element for element in inside if element is not None]


def _invalid_arguments(*errors: BlockError) -> SlackError:
    return SlackError("invalid_arguments", [str(error) for error in errors])


def _repeated_ids(blocks: list[Json], root: str) -> Iterator[BlockError]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield BlockError(f"`block_id` {block_id} must be unique", f"{root}/{index}/block_id")
        if block_id is not None:
            seen.add(block_id)


NOT_ON_HOME = frozenset(
    ["file_input", "number_input", "email_text_input", "url_text_input", "datetimepicker"]
)
"""Elements that an App Home does not take."""


def _home_errors(view: Json) -> Iterator[BlockError]:
    for index, block in enumerate(view["blocks"]):
        for element in elements_of(block):
            if element["type"] in NOT_ON_HOME:
                yield BlockError(f"unsupported type: {element['type']}", f"/view/blocks/{index}")


def _message_errors(blocks: list[Json]) -> Iterator[BlockError]:
    for index, block in enumerate(blocks):
        for element in elements_of(block):
            if element["type"] == "file_input":  # only modals take files
                yield BlockError("unsupported type: file_input", f"/blocks/{index}")


def _modal_errors(view: Json) -> Iterator[BlockError]:
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input" and view.get("submit") is None:
            yield BlockError(
                "must define `submit` to use an `input` block in modals",
                f"/view/blocks/{index}/input",
            )
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    if sum(1 for element in elements if element.get("focus_on_load")) > 1:
        yield BlockError("only one element can have `focus_on_load`", "/view/blocks")

"""Refuses the views, messages and suggested options that Slack's server refuses."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from sandbox.slack.blockkit_blocks import MessageBlocks, Modal
from sandbox.slack.blockkit_errors import Fault, schema_faults
from sandbox.slack.blockkit_objects import Option, OptionGroup, Strict
from sandbox.slack.errors import SlackError

Json = dict[str, Any]
LARGEST_VIEW = 250_000  # bytes of JSON
MOST_OPTIONS = 100


def check_view(view: Any) -> None:
    """Raise SlackError for a modal that views.open, views.push or views.update would refuse."""
    if not isinstance(view, dict):
        raise _invalid_arguments(Fault("must provide an object", "/view"))
    if len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    faults = list(schema_faults(TypeAdapter(Modal), view, "/view"))
    if not faults:
        faults = [*_repeated_ids(view["blocks"], "/view/blocks"), *_modal_faults(view)]
    if faults:
        raise _invalid_arguments(*faults)


def check_blocks(blocks: Any) -> None:
    """Raise SlackError for the blocks of a message that chat.postMessage would refuse."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    faults = list(schema_faults(MessageBlocks, blocks, "/blocks"))
    faults = faults or list(_repeated_ids(blocks, "/blocks"))
    if faults:
        raise SlackError("invalid_blocks", [str(fault) for fault in faults])


class _Suggestions(Strict):
    options: list[Option] | None = None
    option_groups: list[OptionGroup] | None = None


def check_suggestions(answer: Any) -> list[Json]:
    """The options of an answer to block_suggestion, groups flattened; SlackError if none show.

    At most 100 options, or 100 groups of 100. An empty list is a search that found nothing.
    """
    faults = list(schema_faults(TypeAdapter(_Suggestions), answer, ""))
    if not faults:
        plain, groups = answer.get("options"), answer.get("option_groups")
        if (plain is None) == (groups is None):
            faults = [Fault("must define one of `options` and `option_groups`", "")]
        elif len(plain or groups or []) > MOST_OPTIONS:
            faults = [Fault(f"no more than {MOST_OPTIONS} items allowed", "/options")]
    if faults:
        raise _invalid_arguments(*faults)
    return list(plain or [option for group in groups or [] for option in group["options"]])


def elements_of(block: Json) -> list[Json]:
    """Everything in a block that may carry an action_id."""
    inside = [block.get("element"), block.get("accessory")]
    if block["type"] == "actions":
        inside += block["elements"]
    if block["type"] == "card":
        inside += block.get("actions") or []
    return [element for element in inside if element is not None]


def _invalid_arguments(*faults: Fault) -> SlackError:
    return SlackError("invalid_arguments", [str(fault) for fault in faults])


def _repeated_ids(blocks: list[Json], root: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield Fault(f"`block_id` {block_id} must be unique", f"{root}/{index}/block_id")
        if block_id is not None:
            seen.add(block_id)


def _modal_faults(view: Json) -> Iterator[Fault]:
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input" and view.get("submit") is None:
            yield Fault(
                "must define `submit` to use an `input` block in modals",
                f"/view/blocks/{index}/input",
            )
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    if sum(1 for element in elements if element.get("focus_on_load")) > 1:
        yield Fault("only one element can have `focus_on_load`", "/view/blocks")

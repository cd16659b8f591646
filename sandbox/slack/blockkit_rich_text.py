"""The parts of a rich_text block, and the elements in them.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from typing import Any, Literal, Self

from pydantic import model_validator

from sandbox.slack.blockkit_objects import Strict, refusal

RICH_TEXT_LEAVES = {
    "broadcast": "range",
    "channel": "channel_id",
    "color": "value",
    "date": "timestamp",
    "emoji": "name",
    "link": "url",
    "text": "text",
    "team": "team_id",
    "user": "user_id",
    "usergroup": "usergroup_id",
}
"""The required key of each type of rich text element."""


class RichTextPart(Strict):
    """A container of rich text. Of its elements, the type and the required key are checked."""

    type: Literal[
        "rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"
    ]
    elements: list[dict[str, Any]]
    style: Literal["bullet", "ordered"] | None = None
    indent: int | None = None
    offset: int | None = None
    border: int | None = None
    language: str | None = None

    @model_validator(mode="after")
    def _checked_elements(self) -> Self:
        for index, element in enumerate(self.elements):
            kind, pointer = element.get("type"), f"/elements/{index}"
            if kind is None:
                raise refusal("missing required field: type", pointer)
            if (kind == "rich_text_section") != (self.type == "rich_text_list"):
                raise refusal(f"unsupported type: {kind}", f"{pointer}/type")
            if self.type == "rich_text_list":
                _check_leaves(element.get("elements"), f"{pointer}/elements")
        if self.type != "rich_text_list":
            _check_leaves(self.elements, "/elements")
        return self


def _check_leaves(leaves: Any, pointer: str) -> None:
    """Check the elements of a section, a quote or a preformatted text."""
    if not isinstance(leaves, list):
        raise refusal("must provide an array", pointer)
    for index, leaf in enumerate(leaves):
        kind = leaf.get("type") if isinstance(leaf, dict) else None
        if kind not in RICH_TEXT_LEAVES:
            raise refusal(f"unsupported type: {kind}", f"{pointer}/{index}/type")
        name = RICH_TEXT_LEAVES[kind]
        if name not in leaf:
            raise refusal(f"missing required field: {name}", f"{pointer}/{index}")
        if leaf[name] == "":
            raise refusal("must be more than 0 characters", f"{pointer}/{index}/{name}")

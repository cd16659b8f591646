"""The parts of a rich_text block, and the elements in them.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.
"""

from typing import Any, Literal, Self

from pydantic import model_validator

from sandbox.slack.blockkit_objects import ADDRESS, Strict, refusal

RICH_TEXT_LEAVES: dict[str, tuple[str, ...]] = {
    "broadcast": ("range",),
    "channel": ("channel_id",),
    "color": ("value",),
    "date": ("timestamp", "format"),
    "emoji": ("name",),
    "link": ("url",),
    "text": ("text",),
    "team": ("team_id",),
    "user": ("user_id",),
    "usergroup": ("usergroup_id",),
}
"""The required keys of each type of rich text element."""
OPTIONAL = {
    "date": {"url", "fallback"},
    "emoji": {"style", "unicode", "skin_tone"},
    "link": {"style", "text", "unsafe"},
}
"""The other keys of an element; only `style` for every other type."""
STYLES = {"bold", "code", "italic", "strike", "underline"} | {
    "client_highlight",
    "highlight",
    "unlink",
}
IN_PREFORMATTED = {"link", "text"}


class RichTextPart(Strict):
    """A container of rich text."""

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
        if self.type == "rich_text_list" and self.style is None:
            raise refusal("missing required field: style")
        if self.type != "rich_text_list":
            _check_leaves(self.elements, "/elements")
        if self.type == "rich_text_preformatted":
            for index, leaf in enumerate(self.elements):
                if leaf["type"] not in IN_PREFORMATTED:
                    raise refusal(f"unsupported type: {leaf['type']}", f"/elements/{index}/type")
        return self


def _check_leaves(leaves: Any, pointer: str) -> None:
    """Check the elements of a section, a quote or a preformatted text."""
    if not isinstance(leaves, list):
        raise refusal("must provide an array", pointer)
    for index, leaf in enumerate(leaves):
        kind = leaf.get("type") if isinstance(leaf, dict) else None
        if kind not in RICH_TEXT_LEAVES:
            raise refusal(f"unsupported type: {kind}", f"{pointer}/{index}/type")
        _check_leaf(kind, leaf, f"{pointer}/{index}")


def _check_leaf(kind: str, leaf: dict[str, Any], pointer: str) -> None:
    required = RICH_TEXT_LEAVES[kind]
    for name in required:
        if name not in leaf:
            raise refusal(f"missing required field: {name}", pointer)
        wanted = int if name == "timestamp" else str
        if type(leaf[name]) is not wanted:
            what = "an integer" if wanted is int else "a string"
            raise refusal(f"must provide {what}", f"{pointer}/{name}")
        if leaf[name] == "":
            raise refusal("must be more than 0 characters", f"{pointer}/{name}")
    for name in leaf.keys() - {"type", *required} - OPTIONAL.get(kind, {"style"}):
        raise refusal(f"invalid additional property: {name}", pointer)
    if kind == "link" and not ADDRESS.match(leaf["url"]):
        raise refusal("must be a valid URL", f"{pointer}/url")
    style = leaf.get("style", {})
    if not isinstance(style, dict) or style.keys() - STYLES:
        raise refusal("must be a valid style", f"{pointer}/style")
    if any(type(value) is not bool for value in style.values()):
        raise refusal("must provide a boolean", f"{pointer}/style")

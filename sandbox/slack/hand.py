"""What a hand can do to one field: NotOnScreen for what Slack's client would not let it do."""

import re
from typing import Any

from sandbox.slack.errors import NotOnScreen
from sandbox.slack.form import TEXT_INPUTS, Field
from sandbox.slack.typed import rich_text
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
LONGEST_TEXT = 3000
OPTION_FIELDS = frozenset({"radio_buttons", "static_select", "external_select", "overflow"})
MULTI_OPTION_FIELDS = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY, HOUR = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def offered(field: Field) -> list[Json]:
    """The options written in the element itself: none for an external select before a search."""
    element = field.element
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(one for group in groups for one in group["options"])]


def typed(field: Field, text: str) -> Any:
    """What the field holds once `text` is typed; an emptied field holds null."""
    element = field.element
    if field.type == "rich_text_input":
        return rich_text(text) if text else None
    if field.type not in TEXT_INPUTS:
        raise NotOnScreen(f"{field.key[1]} is a {field.type}: nothing can be typed in it")
    if field.type == "plain_text_input":
        longest = element.get("max_length") or LONGEST_TEXT
        if len(text) > longest:
            raise NotOnScreen(f"{field.key[1]} takes {longest} characters, not {len(text)}")
        if "\n" in text and not element.get("multiline"):
            raise NotOnScreen(f"{field.key[1]} is a single line")
    if field.type == "number_input" and text and not NUMBER.fullmatch(text):
        raise NotOnScreen(f"{field.key[1]} takes digits only, not {text!r}")
    return text or None


def dated(field: Field, when: int | str | None) -> int | str | None:
    """datetimepicker: UNIX seconds. datepicker: YYYY-MM-DD. timepicker: HH:MM."""
    if when is None:
        if not field.optional:
            raise NotOnScreen(f"{field.key[1]} is required: its date cannot be taken away")
        return None
    if field.type not in {"datetimepicker", "datepicker", "timepicker"}:
        raise NotOnScreen(f"{field.key[1]} is a {field.type}, not a date")
    if not _is_date(field.type, when):
        raise NotOnScreen(f"a {field.type} cannot show {when!r}")
    return when


def _is_date(kind: str, when: int | str) -> bool:
    if isinstance(when, int):
        return kind == "datetimepicker" and 10**9 <= when < 10**10
    pattern = {"datepicker": DAY, "timepicker": HOUR}.get(kind)
    return pattern is not None and pattern.fullmatch(when) is not None


def chosen(
    field: Field, wanted: str | list[str] | None, options: list[Json], space: Workspace
) -> Any:
    """What the field holds after a choice: of values of `options`, or of ids of the workspace."""
    name = field.key[1]
    if field.type in MULTI_OPTION_FIELDS or field.type.startswith("multi_"):
        if not isinstance(wanted, list):
            raise NotOnScreen(f"{name} takes a list of choices")
        most = field.element.get("max_selected_items")
        if most and len(wanted) > most:
            raise NotOnScreen(f"{name} takes {most} choices at most")
        return [_one(field, value, options, space) for value in wanted]
    if isinstance(wanted, list):
        raise NotOnScreen(f"{name} takes one choice")
    if wanted is None:
        if field.type in {"radio_buttons", "overflow"} or not field.optional:
            raise NotOnScreen(f"{name}: a choice cannot be taken back")
        return None
    return _one(field, wanted, options, space)


def _one(field: Field, value: str, options: list[Json], space: Workspace) -> Any:
    if field.type in OPTION_FIELDS | MULTI_OPTION_FIELDS:
        for option in options:
            if option["value"] == value:
                return option
        known = [option["value"] for option in options]
        raise NotOnScreen(f"{field.key[1]} offers {known}, not {value!r}")
    if field.type.endswith("users_select"):
        known_ids = set(space.users)
    elif field.type.endswith(("channels_select", "conversations_select")):
        known_ids = {one.id for one in space.channels.values() if one.kind == "public"}
    else:
        raise NotOnScreen(f"{field.key[1]} is a {field.type}: there is nothing to choose")
    if value not in known_ids:
        raise NotOnScreen(f"{field.key[1]} does not list {value!r}")
    return value

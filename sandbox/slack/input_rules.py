"""The values that Slack's client accepts in one field, and the form in which the field keeps them.

Every function raises NotOnScreenError for a value that the client would not accept.
"""

import re
from collections.abc import Sequence
from typing import Any

from sandbox.slack.composer import rich_text
from sandbox.slack.errors import NotOnScreenError
from sandbox.slack.form import TEXT_INPUTS, Field
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
LONGEST_TEXT = 3000
MOST_FILES, LARGEST_FILE = 10, 10 * 2**20
OPTION_FIELDS = frozenset({"radio_buttons", "static_select", "external_select", "overflow"})
MULTI_OPTION_FIELDS = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY, HOUR = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def offered_options(field: Field) -> list[Json]:
    """The options in the element itself; an external select has none before a search."""
    element = field.element
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    return options


def typed_value(field: Field, text: str) -> Any:
    """The value once `text` is typed; an emptied field holds null."""
    element = field.element
    if field.type == "rich_text_input":
        return rich_text(text) if text else None
    if field.type not in TEXT_INPUTS:
        raise NotOnScreenError(f"{field.key[1]} is a {field.type}: nothing can be typed in it")
    if field.type == "plain_text_input":
        longest = element.get("max_length") or LONGEST_TEXT
        if len(text) > longest:
            raise NotOnScreenError(f"{field.key[1]} takes {longest} characters, not {len(text)}")
        if "\n" in text and not element.get("multiline"):
            raise NotOnScreenError(f"{field.key[1]} is a single line")
    if field.type == "number_input" and text and not NUMBER.fullmatch(text):
        raise NotOnScreenError(f"{field.key[1]} takes digits only, not {text!r}")
    return text or None


def check_files(field: Field, files: Sequence[tuple[str, bytes]]) -> None:
    """Whether a field takes files of these names and contents."""
    name, element = field.key[1], field.element
    if field.type != "file_input":
        raise NotOnScreenError(f"{name} is a {field.type}: it takes no files")
    most = element.get("max_files") or MOST_FILES
    if len(files) > most:
        raise NotOnScreenError(f"{name} takes {most} files, not {len(files)}")
    endings = element.get("filetypes")
    for file, content in files:
        if endings and file.rpartition(".")[2].lower() not in endings:
            raise NotOnScreenError(f"{name} takes {endings}, not {file!r}")
        if len(content) > LARGEST_FILE:
            raise NotOnScreenError(f"{name} takes files of 10 MB, and {file!r} is larger")


def date_value(field: Field, when: int | str | None) -> int | str | None:
    """The value once a date is picked. None empties an optional field.

    :param when: UNIX seconds for a datetimepicker, YYYY-MM-DD for a datepicker, HH:MM for a
        timepicker
    """
    if when is None:
        if not field.optional:
            raise NotOnScreenError(f"{field.key[1]} is required: its date cannot be taken away")
        return None
    if field.type not in {"datetimepicker", "datepicker", "timepicker"}:
        raise NotOnScreenError(f"{field.key[1]} is a {field.type}, not a date")
    if not _is_date(field.type, when):
        raise NotOnScreenError(f"a {field.type} cannot show {when!r}")
    return when


def _is_date(kind: str, when: int | str) -> bool:
    if isinstance(when, int):
        return kind == "datetimepicker" and 10**9 <= when < 10**10
    pattern = {"datepicker": DAY, "timepicker": HOUR}.get(kind)
    return pattern is not None and pattern.fullmatch(when) is not None


def chosen_value(
    field: Field, choice: str | list[str] | None, options: list[Json], workspace: Workspace
) -> Any:
    """The value once a choice is made.

    :param choice: values of `options`, or ids of the workspace for a menu of people or channels
    """
    name = field.key[1]
    if field.type in MULTI_OPTION_FIELDS or field.type.startswith("multi_"):
        if not isinstance(choice, list):
            raise NotOnScreenError(f"{name} takes a list of choices")
        most = field.element.get("max_selected_items")
        if most and len(choice) > most:
            raise NotOnScreenError(f"{name} takes {most} choices at most")
        return [_single(field, value, options, workspace) for value in choice]
    if isinstance(choice, list):
        raise NotOnScreenError(f"{name} takes one choice")
    if choice is None:
        if field.type in {"radio_buttons", "overflow"} or not field.optional:
            raise NotOnScreenError(f"{name}: a choice cannot be taken back")
        return None
    return _single(field, choice, options, workspace)


def _single(field: Field, value: str, options: list[Json], workspace: Workspace) -> Any:
    if field.type in OPTION_FIELDS | MULTI_OPTION_FIELDS:
        for option in options:
            if option["value"] == value:
                return option
        values = [option["value"] for option in options]
        raise NotOnScreenError(f"{field.key[1]} offers {values}, not {value!r}")
    if field.type.endswith("users_select"):
        ids = set(workspace.users)
    elif field.type.endswith(("channels_select", "conversations_select")):
        ids = {channel.id for channel in workspace.channels.values() if channel.kind == "public"}
    else:
        raise NotOnScreenError(f"{field.key[1]} is a {field.type}: there is nothing to choose")
    if value not in ids:
        raise NotOnScreenError(f"{field.key[1]} does not list {value!r}")
    return value

"""A file in Slack, as payloads describe it and as a form carries it.

A form carries each file as one JSON text: as the value of an option, or as an answer.
Source: https://docs.slack.dev/reference/objects/file-object
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

OPTION_LIMIT = 150
"""Characters of an option's value. It is Slack's limit."""


class Attachment(BaseModel):
    """A file in Slack, as a payload describes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    # Short names: an option's value has few characters.
    file: str = Field(alias="f", min_length=1, max_length=50)
    name: str = Field("", alias="n")
    mimetype: str = Field("", alias="m")
    size: int = Field(0, alias="s", ge=0)
    """Bytes; 0 when it is not known."""
    permalink: str = Field("", alias="p")
    """Its address in Slack, which opens for members of the workspace only."""

    @classmethod
    def of_slack(cls, file: Mapping[str, Any]) -> "Attachment":
        """:raises KeyError, ValueError: when it is no file of Slack"""
        size = file.get("size")
        texts = {
            name: value
            for name in ("name", "mimetype", "permalink")
            if isinstance(value := file.get(name), str)
        }
        return cls(file=file["id"], size=size if isinstance(size, int) else 0, **texts)

    def packed(self) -> str:
        return self.model_dump_json(by_alias=True, exclude_defaults=True)

    def in_option(self) -> str:
        """As an option's value, without the name, which is the option's text. A permalink that is
        too long is left out.
        """
        bare = self.model_copy(update={"name": ""})
        packed = bare.packed()
        if len(packed) > OPTION_LIMIT:
            packed = bare.model_copy(update={"permalink": ""}).packed()
        return packed


def uploaded(files: Sequence[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """The answer of the field that takes files. Slack sends an empty list or null without files."""
    return tuple(Attachment.of_slack(file).packed() for file in files or ())

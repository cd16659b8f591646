"""Composition objects of Block Kit: texts, options, confirm dialogs, and their limits.

Source: https://docs.slack.dev/reference/block-kit/composition-objects. Slack does not document how
it counts characters. Here a text object is measured in UTF-16 units, as Slack's clients do: an
emoji counts as two.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


class Strict(BaseModel):
    """Refuses unknown keys, and a number in place of a string, as Slack does."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def refusal(sentence: str, at: str = "") -> PydanticCustomError:
    """An error in Slack's words. `at` is the rest of the JSON pointer, below this value."""
    return PydanticCustomError("slack", "{sentence}", {"sentence": sentence, "at": at})


class PlainText(Strict):
    type: Literal["plain_text"]
    text: Annotated[str, StringConstraints(min_length=1)]
    emoji: bool | None = None


class Mrkdwn(Strict):
    type: Literal["mrkdwn"]
    text: Annotated[str, StringConstraints(min_length=1)]
    verbatim: bool | None = None


AnyText = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]


def up_to(limit: int) -> AfterValidator:
    """A text object of at most `limit` characters."""

    def check(value: PlainText | Mrkdwn) -> PlainText | Mrkdwn:
        if len(value.text.encode("utf-16-le", "replace")) // 2 > limit:
            raise refusal(f"must be less than {limit + 1} characters", "/text")
        return value

    return AfterValidator(check)


Plain24 = Annotated[PlainText, up_to(24)]
Plain30 = Annotated[PlainText, up_to(30)]
Plain75 = Annotated[PlainText, up_to(75)]
Plain100 = Annotated[PlainText, up_to(100)]
Plain150 = Annotated[PlainText, up_to(150)]
Plain2000 = Annotated[PlainText, up_to(2000)]
Any75 = Annotated[AnyText, up_to(75)]
Any150 = Annotated[AnyText, up_to(150)]
Any200 = Annotated[AnyText, up_to(200)]
Any300 = Annotated[AnyText, up_to(300)]
Any2000 = Annotated[AnyText, up_to(2000)]
Any3000 = Annotated[AnyText, up_to(3000)]

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]
ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]*:\S")
"""An address begins with its scheme."""


def _is_address(text: str) -> str:
    if not ADDRESS.match(text):
        raise refusal("must be a valid URL")
    return text


Url = Annotated[str, StringConstraints(min_length=1, max_length=3000), AfterValidator(_is_address)]


class Confirm(Strict):
    title: Plain100
    text: Any300
    confirm: Plain30
    deny: Plain30
    style: Literal["primary", "danger"] | None = None


class Option(Strict):
    """An option of a select: plain text only."""

    text: Plain75
    value: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    description: Plain75 | None = None


class MarkedOption(Strict):
    """An option of radio buttons or checkboxes: mrkdwn is allowed."""

    text: Any75
    value: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    description: Any75 | None = None


class OverflowOption(Option):
    url: Url | None = None


class OptionGroup(Strict):
    label: Plain75
    options: Annotated[list[Option], Field(min_length=1, max_length=100)]


class DispatchConfig(Strict):
    trigger_actions_on: Annotated[
        list[Literal["on_enter_pressed", "on_character_entered"]], Field(min_length=1)
    ]


class ConversationFilter(Strict):
    include: (
        Annotated[list[Literal["im", "mpim", "private", "public"]], Field(min_length=1)] | None
    ) = None
    exclude_external_shared_channels: bool | None = None
    exclude_bot_users: bool | None = None


class SlackFile(Strict):
    id: str | None = None
    url: str | None = None


class Interactive(Strict):
    action_id: Id | None = None


class Focusable(Interactive):
    focus_on_load: bool | None = None


def initial_among(initial: Any, offered: list[Any], at: str) -> None:
    """Check that initial options are among those offered. Slack compares text and value."""
    for option in initial if isinstance(initial, list) else [initial]:
        if option is not None and option not in offered:
            raise refusal("must be one of the provided options", at)

"""Block elements: buttons, selects, pickers and inputs, and the limits of each.

Source: https://docs.slack.dev/reference/block-kit/block-elements.
"""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from sandbox.slack.blockkit_objects import (
    Confirm,
    DispatchConfig,
    Focusable,
    Interactive,
    MarkedOption,
    OverflowOption,
    Plain75,
    Plain150,
    SlackFile,
    Strict,
    Url,
    initial_among,
    refusal,
)
from sandbox.slack.blockkit_selects import Ids, SelectMenu

NUMBER = re.compile(r"-?\d+(\.\d+)?")
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
TenOptions = Annotated[list[MarkedOption], Field(min_length=1, max_length=10)]


class Image(Strict):
    type: Literal["image"]
    alt_text: Annotated[str, StringConstraints(max_length=2000)]
    image_url: Url | None = None
    slack_file: SlackFile | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise refusal("must define exactly one of `image_url` and `slack_file`")
        return self


class Button(Interactive):
    type: Literal["button"]
    text: Plain75
    url: Url | None = None
    value: Annotated[str, StringConstraints(max_length=2000)] | None = None
    style: Literal["primary", "danger"] | None = None
    confirm: Confirm | None = None
    accessibility_label: Annotated[str, StringConstraints(max_length=75)] | None = None


class Overflow(Interactive):
    type: Literal["overflow"]
    options: Annotated[list[OverflowOption], Field(min_length=1, max_length=5)]
    confirm: Confirm | None = None


class Radio(Focusable):
    type: Literal["radio_buttons"]
    options: TenOptions
    initial_option: MarkedOption | None = None
    confirm: Confirm | None = None

    @model_validator(mode="after")
    def _initial(self) -> Self:
        initial_among(self.initial_option, self.options, "/initial_option")
        return self


class Checkboxes(Focusable):
    type: Literal["checkboxes"]
    options: TenOptions
    initial_options: TenOptions | None = None
    confirm: Confirm | None = None

    @model_validator(mode="after")
    def _initial(self) -> Self:
        initial_among(self.initial_options, self.options, "/initial_options")
        return self


class DatePicker(Focusable):
    type: Literal["datepicker"]
    initial_date: Day | None = None
    placeholder: Plain150 | None = None
    confirm: Confirm | None = None


class TimePicker(Focusable):
    type: Literal["timepicker"]
    initial_time: Hour | None = None
    placeholder: Plain150 | None = None
    confirm: Confirm | None = None
    timezone: str | None = None


class DateTimePicker(Focusable):
    """Takes UNIX seconds as an int of exactly 10 digits, and no placeholder."""

    type: Literal["datetimepicker"]
    initial_date_time: Annotated[int, Field(ge=10**9, lt=10**10)] | None = None
    confirm: Confirm | None = None


class Typed(Focusable):
    placeholder: Plain150 | None = None
    dispatch_action_config: DispatchConfig | None = None


class PlainTextInput(Typed):
    type: Literal["plain_text_input"]
    initial_value: Annotated[str, StringConstraints(max_length=3000)] | None = None
    multiline: bool | None = None
    min_length: Annotated[int, Field(ge=0, le=3000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=3000)] | None = None

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        longest = self.max_length or 3000
        if self.min_length is not None and self.min_length > longest:
            raise refusal("must be less than or equal to `max_length`", "/min_length")
        if self.initial_value is not None and len(self.initial_value) > longest:
            raise refusal(f"must be less than {longest + 1} characters", "/initial_value")
        return self


class EmailInput(Typed):
    type: Literal["email_text_input"]
    initial_value: str | None = None


class UrlInput(Typed):
    type: Literal["url_text_input"]
    initial_value: str | None = None


class NumberInput(Typed):
    """Bounds, initial value and answer are strings; is_decimal_allowed is required."""

    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: str | None = None
    min_value: str | None = None
    max_value: str | None = None

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        for name in ("initial_value", "min_value", "max_value"):
            text = getattr(self, name)
            if text is None:
                continue
            if not NUMBER.fullmatch(text) or ("." in text and not self.is_decimal_allowed):
                raise refusal("must be a valid number", f"/{name}")
        low, high, initial = self.min_value, self.max_value, self.initial_value
        if low is not None and high is not None and float(low) > float(high):
            raise refusal("must be less than or equal to `max_value`", "/min_value")
        if initial is not None and low is not None and float(initial) < float(low):
            raise refusal("must be more than or equal to `min_value`", "/initial_value")
        if initial is not None and high is not None and float(initial) > float(high):
            raise refusal("must be less than or equal to `max_value`", "/initial_value")
        return self


class RichTextInput(Typed):
    type: Literal["rich_text_input"]
    initial_value: dict[str, Any] | None = None


class FileInput(Interactive):
    type: Literal["file_input"]
    filetypes: Ids | None = None
    max_files: Annotated[int, Field(ge=1, le=10)] | None = None


Choice = Radio | Checkboxes | SelectMenu | DatePicker | TimePicker
InputElement = Annotated[
    Choice
    | DateTimePicker
    | PlainTextInput
    | EmailInput
    | UrlInput
    | NumberInput
    | RichTextInput
    | FileInput,
    Field(discriminator="type"),
]
ActionElement = Annotated[Button | Overflow | Choice | DateTimePicker, Field(discriminator="type")]
Accessory = Annotated[Image | Button | Overflow | Choice, Field(discriminator="type")]

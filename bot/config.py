"""The operator's config: an optional TOML file, read once at the start."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from blocks.anomaly.risk import LEVELS, SHIPPED, Risk
from bot.alert_config import AlertConfig
from storage.undo import LONGEST_UNDO

_AT = re.compile(
    "(monday|tuesday|wednesday|thursday|friday|saturday|sunday) ([01][0-9]|2[0-3]):[0-5][0-9]"
)


class DeliveryLimits(BaseModel):
    """Limits for the requests to each API. In TOML, `[delivery]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    concurrency: int = Field(4, ge=1, le=64)
    """Requests at the same time."""
    per_second: float = Field(20, gt=0)
    """Reports a second, on average."""
    lease: float = Field(30, gt=1)
    """Seconds without a sign of life after which a process counts as dead."""


class ReceiptLimits(BaseModel):
    """Limits for the messages to each channel. In TOML, `[receipts]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    per_second: float = Field(1, gt=0)
    """Messages a second in a channel, on average. Slack allows about one."""
    burst: float = Field(4, ge=1)
    """Messages at once in a channel that was quiet: the first message of a thread, the receipt, and
    two updates."""


class RetentionLimits(BaseModel):
    """How many days something is kept; 0 is for ever. In TOML, `[retention]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    texts_days: float = Field(0, ge=0)
    """What finished reports say, and who wrote them."""
    calls_days: float = Field(0, ge=0)
    """The records of calls of the APIs."""
    messages_days: float = Field(0, ge=0)
    """The records of messages in Slack."""

    @property
    def is_set(self) -> bool:
        return any((self.texts_days, self.calls_days, self.messages_days))


class WeekPosting(BaseModel):
    """Where and when the bot posts the week that is over. In TOML, `[week]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str = ""
    """The id of a channel that the bot was invited to. Empty: no week is posted."""
    at: str = "monday 09:00"
    """A day of the week and a time, in the time zone of the machine."""

    @field_validator("channel", mode="before")
    @classmethod
    def _channel_id(cls, channel: Any) -> Any:
        if isinstance(channel, str) and channel and not re.fullmatch("[CG][A-Z0-9]{2,}", channel):
            raise ValueError(
                "it is not the id of a channel, such as C012AB3CD"
                " (at the end of the channel's details)"
            )
        return channel

    @field_validator("at")
    @classmethod
    def _day_and_time(cls, at: str) -> str:
        if not _AT.fullmatch(at.lower()):
            raise ValueError("use a day and a time, such as monday 09:00")
        return at.lower()

    @property
    def parts(self) -> tuple[str, int, int]:
        """The English name of the day, the hour and the minute."""
        day, _, time = self.at.partition(" ")
        hour, _, minute = time.partition(":")
        return day, int(hour), int(minute)


class Config(BaseModel):
    """The whole TOML file. A key that is not named here is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    admins: frozenset[str] = frozenset()
    """People who may act on the reports of others, and see on their Home those that need somebody:
    `U…` of the installed workspace, `T…/U…` of another one."""
    classifieds_alone: bool = False
    """Whether a report to Immoteur may contain classifieds without a property."""
    recent_days: float = Field(30, ge=0)
    """Days. A report about the same thing as one filed within them needs a confirmation."""
    undo_seconds: float = Field(0, ge=0, le=LONGEST_UNDO)
    """Seconds for which a new report is not sent, so that it can be undone."""
    risk: Mapping[str, Risk] = Field(default_factory=lambda: SHIPPED)
    """By level. A level or a key that the file leaves out keeps the shipped value."""
    delivery: DeliveryLimits = DeliveryLimits()
    receipts: ReceiptLimits = ReceiptLimits()
    retention: RetentionLimits = RetentionLimits()
    alert: AlertConfig | None = None
    photos: bool = False
    """Whether people can add photos to a report. The app needs the scope `files:read` for it."""
    week: WeekPosting = WeekPosting()

    @field_validator("admins", mode="before")
    @classmethod
    def _user_ids(cls, admins: Any) -> Any:
        """Slack's user ids begin with U, or with W in an Enterprise organization. The id of a
        workspace begins with T.
        """
        if isinstance(admins, list | tuple | set | frozenset):
            for place, admin in enumerate(admins, start=1):
                if not (
                    isinstance(admin, str) and re.fullmatch("(T[A-Z0-9]+/)?[UW][A-Z0-9]+", admin)
                ):
                    raise ValueError(
                        f"entry {place} is not a Slack user id, such as U012AB3CD"
                        " (in a person's profile: Copy member ID)"
                    )
        return admins

    @field_validator("risk", mode="before")
    @classmethod
    def _with_shipped(cls, risk: Any) -> Any:
        """A level that only gets a label keeps its due date."""
        if not isinstance(risk, dict):
            return risk
        if unknown := set(risk) - set(LEVELS):
            levels = ", ".join(sorted(unknown))
            raise ValueError(f"there is no level {levels}; the levels are 0, 1, 2 and 3")
        return {**SHIPPED} | {
            level: SHIPPED[level].model_dump(exclude_none=True) | change
            if isinstance(change, dict)
            else change
            for level, change in risk.items()
        }


def read_config(path: Path | None) -> Config:
    """The config of a TOML file in UTF-8; the shipped one if there is no path.

    :raises OSError: if the file cannot be read
    :raises UnicodeDecodeError: if it is not in UTF-8
    :raises pydantic.ValidationError: if a key is unknown or a value is wrong
    :raises ValueError: if it is not a TOML file
    """
    if path is None:
        return Config()
    text = path.read_text("utf-8-sig")  # some editors of Windows put a mark before the first key
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise ValueError("its lists are nested too deeply") from None
    return Config.model_validate(content)

"""The operator's config: an optional TOML file, read once at the start."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from blocks.anomaly.risk import LEVELS, SHIPPED, Risk


class DeliveryLimits(BaseModel):
    """How an API is sent to. In TOML, `[delivery]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    concurrency: int = Field(4, ge=1, le=64)
    """Requests at once."""
    per_second: float = Field(20, gt=0)
    """Reports a second, on average."""
    lease: float = Field(30, gt=1)
    """Seconds after which a process that says nothing counts as dead."""


class ReceiptLimits(BaseModel):
    """How fast a channel is told. In TOML, `[receipts]`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    per_second: float = Field(1, gt=0)
    """Messages a second in a channel, on average. Slack allows about one."""
    burst: float = Field(4, ge=1)
    """Messages at once in a quiet channel: a thread's opener, its receipt, and two updates."""


class Config(BaseModel):
    """What may be decided differently from one place to another. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    admins: frozenset[str] = frozenset()
    """Slack user ids of those who may act on other people's reports."""
    classifieds_alone: bool = False
    """Whether classifieds may be sent without a property, once Immoteur says that it takes them."""
    recent_days: float = Field(30, ge=0)
    """How long a filed report is asked about when the same is reported again."""
    risk: Mapping[str, Risk] = Field(default_factory=lambda: SHIPPED)
    """What each level is called and asks for; what is not named stays as shipped."""
    delivery: DeliveryLimits = DeliveryLimits()
    receipts: ReceiptLimits = ReceiptLimits()

    @field_validator("risk", mode="before")
    @classmethod
    def _over_the_shipped(cls, risk: Any) -> Any:
        """A level that only gets a name must not lose its due date."""
        if not isinstance(risk, dict):
            return risk
        return {
            level: {**SHIPPED[level].model_dump(exclude_none=True), **given}
            if level in SHIPPED and isinstance(given, dict)
            else given
            for level, given in risk.items()
        }

    @field_validator("risk")
    @classmethod
    def _all_levels(cls, risk: Mapping[str, Risk]) -> Mapping[str, Risk]:
        if unknown := set(risk) - set(LEVELS):
            raise ValueError(f"there is no risk {', '.join(sorted(unknown))}: only 0, 1, 2 and 3")
        return {**SHIPPED, **risk}


def read_config(path: Path | None) -> Config:
    """The config in a file; the shipped one without a file.

    :raises OSError: when it cannot be read
    :raises tomllib.TOMLDecodeError, pydantic.ValidationError: when it is not a config
    """
    if path is None:
        return Config()
    return Config.model_validate(tomllib.loads(path.read_text("utf-8")))

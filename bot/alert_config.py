"""Whom grave reports are announced to. In TOML, `[alert]`."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from storage.notices import LONGEST_REMINDING

_DURATION = re.compile(r"([1-9][0-9]{0,3})([smh])")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
SHORTEST, LONGEST = 60.0, LONGEST_REMINDING
"""Seconds between two reminders."""


def _duration(value: Any) -> float:
    """The seconds of a text such as `15m`."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError('it is not a time from "1m" to "24h", such as "15m"')
    return seconds


class AlertConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    risk: int = Field(3, ge=0, le=3, strict=True)
    """Reports of this level and above are announced."""
    mention: tuple[str, ...] = Field(min_length=1)
    """Ids of people or user groups in Slack."""
    channel: str | None = None
    """Where they are announced; without it, where the report comes from."""
    every: Annotated[float, BeforeValidator(_duration)] = 900.0
    """Seconds between two reminders. In TOML a text, such as `"15m"`."""
    times: int = Field(4, ge=0, le=100, strict=True)
    """Reminders at most, until somebody presses *Seen*."""

    @field_validator("mention", mode="before")
    @classmethod
    def _ids(cls, ids: Any) -> Any:
        """Slack's ids of people begin with U or W, those of user groups with S."""
        for place, id_ in enumerate(ids if isinstance(ids, list) else (), start=1):
            if not (isinstance(id_, str) and re.fullmatch("[UWS][A-Z0-9]+", id_)):
                raise ValueError(
                    f"entry {place} is not the Slack id of a person or a user group, such as"
                    " U012AB3CD or S012AB3CD"
                )
        return ids

    @field_validator("channel")
    @classmethod
    def _channel_id(cls, channel: str | None) -> str | None:
        if channel is not None and not re.fullmatch("[CG][A-Z0-9]+", channel):
            raise ValueError("it is not the id of a channel, such as C012AB3CD")
        return channel

    @property
    def people(self) -> tuple[str, ...]:
        """The mentioned people, without the user groups."""
        return tuple(id_ for id_ in self.mention if not id_.startswith("S"))

    def places(self, gravity: int | None, channel: str, *, others_read_it: bool) -> tuple[str, ...]:
        """The channels, or the people who get it directly; none if the report is not that grave.

        :param gravity: of the report; None if its kind has no levels
        :param channel: where the report comes from
        :param others_read_it: whether the mentioned people can read that channel
        """
        if gravity is None or gravity < self.risk:
            return ()
        if self.channel is None and not others_read_it:
            return self.people or (channel,)
        return (self.channel or channel,)

"""Times as an operator types and reads them, in the time zone of the machine or of `TZ`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import click

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AGO = re.compile(r"(\d{1,6})\s*([hdwy])")
_UNITS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
EXAMPLES = "today, yesterday, monday, last monday, 2026-11-23, 2026-11-23T14:30, 12h, 3d or 2w"


@dataclass(frozen=True)
class Span:
    """A day, or a moment that begins and ends at once. UNIX seconds."""

    begin: float
    end: float
    """Not part of the span, unless it is a moment."""


def parse(text: str, now: datetime) -> Span:
    """A time as it is typed: `EXAMPLES`. A weekday is the latest one, today included.

    :param now: in the reader's time zone
    :raises ValueError: with a sentence
    """
    typed, text = text, text.strip().lower()
    if found := _AGO.fullmatch(text):
        ago = duration(text)
        try:
            moment = (now - ago).timestamp()
        except OverflowError as error:
            raise ValueError(f"{found[0]} ago is too long ago") from error
        return Span(moment, moment)
    today = now.date()
    if text in {"today", "yesterday"}:
        return _day(today - timedelta(days=text == "yesterday"))
    name = text.removeprefix("last ")
    if name in DAYS:
        back = (today.weekday() - DAYS.index(name)) % 7 + (7 if text.startswith("last ") else 0)
        return _day(today - timedelta(days=back))
    return _iso(text, typed)


def duration(text: str) -> timedelta:
    """A length of time such as `12h`, `30d`, `2w` or `2y`. A year has 365 days.

    :raises ValueError: with a sentence
    """
    found = _AGO.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is no length of time: use for example 30d, 12w or 2y")
    return int(found[1]) * _UNITS[found[2]]


def week_of(day: date) -> Span:
    """The week from Monday to Sunday that a day belongs to."""
    monday = day - timedelta(days=day.weekday())
    return Span(_day(monday).begin, _day(monday + timedelta(days=6)).end)


def local(moment: float) -> str:
    """UNIX seconds as date and time of the reader, to the minute."""
    return datetime.fromtimestamp(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def local_to_the_second(moment: float) -> str:
    return datetime.fromtimestamp(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def length(seconds: float) -> str:
    """A length of time in its two largest units, such as `2 h 05 min`."""
    seconds = max(seconds, 0)
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(hours, 24)
    return f"{days:,} days {hours} h"


class SpanType(click.ParamType[Span]):
    """An option's value that `parse` reads."""

    name = "time"

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now().astimezone()) -> None:
        self._clock = clock

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        if isinstance(value, Span):
            return value
        try:
            return parse(value, self._clock())
        except ValueError as error:
            self.fail(str(error), param, ctx)


class DurationType(click.ParamType[timedelta]):
    """An option's value that `duration` reads."""

    name = "length"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _day(day: date) -> Span:
    begin = datetime(day.year, day.month, day.day).astimezone()
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day).astimezone()
    return Span(begin.timestamp(), end.timestamp())


def _iso(text: str, typed: str) -> Span:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return _day(date.fromisoformat(text))
        if re.match(r"\d{4}-\d{2}-\d{2}[t ]", text):
            moment = datetime.fromisoformat(text).astimezone().timestamp()
            return Span(moment, moment)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{typed!r} is no date: {error}") from error
    raise ValueError(f"{typed!r} is no time: use for example {EXAMPLES}")

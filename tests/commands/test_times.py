"""Times as an operator types and reads them."""

from datetime import datetime

import pytest

from bot.commands.times import length, local, parse, week_of

NOW = "2026-11-24T15:30:00"
"""A Tuesday."""


def shown(text: str) -> tuple[str, str]:
    span = parse(text, datetime.fromisoformat(NOW).astimezone())
    return local(span.begin), local(span.end)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", "2026-11-24 00:00", "2026-11-25 00:00"),
        ("yesterday", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("tuesday", "2026-11-24 00:00", "2026-11-25 00:00"),
        ("Monday", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("wednesday", "2026-11-18 00:00", "2026-11-19 00:00"),
        ("last monday", "2026-11-16 00:00", "2026-11-17 00:00"),
        ("2026-10-25", "2026-10-25 00:00", "2026-10-26 00:00"),
        ("2026-11-01 08:15", "2026-11-01 08:15", "2026-11-01 08:15"),
        ("2026-11-01T08:15+00:00", "2026-11-01 09:15", "2026-11-01 09:15"),
        ("2h", "2026-11-24 13:30", "2026-11-24 13:30"),
        ("3d", "2026-11-21 15:30", "2026-11-21 15:30"),
        ("2w", "2026-11-10 15:30", "2026-11-10 15:30"),
    ],
)
def test_a_time_can_be_typed_in_many_ways(text: str, begin: str, end: str) -> None:
    assert shown(text) == (begin, end)


@pytest.mark.parametrize("text", ["", "someday", "2026-13-01", "2026-11-24T25:00", "999999y", "5"])
def test_anything_else_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time|is no date|too long ago"):
        parse(text, datetime.fromisoformat(NOW).astimezone())


def test_a_week_with_a_change_of_the_clock_has_all_its_hours() -> None:
    span = week_of(datetime.fromisoformat("2026-10-25").date())
    assert span.end - span.begin == (7 * 24 + 1) * 3600


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-1, "0.0 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (60, "1 min 00 s"),
        (7_500, "2 h 05 min"),
        (172_800, "2 days 0 h"),
        (100_000_000, "1,157 days 9 h"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(seconds: float, text: str) -> None:
    assert length(seconds) == text

"""Timestamps as both APIs write them."""

from datetime import UTC, datetime


def utc(at: float) -> str:
    """Seconds since 1970 as 2024-12-01T12:34:56.000Z."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

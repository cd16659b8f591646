"""The lines that the log of a test would have on stderr."""

import pytest

from bot.log_format import LineFormatter


def lines_of(caplog: pytest.LogCaptureFixture) -> str:
    """Each record as a line of `key=value`, with its facts, which `caplog.text` leaves out."""
    formatter = LineFormatter("text", journald=False)
    return "\n".join(formatter.format(record) for record in caplog.records)

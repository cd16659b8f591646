"""The log on stderr: one line for each record, as `key=value` text or as JSON.

Fields that a call passes as `extra` follow the message. journald adds the time itself, and reads
the level from the beginning of a line, as sd-daemon(3) describes.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

Style = Literal["text", "json"]

_OWN = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})
"""The attributes that each record has."""
_PLAIN = re.compile(r"[^\s\"=\\]+")
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
"""syslog's priorities for the levels; lower levels have 7."""


class LineFormatter(logging.Formatter):
    """:param journald: whether the lines go to journald"""

    def __init__(self, style: Style, *, journald: bool) -> None:
        super().__init__()
        self._json, self._journald = style == "json", journald

    def format(self, record: logging.LogRecord) -> str:
        fields = self._fields(record)
        if self._json:
            line = json.dumps(fields, ensure_ascii=False, default=str)
            # These end a line for some readers, and JSON lets them stand.
            line = re.sub(r"[\x7f-\x9f\u2028\u2029]", lambda c: f"\\u{ord(c[0]):04x}", line)
        else:
            line = " ".join(f"{name}={_value(value)}" for name, value in fields.items())
        return f"<{_priority(record.levelno)}>{line}" if self._journald else line

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if not self._journald:
            time = datetime.fromtimestamp(record.created, UTC).astimezone()
            fields["time"] = time.isoformat(timespec="milliseconds")
        fields |= {
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= facts_of(record)
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            fields["exception"] = record.exc_text
        return fields


class LogHandler(logging.StreamHandler[TextIO]):
    """Writes to stderr, for as long as somebody reads it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Where the reader of a pipe has gone, what follows is dropped. Otherwise Python would end
        the process with status 120, because it cannot write the rest of the log.
        """
        if not isinstance(sys.exc_info()[1], BrokenPipeError):
            super().handleError(record)
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.stream.fileno())
        os.close(nowhere)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """The fields that a call passed as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def set_up(style: str) -> None:
    """Log to stderr.

    :param style: of CONSTAT_LOG; any but `json` is text, because a wrong one is reported elsewhere
    """
    handler = LogHandler(sys.stderr)
    journald = _is_journal(os.environ, handler.stream)
    handler.setFormatter(LineFormatter("json" if style == "json" else "text", journald=journald))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # httpx logs the address of each request at INFO, and uvicorn its start and its end. slack_sdk's
    # debug log contains tokens.
    for name in ("httpx", "slack_sdk", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_journal(environment: Mapping[str, str], stream: TextIO) -> bool:
    """Whether JOURNAL_STREAM names this stream: its device and inode."""
    try:
        stat = os.fstat(stream.fileno())
    except OSError:  # a stream without a file, or a closed one
        return False
    return environment.get("JOURNAL_STREAM") == f"{stat.st_dev}:{stat.st_ino}"


def _priority(level: int) -> int:
    return next((priority for least, priority in _PRIORITIES if level >= least), 7)


def _value(value: object) -> str:
    """As it is, or in quotation marks and with escapes for what would end the value or the line."""
    text = str(value)
    if _PLAIN.fullmatch(text) and text.isprintable():
        return text
    escaped = json.dumps(text, ensure_ascii=False)
    if escaped.isprintable():
        return escaped
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped)

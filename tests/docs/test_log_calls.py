"""A log call has one message for all its records. What differs is passed as `extra`."""

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "_logger"}
FAULT_LOGS = {"faults", "_faults"}
"""Names of a bot.fault_log.FaultLog."""
OF_A_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime"}
"""Names that logging refuses in `extra`: the call would raise KeyError."""


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for package in ("bot", "storage", "blocks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and is_log_call(node.func):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def is_log_call(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute):
        return False
    owner = getattr(function.value, "id", getattr(function.value, "attr", ""))
    if owner in FAULT_LOGS:
        return function.attr in {"fault", "over"}
    return owner in LOGGERS and function.attr in LEVELS


def is_varied(message: ast.expr) -> bool:
    """Whether a message is put together from parts, or has a place for a fact."""
    texts = [str(node.value) for node in ast.walk(message) if isinstance(node, ast.Constant)]
    is_built = any(isinstance(node, ast.JoinedStr | ast.BinOp) for node in ast.walk(message))
    return is_built or any("%" in text for text in texts)


def test_no_log_call_has_a_fact_in_its_message() -> None:
    calls = list(log_calls())
    assert len(calls) > 80
    assert [at for at, call in calls if is_varied(call.args[0])] == []


def test_no_fact_has_a_name_that_logging_refuses() -> None:
    extras = {
        (at, key.value)
        for at, call in log_calls()
        for keyword in call.keywords
        for key in getattr(keyword.value, "keys", [])
        if keyword.arg == "extra" and isinstance(key, ast.Constant)
    }
    assert len(extras) > 80
    assert [(at, name) for at, name in sorted(extras) if name in OF_A_RECORD] == []

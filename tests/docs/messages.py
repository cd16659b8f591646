"""The messages that constat prints or logs for an operator, read from the code.

A message is a text with `…` in the place of each fact.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.validation import SENTENCES

ROOT = Path(__file__).parents[2]
LOGGED = {"error", "critical", "exception"}
"""Levels of the log that mean: somebody must look."""
RAISED = {
    "ClickException", "CommandError", "ListenError", "NetworkSettingsError", "SettingsError",
    "UnusableDatabaseError",
}  # fmt: skip
"""Exceptions whose text is printed as the last line of a command."""
SETTINGS = {
    "bot/config.py", "bot/credentials.py", "bot/host_port.py", "bot/link_domains.py",
    "bot/settings.py",
}  # fmt: skip
"""Files whose ValueErrors are faults of settings."""
READINESS = {"fault", "missing", "faults", "_fault", "_missing"}
"""Functions and variables with the sentences of `/readyz` and of the settings."""
AT_READINESS = {
    "bot/access.py", "bot/background.py", "bot/receipt_worker.py", "bot/settings.py",
    "bot/socket_mode.py", "bot/workers.py", "storage/file_safety.py",
    "storage/postgres/engine.py", "storage/writer.py",
}  # fmt: skip
FACT = "…"


def messages() -> set[str]:
    found: set[str] = set()
    for package in ("bot", "storage"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            tree = ast.parse(path.read_text("utf-8"))
            constants = _constants(tree)
            found |= {text for text in _of_file(name, tree, constants) if _says_something(text)}
    wrong_values = {re.sub(r"\{[^}]*\}", FACT, text) for text in SENTENCES.values()}
    return found | wrong_values


def _says_something(text: str) -> bool:
    return len(re.sub(r"[^a-zA-Z]", "", text)) > 3


def _of_file(name: str, tree: ast.Module, constants: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(name, node, constants)
        elif name in AT_READINESS:
            yield from _of_readiness(node, constants)


def _of_call(name: str, call: ast.Call, constants: dict[str, str]) -> Iterator[str]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    function = function or (call.func.id if isinstance(call.func, ast.Name) else "")
    owner = getattr(getattr(call.func, "value", None), "id", "")
    wanted = (owner == "log" and function in LOGGED) or function in RAISED
    wanted = wanted or (function == "ValueError" and name in SETTINGS)
    wanted = wanted or (name in AT_READINESS and function == "append" and owner in READINESS)
    owner = getattr(getattr(call.func, "value", None), "attr", owner)
    wanted = wanted or (function == "fault" and owner in {"faults", "_faults"})
    if name in AT_READINESS and function == "_log_once":
        yield from _texts(call.args[1], constants)
        yield from _texts(call.args[2], constants)
    if wanted and call.args:
        first = call.args[0]
        parts = first.elts if isinstance(first, ast.List) else [first]
        for part in parts:
            yield from _texts(part, constants)


def _of_readiness(node: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    """Assignments to `fault`, and what a function `fault` or `missing` returns."""
    if isinstance(node, ast.Assign):
        names = {getattr(target, "id", getattr(target, "attr", "")) for target in node.targets}
        if names & READINESS:
            yield from _texts(node.value, constants)
    elif isinstance(node, ast.AugAssign):
        if getattr(node.target, "id", "") in READINESS:
            yield from _texts(node.value, constants)
    elif isinstance(node, ast.AnnAssign) and "_faults" in ast.dump(node.target):
        for value in getattr(node.value, "values", []):
            yield from _texts(value, constants)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in READINESS:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield from _texts(inner.value, constants)


def _texts(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield re.sub(r"%[sdr]", FACT, text)
        case ast.JoinedStr(values=values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else FACT for v in values)
        case ast.Name(id=name) if name in constants:
            yield constants[name]
        case ast.List(elts=parts):
            for part in parts:
                yield from _texts(part, constants)
        case ast.ListComp(elt=part):
            yield from _texts(part, constants)
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body, constants)
            yield from _texts(other, constants)


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that are assigned to a name first."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            for text in _texts(node.value, {}):
                found[node.targets[0].id] = text
    return found

"""The messages that constat prints or logs for an operator, read from the code.

A message is a text with `…` in the place of each fact.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bot.validation import SENTENCES

ROOT = Path(__file__).parents[2]
LOGGED = {"error", "critical", "exception"}
"""Levels of the log that mean: somebody must look."""
PACKAGES = ("bot", "storage", "sandbox")
RAISED = {"ClickException", "CommandError", "NetworkSettingsError", "SettingsError"}
"""Exceptions whose text is printed as the last line of a command. So is the text of each exception
that a handler translates into one of these.
"""
SETTINGS = ("bot/config.py", "bot/settings.py")
"""The ValueErrors of these files, and of what they import, are faults of settings."""
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
    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    sources = Sources(_translated(trees.values()), _imported(trees, SETTINGS))
    for name, tree in trees.items():
        constants = _constants(tree)
        texts = _of_file(name, tree, constants, sources)
        found |= {text for text in texts if _says_something(text)}
    wrong_values = {re.sub(r"\{[^}]*\}", FACT, text) for text in SENTENCES.values()}
    return found | wrong_values


@dataclass(frozen=True)
class Sources:
    raised: AbstractSet[str]
    """Names of the exceptions whose text is printed."""
    settings: AbstractSet[str]
    """Files whose ValueErrors are faults of settings."""


def _translated(trees: Iterable[ast.Module]) -> set[str]:
    """The exceptions from which a handler makes one of `RAISED`, with the same text."""
    found = set(RAISED)
    handlers = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)
    ]
    for handler in handlers:
        for call in (node for node in ast.walk(handler) if isinstance(node, ast.Call)):
            passed = {ast.unparse(argument) for argument in call.args}
            same = {f"str({handler.name})", f"[str({handler.name})]", f"{handler.name}.faults"}
            if _name(call.func) in RAISED and passed & same and handler.type is not None:
                found.add(_name(handler.type))
    return found


def _imported(trees: Mapping[str, ast.Module], names: Iterable[str]) -> set[str]:
    """The files, and those of ours that they import, directly or not."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name not in trees:
            continue
        found.add(name)
        for node in ast.walk(trees[name]):
            if isinstance(node, ast.ImportFrom) and node.module:
                base = node.module.replace(".", "/")
                waiting += [f"{base}.py", *(f"{base}/{alias.name}.py" for alias in node.names)]
    return found


def _name(node: ast.expr) -> str:
    """The last part of `name` or `module.name`."""
    return getattr(node, "attr", getattr(node, "id", ""))


def _says_something(text: str) -> bool:
    return len(re.sub(r"[^a-zA-Z]", "", text)) > 3


def _of_file(
    name: str, tree: ast.Module, constants: dict[str, str], sources: Sources
) -> Iterator[str]:
    if _joins_reasons(tree):
        yield from _reasons(tree, constants)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(name, node, constants, sources)
        elif name in AT_READINESS:
            yield from _of_readiness(node, constants)


def _joins_reasons(tree: ast.Module) -> bool:
    """Whether a command collects reasons, and fails with all of them."""
    return any(
        isinstance(node, ast.Call)
        and _name(node.func) == "ClickException"
        and ast.unparse(node.args[0]).startswith("'; '.join(")
        for node in ast.walk(tree)
    )


def _reasons(tree: ast.Module, constants: dict[str, str]) -> Iterator[str]:
    """What the functions of such a command return."""
    for function in ast.walk(tree):
        returns = isinstance(function, ast.FunctionDef) and function.returns
        if returns and ast.unparse(returns) in {"str | None", "list[str]"}:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield from _texts(node.value, constants)


def _of_call(
    name: str, call: ast.Call, constants: dict[str, str], sources: Sources
) -> Iterator[str]:
    function = _name(call.func)
    owner = getattr(getattr(call.func, "value", None), "id", "")
    wanted = (owner == "log" and function in LOGGED) or function in sources.raised
    wanted = wanted or (function == "ValueError" and name in sources.settings)
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

"""Test files are short, and their assertions show the values that they compare."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MOST_LINES = 300
TRUTHS = {"all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass"}
"""Functions that return True or False."""


def is_truth(member: ast.expr) -> bool:
    """Whether the expression is True or False whatever it is about."""
    match member:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return is_truth(values[-1])
        case ast.Call(func=ast.Name(id=name)):
            return name in TRUTHS
    return False


def members(side: ast.expr) -> list[ast.expr]:
    """The values that a literal or a comprehension holds."""
    match side:
        case ast.Tuple(elts=found) | ast.List(elts=found) | ast.Set(elts=found):
            return found
        case ast.Dict(values=found):
            return found
        case ast.DictComp(value=member):
            return [member]
        case ast.ListComp(elt=member) | ast.SetComp(elt=member) | ast.GeneratorExp(elt=member):
            return [member]
    return []


def assertions_of_truths(source: str) -> Iterator[int]:
    """The lines of the assertions that compare a collection of truths."""
    for assertion in ast.walk(ast.parse(source)):
        if not isinstance(assertion, ast.Assert):
            continue
        for comparison in ast.walk(assertion.test):
            if isinstance(comparison, ast.Compare):
                sides = [comparison.left, *comparison.comparators]
                if any(is_truth(member) for side in sides for member in members(side)):
                    yield assertion.lineno
                    break


@pytest.mark.parametrize(
    "source",
    [
        "assert (a == 1, 'x' in b) == (True, True)",
        "assert (status, not text) == (200, True)",
        "assert ['x' in line for line in lines] == [False, True]",
        "assert {'a': isinstance(a, int)} == {'a': True}",
        "assert wrong == {key: found and key in found for key in keys}",
        "assert [all(lines), any(lines)] == [True, False]",
    ],
)
def test_an_assertion_of_truths_is_found(source: str) -> None:
    assert list(assertions_of_truths(source)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "assert (status, text) == (200, 'x')",
        "assert [report and report.number for report in reports] == [2, None]",
        "assert [line for line in lines if 'x' not in line] == []",
    ],
)
def test_an_assertion_of_values_is_not_found(source: str) -> None:
    assert list(assertions_of_truths(source)) == []


def test_no_assertion_compares_a_collection_of_truths() -> None:
    """Such an assertion fails with `(True, False) != (True, True)`, and shows no value."""
    found = [
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted(TESTS.rglob("*.py"))
        for line in assertions_of_truths(path.read_text("utf-8"))
    ]
    assert found == []


def test_no_test_file_is_too_long_to_be_about_one_subject() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in TESTS.rglob("*.py")}
    too_long = {str(path.relative_to(TESTS)): n for path, n in lines.items() if n > MOST_LINES}
    assert too_long == {}

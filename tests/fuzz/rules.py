"""Holds a rule against everything that hypothesis draws, in one running bot."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

Bot = TypeVar("Bot")


@dataclass(frozen=True)
class Rule(Generic[Bot]):
    """:param opened: what an example is tried on; it lives for all examples
    :param holds: tries one example, and raises AssertionError if the rule is broken
    """

    name: str
    examples: st.SearchStrategy[Any] = field(repr=False)
    opened: Callable[[Path], AbstractAsyncContextManager[Bot]]
    holds: Callable[[Bot, Any], Awaitable[None]]
    expected: str = "\0"
    """A logged error with these words breaks no rule."""


def hold(rule: Rule[Any], folder: Path, tried: Counter[str], *, examples: int, **more: Any) -> None:
    """Try that many examples on one bot. An error in the log breaks each rule.

    :param folder: an empty one, for the bot's file
    :param tried: the examples that were tried are added, under the name of the rule
    :param more: settings of hypothesis
    :raises AssertionError: with the smallest example that breaks the rule
    """
    with asyncio.Runner() as runner, _errors() as logged:
        context = rule.opened(folder)
        bot = runner.run(context.__aenter__())

        async def try_one(example: Any) -> None:
            await rule.holds(bot, example)

        @settings(max_examples=examples, deadline=None, database=None, **more)
        @given(rule.examples)
        def holds(example: Any) -> None:
            tried[rule.name] += 1
            logged.clear()
            runner.run(try_one(example))
            unexpected = [error for error in logged if rule.expected not in error]
            assert not unexpected, unexpected[0]

        try:
            holds()
        finally:
            runner.run(context.__aexit__(None, None, None))


@contextmanager
def _errors() -> Iterator[list[str]]:
    """The errors that are logged meanwhile, with their tracebacks."""
    logged: list[str] = []

    class Collects(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(self.format(record))

    handler = Collects(logging.ERROR)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield logged
    finally:
        root.removeHandler(handler)

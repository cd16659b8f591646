"""The kinds of report. A new kind is a line here, and its own files."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from bot.immoteur.kind import report_issue
from bot.kare.kind import anomaly
from bot.kind import AnyKind
from bot.setup import Setup

__all__ = ["KINDS", "AnyKind", "OpenKind", "opened"]

OpenKind = Callable[[Setup], AbstractAsyncContextManager[AnyKind]]
"""Builds a kind, with the connections that it needs until the block ends."""

KINDS: Sequence[OpenKind] = (
    report_issue,
    anomaly,
)


@asynccontextmanager
async def opened(kinds: Sequence[OpenKind], setup: Setup) -> AsyncIterator[list[AnyKind]]:
    """The kinds, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(kind(setup)) for kind in kinds]

"""The bot of these tests unfurls links."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.unfurls.posted_links import DOMAINS, with_links
from tests.world import World, world


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[World]:
    settings = {"CONSTAT_UNFURL_DOMAINS": ",".join(DOMAINS)}
    async with world(tmp_path, sandbox=with_links(), settings=settings) as bot:
        yield bot

"""Fixtures that several files of this folder use."""

from collections.abc import AsyncIterator

import pytest

from bot import network
from sandbox.sandbox import Sandbox

VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", *network.BUNDLES),
)


@pytest.fixture
def direct_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without proxies and without certificates of its own."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that is served, for a bot that runs as a process."""
    sandbox = Sandbox(burst=1000)
    async with sandbox.serve():
        yield sandbox

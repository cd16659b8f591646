from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web

from sandbox.catalogue import Catalogue
from sandbox.immoteur import Immoteur
from sandbox.kare import Kare
from sandbox.server import serve
from tests.sandbox_apis.facts import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue()


@pytest.fixture
def immoteur(clock: Clock, catalogue: Catalogue) -> Immoteur:
    return Immoteur(clock, listings=catalogue)


@pytest.fixture
def kare(clock: Clock, catalogue: Catalogue) -> Kare:
    return Kare(clock, buildings=catalogue)


@pytest.fixture
async def url(immoteur: Immoteur, kare: Kare) -> AsyncIterator[str]:
    app = web.Application()
    immoteur.add_routes(app)
    kare.add_routes(app)
    async with serve(app) as base:
        yield base


@pytest.fixture
async def to_immoteur(url: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer imt_sandbox"}
    async with httpx.AsyncClient(
        base_url=f"{url}/immoteur/public/v1", headers=headers, trust_env=False
    ) as client:
        yield client


@pytest.fixture
async def to_kare(url: str, kare: Kare) -> AsyncIterator[httpx.AsyncClient]:
    tokens = kare.issue_tokens()
    headers = {"Authorization": f"Bearer {tokens.access}", "X-Session-Token": tokens.session}
    async with httpx.AsyncClient(
        base_url=f"{url}/kare/main", headers=headers, trust_env=False
    ) as client:
        yield client

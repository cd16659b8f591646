"""The stand-in for KARE takes images as strictly as an object store with presigned addresses."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox.catalogue import Catalogue
from sandbox.kare.images import LASTS
from sandbox.sandbox import Sandbox

IMAGE = {"uploadId": "u1", "name": "a.jpg", "mimeType": "image/jpeg", "size": 3}
JPEG = {"Content-Type": "image/jpeg"}


class Kare:
    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient, passed: list[float]) -> None:
        self.sandbox, self.client, self.passed = sandbox, client, passed
        tokens = sandbox.kare.issue_tokens()
        self.headers = {
            "Authorization": f"Bearer {tokens.access}",
            "X-Session-Token": tokens.session,
            "Content-Type": "application/json",
        }
        self.anomaly = sandbox.catalogue.anomalies[0]["id"]

    async def tell(self, *images: Any, anomaly: object = None) -> httpx.Response:
        path = f"/kare/main/anomalies/v2/rs/{anomaly or self.anomaly}/images"
        return await self.client.post(path, json=list(images), headers=self.headers)

    async def address(self) -> str:
        [upload] = (await self.tell(IMAGE)).json()["uploads"]
        return str(upload["presignedUrl"])


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue()


@pytest.fixture
async def kare(catalogue: Catalogue) -> AsyncIterator[Kare]:
    passed = [1_800_000_000.0]
    sandbox = Sandbox(lambda: passed[0], catalogue=catalogue)
    async with sandbox.serve() as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield Kare(sandbox, client, passed)


async def test_the_bytes_are_stored_at_the_address_that_it_gave(kare: Kare) -> None:
    answer = await kare.client.put(await kare.address(), content=b"abc", headers=JPEG)
    assert answer.status_code == 200
    [image] = kare.sandbox.kare.images.stored
    assert image.content == b"abc"
    assert image.anomaly_id == kare.anomaly


@pytest.mark.parametrize(
    "images",
    [
        [],
        [IMAGE] * 21,
        [{**IMAGE, "name": "x" * 251}],
        [{**IMAGE, "size": 0}],
        [{**IMAGE, "mimeType": "image/heic"}],
        [{**IMAGE, "mimeType": "image/webp"}],
        [{**IMAGE, "more": 1}],
        [{name: value for name, value in IMAGE.items() if name != "uploadId"}],
    ],
)
async def test_a_body_that_is_not_as_documented_is_refused(kare: Kare, images: list[Any]) -> None:
    assert (await kare.tell(*images)).status_code == 400
    assert kare.sandbox.kare.images.all == {}


async def test_an_anomaly_that_is_not_there_takes_no_image(kare: Kare) -> None:
    assert (await kare.tell(IMAGE, anomaly=12345)).status_code == 404


async def test_without_both_tokens_nothing_is_taken(kare: Kare) -> None:
    kare.headers.pop("X-Session-Token")
    assert (await kare.tell(IMAGE)).status_code == 401


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"abcd", JPEG, 400),
        (b"abc", {"Content-Type": "image/png"}, 403),
        (b"abc", {**JPEG, "Authorization": "Bearer x"}, 400),
        (b"abc", {**JPEG, "X-Session-Token": "x"}, 400),
    ],
    ids=["another length", "another type", "a token", "a session"],
)
async def test_an_upload_that_does_not_fit_is_refused(
    kare: Kare, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await kare.client.put(await kare.address(), content=content, headers=headers)
    assert answer.status_code == status
    assert kare.sandbox.kare.images.stored == []


async def test_an_address_takes_the_bytes_once(kare: Kare) -> None:
    address = await kare.address()
    await kare.client.put(address, content=b"abc", headers=JPEG)
    answer = await kare.client.put(address, content=b"xyz", headers=JPEG)
    assert answer.status_code == 412
    assert [image.content for image in kare.sandbox.kare.images.stored] == [b"abc"]


async def test_an_address_expires(kare: Kare) -> None:
    address = await kare.address()
    kare.passed[0] += LASTS + 1
    answer = await kare.client.put(address, content=b"abc", headers=JPEG)
    assert answer.status_code == 403

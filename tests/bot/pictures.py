"""Pictures for tests, drawn when they are needed, and a bot that takes photos."""

import io
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image
from pillow_heif import register_heif_opener

from bot.clock import Clock
from sandbox.kare.images import SavedImage
from sandbox.sandbox import Sandbox
from sandbox.slack import Person
from sandbox.slack.files import SCOPE
from sandbox.slack.model import DEFAULT_SCOPES
from sandbox.slack.seed import BOB
from tests.bot.anomalies import fill
from tests.bot.anomalies import opened as form_opened
from tests.world import FAST, World, without_lists, world

register_heif_opener()
UPRIGHT, GPS = 0x0112, 0x8825
"""Tags of EXIF: how the camera was held, and where."""
PHOTOS_ON = FAST.model_copy(update={"photos": True})


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **exif: Any
) -> bytes:
    """A picture that was taken somewhere, with the camera held upright."""
    tags = Image.Exif()
    tags[UPRIGHT] = 6
    tags[GPS] = {1: "N", 2: (48.0, 51.0, 24.0)}
    file = io.BytesIO()
    Image.new(mode, size, "red").save(file, kind, exif=tags, **exif)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def photo_sandbox(
    clock: Clock | None = None, *, scopes: Collection[str] = DEFAULT_SCOPES | {SCOPE}
) -> Sandbox:
    """A sandbox whose app may read files."""
    sandbox = without_lists(clock)
    app = sandbox.slack.workspace.app
    sandbox.slack.workspace.app = replace(app, scopes=frozenset(scopes))
    return sandbox


@asynccontextmanager
async def photo_world(folder: Path, **given: Any) -> AsyncIterator[World]:
    """A bot that takes photos."""
    clock = given.get("clock")
    given.setdefault("sandbox", photo_sandbox(clock))
    given.setdefault("config", PHOTOS_ON)
    async with world(folder, **given) as bot:
        yield bot


async def report_with(bot: World, *files: tuple[str, bytes], title: str = "Exit blocked") -> Person:
    """Bob fills the form of an anomaly and adds files. He has not sent it yet."""
    bob = bot.person(BOB)
    await form_opened(bob)
    await fill(bob, title)
    bob.upload("photos", *files)
    return bob


async def photos(bot: World, state: str, why: str | None = None) -> list[dict[str, Any]]:
    """The rows of all photos, once each is in that state.

    :param why: the cause that each has then
    """

    def found() -> list[dict[str, Any]] | None:
        rows = bot.rows("select *, cause ->> 'why' as why from photos order by id")
        there = rows and all(row["state"] == state for row in rows)
        return rows if there and (why is None or all(row["why"] == why for row in rows)) else None

    rows: list[dict[str, Any]] = await bot.until(found)
    return rows


def images(bot: World) -> list[SavedImage]:
    """What KARE was told of, whether or not its bytes have come."""
    return list(bot.sandbox.kare.images.all.values())

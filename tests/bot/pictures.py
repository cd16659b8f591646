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
from sandbox.sandbox import Sandbox
from sandbox.slack.files import SCOPE
from sandbox.slack.model import DEFAULT_SCOPES
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

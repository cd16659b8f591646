"""The type of a file is found by its first bytes, whatever a stranger made of them."""

import gc
import io
import struct
from asyncio import Handle
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.watched import watch
from bot.photos.file_type import SVG, FileType, file_type
from tests.bot.pictures import photo_world
from tests.bot.test_photos_traps import refused


def archive(entries: int) -> bytes:
    """An archive that is nothing but the list of its entries."""
    local = b"PK\x03\x04" + bytes(26)
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, *[0] * 4, *[33, 0, 0, 0, 1],
                        *[0] * 6) + b"a"  # fmt: skip
    size = len(entry) * entries
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, size, len(local), 0)
    return local + entry * entries + end


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    """It goes through all objects of the test process, in whichever step it falls."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collection")
async def test_an_archive_with_many_entries_does_not_keep_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Handle, "_run", Handle._run)  # so that the watch ends with the test
    seen = watch()
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, archive(100_000), name="a.docx") == "type"
    assert seen()["own"] < 400


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"<!---->" * 580, None),
        (b"<!-- a -->\n" * 300, None),
        (b"<!---->" * 500 + b"<svg>", SVG),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- a --><!DOCTYPE svg PUBLIC 'x'>\n<svg ", SVG),
        (b"<!-- <svg> -->", None),
        (b"<?xml version='1.0'?><html><svg>", None),
    ],
    ids=["comments", "lines", "comments first", "all", "in a comment", "a page"],
)
def test_a_drawing_is_known_by_how_it_begins(head: bytes, found: FileType | None) -> None:
    assert file_type(io.BytesIO(head), "a.svg") == found

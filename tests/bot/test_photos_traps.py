"""What Slack, a file or a stranger can do to a photo, and what becomes of it then."""

import io
import zipfile
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from sandbox.server import serve
from sandbox.slack.seed import SECURITE
from tests.bot.pictures import images, opened, photo_world, photos, picture, report_with
from tests.world import World


async def refused(bot: World, content: bytes, name: str = "a.jpg", **changes: Any) -> str:
    """Why a photo with these changes is refused. It is not sent, and its report is filed."""
    bob = await report_with(bot, (name, content))
    [file] = bot.slack.workspace.files.all.values()
    bot.slack.workspace.files.change(file.id, **changes)
    await bob.submit()
    await bot.state(1, "filed")
    [row] = await photos(bot, "refused")
    assert images(bot) == []
    return str(row["why"])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"error": "file_not_found"}, "gone"),
        ({"error": "file_deleted"}, "gone"),
        ({"mode": "tombstone"}, "gone"),
        ({"error": "access_denied"}, "hidden"),
        ({"error": "not_visible"}, "hidden"),
        ({"mode": "hidden_by_limit"}, "hidden"),
        ({"is_connect": True, "access": "access_denied"}, "hidden"),
        ({"is_connect": True, "access": "file_not_found"}, "gone"),
        ({"mode": "external"}, "external"),
        ({"address": "https://files.example.org/files-pri/T1-F1/a.jpg"}, "external"),
        ({"address": "http://files.slack.com.example.org/a.jpg"}, "external"),
        ({"size": 10**9}, "too_large"),
    ],
)
async def test_a_file_that_cannot_be_had_is_refused_without_a_download(
    tmp_path: Path, changes: dict[str, Any], why: str
) -> None:
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, picture(), **changes) == why
        assert bot.slack.workspace.files.downloads == []


async def test_a_file_that_came_through_slack_connect_is_sent_once_slack_shows_it(
    tmp_path: Path,
) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture()))
        [file] = bot.slack.workspace.files.all.values()
        bot.slack.workspace.files.change(file.id, is_connect=True)
        await bob.submit()
        await photos(bot, "sent")
        assert [image.image.name for image in images(bot)] == ["a.jpg"]


async def test_a_file_that_is_longer_than_slack_said_is_cut_off(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, picture() + b"\0" * 3_000_000, size=1000) == "other_size"


async def test_a_file_that_is_shorter_than_slack_said_is_asked_for_again(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture()))
        [file] = bot.slack.workspace.files.all.values()
        bot.slack.workspace.files.change(file.id, size=20_000)
        await bob.submit()
        await photos(bot, "waiting", "slack")
        assert images(bot) == []


async def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, b"") == "empty"


async def test_a_page_for_signing_in_is_no_photo(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.slack.workspace.files.refuses = True
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "waiting", "no_access")
        await bot.receipt(SECURITE, says="KARE has not confirmed the photo.")
        assert images(bot) == []


@asynccontextmanager
async def another_host(seen: list[str]) -> AsyncIterator[str]:
    """A server that notes each request with its token."""

    async def note(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(body=picture(), content_type="image/jpeg")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", note)
    async with serve(app) as url:
        yield url


async def test_our_token_does_not_follow_a_redirect(tmp_path: Path) -> None:
    seen: list[str] = []
    async with another_host(seen) as url, photo_world(tmp_path) as bot:
        files = bot.slack.workspace.files
        files.refuses, files.refuses_with, files.sign_in_at = True, "redirect", f"{url}/login"
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "waiting", "no_access")
        assert seen == []


async def test_our_token_does_not_go_to_another_host(tmp_path: Path) -> None:
    seen: list[str] = []
    async with another_host(seen) as url, photo_world(tmp_path) as bot:
        assert await refused(bot, picture(), address=f"{url}/files-pri/T1-F1/a.jpg") == "external"
        assert seen == []


async def test_without_the_scope_a_photo_waits_for_an_administrator(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture()))
        app = bot.slack.workspace.app
        bot.slack.workspace.app = replace(app, scopes=app.scopes - {"files:read"})
        await bob.submit()
        await photos(bot, "waiting", "scope")
        await bot.receipt(SECURITE, says="Slack does not let the bot read files.")


def zip_of(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    "behind", [b"<html><script>alert(1)</script></html>", zip_of("evil.exe")], ids=["html", "zip"]
)
async def test_a_picture_that_is_something_else_too_is_sent_as_a_picture_alone(
    tmp_path: Path, behind: bytes
) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture(comment=b"<html>") + behind))
        await bob.submit()
        await photos(bot, "sent")
        [image] = images(bot)
        assert image.content is not None
        assert behind not in image.content
        assert b"<html>" not in image.content
        assert opened(image.content).size == (20, 40)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><svg></svg></html>",
        b"#!/bin/sh\nrm -rf /\n",
        b"MZ\x90\x00" + b"\0" * 100,
        zip_of("evil.exe"),
        b"PK\x03\x04" + b"\xff" * 100,
    ],
    ids=["html", "script", "program", "zip", "broken zip"],
)
async def test_a_file_that_only_its_name_calls_a_photo_is_refused(
    tmp_path: Path, content: bytes
) -> None:
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, content) == "type"


def bomb(pixels: int) -> bytes:
    """A PNG of a few kilobytes that says it has that many pixels in a square."""
    side = int(pixels**0.5)
    head = b"IHDR" + side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = b"IDAT" + zlib.compress(b"\0" * 1_000_000)

    def chunk(body: bytes) -> bytes:
        return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    return b"\x89PNG\r\n\x1a\n" + chunk(head) + chunk(data) + chunk(b"IEND")


async def test_a_picture_with_too_many_pixels_is_refused(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, bomb(10**9), "a.png") == "too_many_pixels"


async def test_a_picture_that_breaks_off_is_refused(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        assert await refused(bot, picture(size=(400, 400))[:-500]) == "damaged"


async def test_a_wrong_ending_is_put_right(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("plan.png", picture("JPEG")))
        await bob.submit()
        await photos(bot, "sent")
        [image] = images(bot)
        assert image.image.mime_type == "image/jpeg"
        assert image.image.name == "plan.jpg"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\bob\\exit.jpg", "exit.jpg"),
        ("a\r\nb\x00\u202egpj.jpg", "abgpj.jpg"),
        (" .jpg", "photo.jpg"),
        ("é" * 300 + ".jpg", "é" * 246 + ".jpg"),
    ],
)
async def test_a_name_is_made_harmless(tmp_path: Path, name: str, sent: str) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture()))
        [file] = bot.slack.workspace.files.all.values()
        address = f"{bot.sandbox.url}/slack/files-pri/T1-{file.id}/a.jpg"
        bot.slack.workspace.files.change(file.id, name=name, address=address)
        await bob.submit()
        await photos(bot, "sent")
        assert [image.image.name for image in images(bot)] == [sent]


@pytest.mark.parametrize(
    ("kind", "mode", "mimetype", "size"),
    [
        ("JPEG", "RGB", "image/jpeg", (20, 40)),
        ("JPEG", "CMYK", "image/jpeg", (20, 40)),
        ("JPEG", "L", "image/jpeg", (20, 40)),
        ("PNG", "RGB", "image/jpeg", (20, 40)),
        ("PNG", "RGBA", "image/png", (20, 40)),
        ("WEBP", "RGB", "image/jpeg", (20, 40)),
        # A HEIC says beside its EXIF how it is to be turned, and only that counts.
        ("HEIF", "RGB", "image/jpeg", (40, 20)),
    ],
)
async def test_a_picture_is_sent_upright_and_without_a_place(
    tmp_path: Path, kind: str, mode: str, mimetype: str, size: tuple[int, int]
) -> None:
    async with photo_world(tmp_path) as bot:
        ending = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}[kind]
        bob = await report_with(bot, (f"a.{ending}", picture(kind, mode=mode)))
        await bob.submit()
        await photos(bot, "sent")
        [image] = images(bot)
        assert image.image.mime_type == mimetype
        sent = opened(image.content or b"")
        assert dict(sent.getexif()) == {}
        assert sent.size == size

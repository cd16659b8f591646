"""Images of anomalies: files are registered with KARE, and their bytes are put at presigned
addresses.

The address is a place in an object store, which takes no token of KARE. It takes the bytes once,
within `LASTS` seconds, with the registered type and length.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from sandbox.fault_middleware import ApiError

LASTS = 900.0
UPLOADS = "/uploads/"
_OFFICE = "application/vnd.openxmlformats-officedocument."
MIMETYPES = frozenset(
    {
        *(f"image/{kind}" for kind in ("jpeg", "png", "gif", "svg+xml")),
        *(f"application/{kind}" for kind in ("pdf", "msword", "vnd.ms-excel", "vnd.ms-powerpoint")),
        f"{_OFFICE}wordprocessingml.document",
        f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    }
)


class Image(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)

    upload_id: str = Field(min_length=1)
    name: str = Field(min_length=1, max_length=250)
    mime_type: str
    size: int = Field(ge=1)


IMAGES = TypeAdapter(Annotated[list[Image], Field(min_length=1, max_length=20)])


@dataclass
class SavedImage:
    """A file that was registered with KARE. `content` is None until its bytes have come."""

    id: int
    anomaly_id: int
    image: Image
    expires_at: float
    content: bytes | None = None


class Images:
    """`all` are the files by the secret part of their address."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.all: dict[str, SavedImage] = {}
        self.refuses = False
        """Whether every upload is refused with 403."""
        self.cuts = 0
        """So many uploads are stored, and the connection is cut before the answer."""

    @property
    def stored(self) -> list[SavedImage]:
        """The files whose bytes have come, in the order of their registration."""
        return [image for image in self.all.values() if image.content is not None]

    def add(self, anomaly_id: int, images: list[Image], base: str) -> list[dict[str, object]]:
        """Remember files, and give the answer's `uploads`.

        :param base: of the addresses, such as http://127.0.0.1:8080/kare/main
        """
        for image in images:
            if image.mime_type not in MIMETYPES:
                raise ApiError(400, f"mimeType: {image.mime_type} is not supported")
        uploads: list[dict[str, object]] = []
        for image in images:
            secret, number = secrets.token_urlsafe(24), 7001 + len(self.all)
            expires = self._clock() + LASTS
            self.all[secret] = SavedImage(number, anomaly_id, image, expires)
            url = f"{base}{UPLOADS}{secret}?X-Amz-Expires={int(LASTS)}&X-Amz-Signature={secret}"
            uploads.append({"uploadId": image.upload_id, "presignedUrl": url, "id": number})
        return uploads

    async def put(self, request: web.Request) -> web.Response:
        """Take the bytes of a file, as an object store does."""
        saved = self.all.get(request.match_info["secret"])
        if saved is None or self.refuses or self._clock() > saved.expires_at:
            return _refused(403, "AccessDenied")
        if refusal := _refusal(request, saved):
            return refusal
        content = bytearray()
        async for piece in request.content.iter_chunked(2**16):
            content += piece
        if len(content) != saved.image.size:
            return _refused(400, "IncompleteBody")
        if saved.content is not None:
            return _refused(412, "PreconditionFailed")
        saved.content = bytes(content)
        if self.cuts > 0 and request.transport is not None:
            self.cuts -= 1
            request.transport.abort()
        return web.Response(status=200)


def _refusal(request: web.Request, saved: SavedImage) -> web.Response | None:
    """The faults of the headers of an upload."""
    if "Authorization" in request.headers or "X-Session-Token" in request.headers:
        return _refused(400, "InvalidArgument")
    if request.headers.get("Content-Type") != saved.image.mime_type:
        return _refused(403, "SignatureDoesNotMatch")
    if not re.fullmatch(r"[0-9]+", request.headers.get("Content-Length", "")):
        return _refused(411, "MissingContentLength")
    return None


def _refused(status: int, code: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")

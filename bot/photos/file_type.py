"""The type of a file by its first bytes. Neither its name nor Slack's type decides."""

import re
import zipfile
from dataclasses import dataclass
from typing import IO

HEAD = 4096
"""Bytes that are looked at."""


@dataclass(frozen=True)
class FileType:
    mimetype: str
    ending: str
    """Of the name."""
    redrawn: bool = False
    """Whether the picture is drawn anew: upright, at most 3,000 pixels wide, and without where and
    when it was taken."""


JPEG = FileType("image/jpeg", "jpg", redrawn=True)
PNG = FileType("image/png", "png", redrawn=True)
WEBP = FileType("image/webp", "webp", redrawn=True)
HEIC = FileType("image/heic", "heic", redrawn=True)
GIF = FileType("image/gif", "gif")
SVG = FileType("image/svg+xml", "svg")
PDF = FileType("application/pdf", "pdf")
_OOXML = "application/vnd.openxmlformats-officedocument."
_OFFICE = {
    "word/": FileType(f"{_OOXML}wordprocessingml.document", "docx"),
    "xl/": FileType(f"{_OOXML}spreadsheetml.sheet", "xlsx"),
    "ppt/": FileType(f"{_OOXML}presentationml.presentation", "pptx"),
}
_OLD_OFFICE = {
    "doc": FileType("application/msword", "doc"),
    "xls": FileType("application/vnd.ms-excel", "xls"),
    "ppt": FileType("application/vnd.ms-powerpoint", "ppt"),
}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# What matched is not tried in another way: a file of comments alone could keep it busy for ever.
_SVG = re.compile(
    rb"^(?:\xef\xbb\xbf)?+\s*+(?:<\?xml[^>]*+>\s*+)?+(?:<!--(?>.*?-->)\s*+)*+"
    rb"(?:<!DOCTYPE svg[^>\[]*+>\s*+)?+<svg[\s>]",
    re.DOTALL,
)
_BEGINNINGS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    b"%PDF-": PDF,
}


def file_type(file: IO[bytes], name: str) -> FileType | None:
    """The type of a file; None for a type that no API takes. Call it in a thread: an archive of
    10 MB can take seconds.

    :param file: is left at its beginning
    :param name: needed for the old formats of Word, Excel and PowerPoint, whose bytes begin alike
    """
    file.seek(0)
    head = file.read(HEAD)
    try:
        return _by_head(head) or _by_archive(head, file) or _old_office(head, name)
    finally:
        file.seek(0)


def _by_head(head: bytes) -> FileType | None:
    for beginning, type_ in _BEGINNINGS.items():
        if head.startswith(beginning):
            return type_
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return SVG if _SVG.match(head) else None


def _by_archive(head: bytes, file: IO[bytes]) -> FileType | None:
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next(
        (
            type_
            for folder, type_ in _OFFICE.items()
            if any(name.startswith(folder) for name in names)
        ),
        None,
    )


def _old_office(head: bytes, name: str) -> FileType | None:
    if not head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return None
    return _OLD_OFFICE.get(name.rpartition(".")[2].lower())

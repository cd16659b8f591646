"""A program that draws a picture anew: from its standard input to its standard output.

It runs in a process of its own, so that a picture that takes all memory or crashes a decoder ends
only this process. Its last line on stderr names the fault: `too_many_pixels` or `damaged`.

The new picture is upright, at most 3,000 pixels wide, and has no EXIF, XMP, comment or text beside
its pixels; its colours are converted to sRGB. HEIC and WebP become JPEG, or PNG where they are
transparent.
"""

import contextlib
import io
import sys
import warnings
from typing import IO

from PIL import Image, UnidentifiedImageError

WIDTH = 3000
"""Pixels."""
PIXELS = 60_000_000
"""Pixels of a picture that is decoded whole: 180 MB. A JPEG is decoded at an eighth, a quarter or
half of its size where that is enough."""
PIXELS_OF_JPEG = 240_000_000
MEMORY = 1_500_000_000
"""Bytes that the process may take."""
SECONDS = 60
"""Of computing that the process may take."""
QUALITY = 88
TOO_MANY_PIXELS, DAMAGED = "too_many_pixels", "damaged"
FAILED = 3
"""The exit status for a picture that cannot be drawn."""


class _BadPictureError(Exception):
    pass


_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned, by EXIF's tag of its orientation."""
_ORIENTATION = 0x0112
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})


def redraw(source: IO[bytes], target: IO[bytes]) -> None:
    """:raises _BadPictureError: when it cannot be drawn"""
    try:
        drawn = _drawn(source)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _BadPictureError(TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _BadPictureError(DAMAGED) from error
    if drawn.mode == "RGBA":
        drawn.save(target, "PNG")
    else:
        drawn.save(target, "JPEG", quality=QUALITY)


def _drawn(source: IO[bytes]) -> Image.Image:
    """Pixels alone. Each step lets go of the picture before it: a large one takes 36 MB."""
    picture: Image.Image = Image.open(source, formats=("JPEG", "PNG", "WEBP", "HEIF"))
    _check(picture)
    turned, profile = _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1)), _profile(picture)
    on_its_side = picture.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE
    scale = min(1.0, WIDTH / (picture.height if on_its_side else picture.width))
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    if picture.format == "JPEG":
        picture.draft("RGB", (size[0], size[1]))
    mode = "RGBA" if _is_transparent(picture) else "RGB"
    picture.load()
    picture = picture if picture.mode == mode else picture.convert(mode)
    if picture.size != size:
        small = (size[0], size[1])
        picture = picture.resize(small, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turned is not None:
        picture = picture.transpose(turned)
    if profile:
        picture = _in_srgb(picture, profile)
    picture.info = {}  # whatever Pillow would write beside the pixels
    return picture


def _profile(picture: Image.Image) -> bytes:
    profile = picture.info.get("icc_profile")
    return profile if isinstance(profile, bytes) else b""


def _check(picture: Image.Image) -> None:
    limit = PIXELS_OF_JPEG if picture.format == "JPEG" else PIXELS
    if picture.width * picture.height > limit:
        raise _BadPictureError(TOO_MANY_PIXELS)


def _in_srgb(pixels: Image.Image, profile: bytes) -> Image.Image:
    """The colours of a profile that fits, such as that of a telephone's screen."""
    from PIL import ImageCms  # noqa: PLC0415 - few pictures need it

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):  # broken, or of another mode such as CMYK
        return pixels
    return pixels if converted is None else converted


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _read_heic(source: IO[bytes]) -> bytes:
    """Teach Pillow HEIC if the picture may be one.

    :returns: the whole picture
    """
    content = source.read()
    if content[4:8] == b"ftyp":
        from pillow_heif import register_heif_opener  # noqa: PLC0415 - it takes memory

        register_heif_opener()
    return content


def _limit() -> None:
    """A sandbox of the operator may forbid to set limits; then its own limits hold."""
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return
    for resource_id, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource_id, (limit, limit))


def main() -> int:
    _limit()
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXELS_OF_JPEG
    drawn = io.BytesIO()
    try:
        redraw(io.BytesIO(_read_heic(sys.stdin.buffer)), drawn)
    except _BadPictureError as error:
        print(error, file=sys.stderr)
        return FAILED
    sys.stdout.buffer.write(drawn.getbuffer())
    return 0


if __name__ == "__main__":
    sys.exit(main())

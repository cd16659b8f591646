"""A program that draws a picture anew: from its standard input to its standard output.

It runs in a process of its own, so that a picture that takes all memory or crashes a decoder ends
only this process. Its last line on stderr says what is wrong: `too_many_pixels` or `damaged`.

The new picture is upright, at most 3,000 pixels wide, and has no EXIF, XMP, comment or text beside
its pixels; its colours are converted to sRGB. HEIC and WebP become JPEG, or PNG where they are
transparent.
"""

import contextlib
import io
import sys
import warnings
from typing import IO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

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


def redraw(source: IO[bytes], target: IO[bytes]) -> None:
    """:raises _BadPictureError: when it cannot be drawn"""
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP", "HEIF")) as picture:
            _check(picture)
            if picture.format == "JPEG":
                picture.draft("RGB", (WIDTH, WIDTH))
            drawn = _plain(_small(ImageOps.exif_transpose(picture)))
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _BadPictureError(TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _BadPictureError(DAMAGED) from error
    if drawn.mode == "RGBA":
        drawn.save(target, "PNG")
    else:
        drawn.save(target, "JPEG", quality=QUALITY, optimize=False)


def _check(picture: Image.Image) -> None:
    limit = PIXELS_OF_JPEG if picture.format == "JPEG" else PIXELS
    if picture.width * picture.height > limit:
        raise _BadPictureError(TOO_MANY_PIXELS)


def _small(picture: Image.Image) -> Image.Image:
    if picture.width <= WIDTH:
        return picture
    height = max(1, round(picture.height * WIDTH / picture.width))
    mode = "RGBA" if _is_transparent(picture) else "RGB"
    return _as(picture, mode).resize((WIDTH, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _plain(picture: Image.Image) -> Image.Image:
    """Pixels alone: a new picture that takes nothing else over."""
    mode = "RGBA" if _is_transparent(picture) else "RGB"
    profile = picture.info.get("icc_profile")
    pixels = _as(picture, mode)
    if isinstance(profile, bytes) and profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            pixels = _in_srgb(pixels, profile)
    plain = Image.new(pixels.mode, pixels.size)
    plain.paste(pixels)
    return plain


def _in_srgb(pixels: Image.Image, profile: bytes) -> Image.Image:
    """A profile of another mode, such as CMYK, does not fit, and raises an error."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    converted = ImageCms.profileToProfile(pixels, source, ImageCms.createProfile("sRGB"))
    return pixels if converted is None else converted


def _is_transparent(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def _as(picture: Image.Image, mode: str) -> Image.Image:
    return picture if picture.mode == mode else picture.convert(mode)


def _limit() -> None:
    """A sandbox of the operator may forbid to set limits; then its own limits hold."""
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (limit, limit))


def main() -> int:
    _limit()
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = PIXELS_OF_JPEG
    register_heif_opener()
    drawn = io.BytesIO()
    try:
        redraw(sys.stdin.buffer, drawn)
    except _BadPictureError as error:
        print(error, file=sys.stderr)
        return FAILED
    sys.stdout.buffer.write(drawn.getbuffer())
    return 0


if __name__ == "__main__":
    sys.exit(main())

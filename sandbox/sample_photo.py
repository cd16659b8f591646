"""A photo for a sample message: a door with pallets before it, drawn pixel by pixel as a PNG."""

import zlib

WIDTH, HEIGHT = 320, 240
WALL, DOOR, SIGN, WOOD, GAP, FLOOR = (
    (222, 218, 208),
    (120, 132, 140),
    (0, 122, 61),
    (176, 128, 74),
    (110, 76, 40),
    (150, 146, 140),
)


def sample_photo() -> bytes:
    rows = b"".join(
        b"\0" + b"".join(bytes(_colour(x, y)) for x in range(WIDTH)) for y in range(HEIGHT)
    )
    head = WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _colour(x: int, y: int) -> tuple[int, int, int]:
    if 130 <= x < 190 and 14 <= y < 34:
        return SIGN
    if 60 <= x < 260 and y >= 120:
        return GAP if y % 20 < 5 or x % 66 < 4 else WOOD
    if y >= 210:
        return FLOOR
    return DOOR if 100 <= x < 220 and y >= 44 else WALL


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + check

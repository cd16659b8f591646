"""An address and a port as one text, such as `127.0.0.1:9400` or `[::1]:9400`."""

import re

_TEXT = re.compile(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>[0-9]{1,5})", re.ASCII)
HIGHEST_PORT = 65_535


def checked(text: str) -> str:
    """:raises ValueError: with a sentence, if it is not an address and a port"""
    split(text)
    return text.strip()


def split(text: str) -> tuple[str, int]:
    """:returns: the address, which has no brackets, and the port
    :raises ValueError: with a sentence, if it is not an address and a port
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None or not 0 < int(match["port"]) <= HIGHEST_PORT:
        raise ValueError("it is not an address and a port, such as 127.0.0.1:9400")
    return match["host"].strip("[]"), int(match["port"])

"""The name under which a photo is sent."""

import re
import unicodedata

LIMIT = 250
"""Characters that KARE takes."""


def clean_name(name: str, ending: str) -> str:
    """A name without folders and without characters that nobody sees, with the ending of its type.

    :param name: as a person or Slack gave it
    :param ending: without a point
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    stem = " ".join(visible.split())
    base, point, extension = stem.rpartition(".")
    if point and re.fullmatch(r"(?i)[a-z0-9]{1,5}", extension):
        stem = base
    stem = stem.strip(". ")
    return f"{stem[: LIMIT - len(ending) - 1] or 'photo'}.{ending}"

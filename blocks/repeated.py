"""Leaves out of a receipt the words of the message under which it is posted.

The message itself is not stored. Its fingerprint is the length and the hash of its words. With it,
the words are recognised at the beginning of a submitted text.
"""

import hashlib


def fingerprint(message: str) -> str | None:
    """A fingerprint of a message's words; None when there are none."""
    words = message.strip()
    return f"{len(words)}:{_hash(words)}" if words else None


def without_message(text: str, message: str | None, link: str | None) -> str:
    """A text without the message's words at its beginning, and without the message's permalink on a
    line of its own.

    :param message: the fingerprint of the message; None where it is not known
    :param link: the permalink
    """
    rest = "\n".join(line for line in text.split("\n") if line.strip() != link) if link else text
    length, _, digest = (message or "").partition(":")
    start = rest.lstrip()
    if length.isdecimal() and digest == _hash(start[: int(length)]):
        rest = start[int(length) :]
    return rest.strip()


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]

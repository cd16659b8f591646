"""How texts of people and of the APIs are compared: what looks the same to a reader is the same."""

import re
import unicodedata

from blocks.mrkdwn import shown

_ACCENTS = re.compile("[\u0300-\u036f]")
_LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o"}


def compared(text: str) -> str:
    """The form that texts have in common which a reader takes for the same. It is the form of
    `shown`, without case, and with one space between two words.
    """
    # Without case, some letters have another plain form than with it.
    return " ".join(shown(shown(text).casefold()).split())


def searched(text: str) -> str:
    """The form in which words are looked for: as `compared`, without accents, and with ligatures as
    two letters, because people search with the letters that their keyboard has.
    """
    text = compared(text)
    if text.isascii():
        return text
    # str.translate would take ten times as long.
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    decomposed = unicodedata.normalize("NFKD", text)
    return _ACCENTS.sub("", decomposed)

"""Keeps our secrets out of what others answer, and so out of the file, of Slack, and of the log.

An API may repeat our token in an error message. Texts that come from outside are cleaned here
before anything else is done with them; a logging filter is the second line.
"""

import base64
import html
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from pydantic import BaseModel, SecretStr

from bot.log_format import facts_of

MARK = "…"
"""Stands for a secret."""
PIECE = 8
"""Characters. A text that holds fewer of a secret in a row shows too little of it to matter."""
SHORTEST_SECRET = 4
RENEWED = 6
"""Secrets that a login gave and that are remembered; older ones have ended."""

# Secrets whose shape is known, whoever they belong to.
_SHAPES = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]{8,}"  # Slack's tokens
    # response_urls, also as JSON and percent-encoding spell them
    r"|(?:https?(?::|%3[Aa])(?:\\?/|%2[Ff]){2})?hooks\.slack(?:-gov)?\.com(?:\\?/|%2[Ff])[^\s\"]+"
    r"|(?<=ticket=)[^&'\"\s]+"  # the ticket of a WebSocket's address
    r"|(?<=[Bb]earer )[\w.~+/=-]{12,}"
)
_SHAPES_BEGIN = ("xox", "xapp-", "hooks.slack", "ticket=", "earer ")
_LINE_BREAK = re.compile(r"(?:\s|\\[rnt])*(?:[\r\n]|\\[rn])(?:\s|\\[rnt])*")
"""Between two lines, also as JSON spells it, with the indentation."""
_NUL_IN_JSON = "\\u0000"
_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")

_formatter = logging.Formatter()


class Scrubber:
    """Replaces secrets, whole or in part, plain or in the encodings that services use."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._short: set[str] = set()
        self._pieces: dict[str, list[tuple[str, int]]] = {}
        self._plain: set[str] = set()
        """The pieces of the secrets as they are, to look for in a decoded text."""
        self._renewed: list[str] = []
        self._fixed = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        self._index()

    def renewed(self, *secrets: str) -> None:
        """Remember secrets that a login gave."""
        new = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        self._renewed = [*self._renewed, *new][-RENEWED:]
        self._index()

    def text(self, text: str) -> str:
        """Of whole characters, and without secrets."""
        text = self._cleaned(whole_characters(text))
        for decode in _DECODERS:
            # In a text that was encoded as a whole, no piece of a secret is as it was.
            decoded = whole_characters(decode(text))
            if decoded != text and any(piece in decoded for piece in self._plain):
                text = self._cleaned(decoded)
        return text

    def _cleaned(self, text: str) -> str:
        if any(begin in text for begin in _SHAPES_BEGIN):
            text = _SHAPES.sub(MARK, text)
        for secret in self._short:
            text = text.replace(secret, MARK)
        at_most = len(text) - PIECE + 1
        # A short text has fewer places than there are pieces, and is not searched for each of them.
        if at_most > len(self._pieces) and not any(piece in text for piece in self._pieces):
            return text
        places = [at for at in range(at_most) if text[at : at + PIECE] in self._pieces]
        return _without(text, self._spans(text, places)) if places else text

    def value(self, value: Any) -> Any:
        """A JSON value whose texts, keys included, are cleaned. Clean ones are given back as they
        are.

        :raises RecursionError: for a value that nests too deep
        """
        whole = json.dumps(value, ensure_ascii=False, default=str)
        if _NUL_IN_JSON in whole:
            return _cleaned(value, self.text)
        # Secrets are looked for as JSON spells them too.
        return value if self.text(whole) == whole else _cleaned(value, self.text)

    def _index(self) -> None:
        """Cut each secret into pieces: a text that holds much of it holds a whole piece."""
        forms = {form for secret in [*self._fixed, *self._renewed] for form in _forms(secret)}
        self._short = {form for form in forms if len(form) < PIECE}
        self._pieces = {}
        self._plain = {
            secret[start : start + PIECE]
            for secret in (*self._fixed, *self._renewed)
            for start in range(0, max(len(secret) - PIECE, 0) + 1, PIECE)
        }
        for form in forms - self._short:
            for start in range(0, len(form) - PIECE + 1, PIECE):
                self._pieces.setdefault(form[start : start + PIECE], []).append((form, start))

    def _spans(self, text: str, places: list[int]) -> Iterator[tuple[int, int]]:
        """Where in a text secrets are, as far as they reach."""
        for at in places:
            for form, start in self._pieces[text[at : at + PIECE]]:
                begin, end = _extended(text, at, form, start)
                if end - begin >= min(len(form), PIECE + PIECE // 2):
                    yield begin, end


class ScrubbingFilter(logging.Filter):
    """Cleans each record, its facts and its traceback included, before a handler writes it."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__()
        self._scrubber = scrubber

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (clean := self._scrubber.text(message)) != message:
            record.msg, record.args = clean, None
        for name, fact in facts_of(record).items():
            # An error is a fact too, and is written as its text.
            written = str(fact)
            if (clean := self._scrubber.text(written)) != written:
                setattr(record, name, clean)
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self._scrubber.text(record.exc_text)
        return True


@contextmanager
def scrubbed_log(scrubber: Scrubber) -> Iterator[None]:
    """Clean whatever the process's log handlers write, as long as the block lasts."""
    line, handlers = ScrubbingFilter(scrubber), list(logging.getLogger().handlers)
    for handler in handlers:
        handler.addFilter(line)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(line)


def secrets_of(settings: BaseModel) -> list[str]:
    """The text of each setting that is a secret."""
    return [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]


def whole_characters(text: str) -> str:
    """A text with `?` for half a surrogate pair, which neither a file nor JSON in UTF-8 can hold,
    and for the character 0, which PostgreSQL does not take.
    """
    text = text.replace("\0", "?")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


_DECODERS: tuple[Callable[[str], str], ...] = (
    lambda text: unquote(text) if "%" in text else text,
    lambda text: html.unescape(text) if "&#" in text else text,
    lambda text: _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "\\" in text else text,
    lambda text: _LINE_BREAK.sub("", text) if _has_line_break(text) else text,
)
"""What undoes an encoding that can spell each character of a secret, or divide it."""


def _has_line_break(text: str) -> bool:
    """Whether `_LINE_BREAK` may find something."""
    return "\n" in text or "\r" in text or "\\" in text


def _forms(secret: str) -> Iterator[str]:
    """A secret as it is, and as it may be spelled in an answer."""
    yield from (secret, secret.lower(), secret.upper())
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield re.sub("%..", lambda match: match[0].lower(), quote(secret, safe=""))
    yield html.escape(secret)
    yield html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    for ascii_only in (True, False):
        escaped = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
        yield json.dumps(escaped)[1:-1]  # JSON in a text of JSON, as gateways repeat a body
    data = secret.encode()
    yield data.decode("latin-1")  # UTF-8 that was read as another encoding
    yield from (data.hex(), data.hex().upper(), repr(data)[2:-1])
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield from _in_base64(data, encode)


def _in_base64(data: bytes, encode: Callable[[bytes], bytes]) -> Iterator[str]:
    """The characters that stand for a secret alone, wherever it begins in a text of base64."""
    for offset, skipped in ((0, 0), (1, 2), (2, 3)):
        encoded = encode(b"\0" * offset + data).decode()
        whole = len(encoded) if (offset + len(data)) % 3 == 0 else len(encoded.rstrip("=")) - 1
        if whole - skipped >= PIECE:
            yield encoded[skipped:whole]


def _extended(text: str, at: int, form: str, start: int) -> tuple[int, int]:
    """How far a text and a secret agree around a piece, as positions in the text."""
    begin, end = at, at
    while begin > 0 and start > 0 and text[begin - 1] == form[start - 1]:
        begin, start = begin - 1, start - 1
    start += at - begin
    while end < len(text) and start < len(form) and text[end] == form[start]:
        end, start = end + 1, start + 1
    return begin, end


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, reached = [], 0
    for begin, end in sorted(spans):
        if begin >= reached:
            parts += [text[reached:begin], MARK]
        reached = max(reached, end)
    return "".join([*parts, text[reached:]])


def _cleaned(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_cleaned(item, change) for item in value]
    if isinstance(value, dict):
        return {change(str(key)): _cleaned(item, change) for key, item in value.items()}
    return value

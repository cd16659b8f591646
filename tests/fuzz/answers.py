"""Answers of an API that hypothesis draws: from the documented ones to bytes that are no HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from sandbox.catalogue import Catalogue
from tests.world import ID, OTHER_ID

JSON_TYPE = ("Content-Type", "application/json")


@dataclass(frozen=True)
class RawAnswer:
    """What an API writes into the connection before it closes it."""

    status: int
    body: bytes = b""
    headers: Sequence[tuple[str, str]] = (JSON_TYPE,)
    cut: int | None = None
    """How many bytes are written at most; None for the whole answer."""
    garbage: bytes | None = None
    """What is written in the place of an answer."""

    @property
    def wire(self) -> bytes:
        if self.garbage is not None:
            return self.garbage
        lines = [f"HTTP/1.1 {self.status} Odd", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        whole = "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body
        return whole if self.cut is None else whole[: self.cut]

    @property
    def is_whole(self) -> bool:
        return self.garbage is None and self.cut is None

    @property
    def is_plain(self) -> bool:
        """Whether the body is written as it is, and may be read."""
        encoded = any(name == "Content-Encoding" for name, _ in self.headers)
        return self.is_whole and not encoded and self.status != 204


ODD_TEXTS = st.sampled_from(
    ["", " ", "\ud83d", "\udc00x", "\x00", "\u200b", "<!channel>", "<@U1>", "*b* _i_ `c` &amp; <x>",
     "https://api.example/p?q=1|x", "javascript:alert(1)", "x" * 5000, "é" * 4001, "\n" * 300,
     ID, OTHER_ID.upper(), "2026-01-02T03:04:05Z", "2026-01-02T03:04:05",
     "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "+999999-99-99T99:99:99Z", "1e999"]
)  # fmt: skip
NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 2**63, 10**30, 10**400, 1e308])
SCALARS = st.none() | st.booleans() | NUMBERS | ODD_TEXTS | st.text(max_size=40)
NAMES = st.sampled_from(
    ["message", "errors", "configurationUrl", "reportId", "createdAt", "nbInsertion", "data",
     "comment", "propertyIds", "", "\ud83d", "x" * 300, "location.floor", "anomalies.0.title"]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
MANY_ERRORS = st.builds(
    lambda count, value: {f"field{n}": value for n in range(count)},
    st.integers(min_value=1, max_value=150),
    VALUES,
)
REFUSALS = st.fixed_dictionaries(
    {},
    optional={
        "message": VALUES,
        "errors": VALUES | MANY_ERRORS | st.dictionaries(NAMES, VALUES, max_size=4),
        "configurationUrl": VALUES,
    },
)
FILED_BY_IMMOTEUR = {"reportId": ID, "createdAt": "2026-01-02T03:04:05.000Z"}
FILED_BY_KARE = {"nbInsertion": 1}
CREATIONS = st.sampled_from([FILED_BY_IMMOTEUR, FILED_BY_KARE]) | st.fixed_dictionaries(
    {}, optional={"reportId": VALUES, "createdAt": VALUES, "nbInsertion": VALUES}
)


def secrets_repeated(secrets: Sequence[str]) -> st.SearchStrategy[Any]:
    """Refusals that repeat our own secrets, as gateways do."""
    sentences = st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "Bearer ", "'", "not a valid key=value pair: 'Bearer ", "a" * 480]),
        st.sampled_from(secrets),
        st.sampled_from(["", "'", "\ud83d", "%20", "x" * 600]),
    )
    return st.fixed_dictionaries(
        {"message": sentences},
        optional={
            "errors": st.dictionaries(
                NAMES | sentences, st.lists(sentences, max_size=2), max_size=2
            ),
            "configurationUrl": sentences.map("https://x.example/?t={}".format),
        },
    )


LOGINS = st.fixed_dictionaries(
    {"data": st.fixed_dictionaries({}, optional={"accessToken": VALUES, "sessionToken": VALUES})}
)
CLASSIFIEDS = st.fixed_dictionaries(
    {"id": st.sampled_from([ID, OTHER_ID]) | VALUES, "propertyId": st.just(ID) | VALUES},
    optional={
        "title": VALUES,
        "status": st.fixed_dictionaries({}, optional={"current": VALUES}) | VALUES,
        "source": st.fixed_dictionaries({}, optional={"domain": VALUES, "url": VALUES}) | VALUES,
        "property": st.dictionaries(st.sampled_from(["type", "area", "roomCount"]), VALUES),
        "location": st.fixed_dictionaries(
            {}, optional={"city": st.fixed_dictionaries({"name": VALUES}), "postcode": VALUES}
        ),
        "transaction": st.fixed_dictionaries(
            {}, optional={"type": VALUES, "price": st.fixed_dictionaries({"current": VALUES})}
        ),
    },
)
LOOKUPS = st.fixed_dictionaries(
    {}, optional={"classified": CLASSIFIEDS, "classifieds": st.lists(CLASSIFIEDS, max_size=3)}
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": NUMBERS | VALUES,
        "name": VALUES,
        "city": VALUES,
        "zipCode": VALUES,
        "sites": st.lists(
            st.fixed_dictionaries({"id": st.integers(0, 99) | VALUES, "name": VALUES}), max_size=3
        ),
        "siteId": st.just(Catalogue.sample_site) | st.integers(0, 99) | VALUES,
        "technicalInstallationId": st.integers(0, 99) | VALUES,
        "technicalInstallation": st.fixed_dictionaries({"name": VALUES}) | VALUES,
        "archivedAt": VALUES,
        "commissionDate": VALUES,
        "report": st.fixed_dictionaries({"id": st.integers(0, 99) | VALUES, "name": VALUES}),
        "title": VALUES,
        "risk": VALUES,
        "createdAt": VALUES,
        "location": VALUES,
        "dueAt": VALUES,
    },
)
LISTS = st.fixed_dictionaries(
    {"data": st.lists(ROWS, max_size=5)},
    optional={
        "totalCount": st.integers(-1, 20) | VALUES,
        "pagination": st.fixed_dictionaries({}, optional={"page": VALUES}) | VALUES,
    },
)
ODD_BODIES = {
    "empty": b"",
    "null": b"null",
    "half": b"{",
    "deep and half": b"[" * 50_000,
    "deep": b"[" * 900 + b"]" * 900,
    "not UTF-8": b"\xff\xfe\x00",
    "NUL": b"\x00" * 99,
    "a page": b"<html><body><h1>502 Bad Gateway</h1></body></html>",
    "words": b"Internal Server Error",
    "long and half": b'{"message": "' + b"x" * 300_000,
    "long": b'{"message": "' + b"x " * 300_000 + b'"}',
    "half pairs": b'"' + b"\\ud83d" * 3000 + b'"',
    "NUL in a text": b'{"message": "a\\u0000b"}',
    "with a mark of order": b'\xef\xbb\xbf{"reportId": 1}',
    "UTF-16": '{"message": "\u00e9"}'.encode("utf-16"),
    "no sentence": b'{"errors": {"comment": []}}',
    "an empty sentence": b'{"errors": {"comment": [""]}}',
    "no number": b"NaN",
    "a long number": b"1" * 6000,
}
# By their names, because hypothesis prints what it draws from.
RAW_BODIES = st.sampled_from(sorted(ODD_BODIES)).map(ODD_BODIES.__getitem__) | st.binary(
    max_size=200
)


def bodies(documented: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """:param documented: the JSON of a route, with odd values in its fields"""
    # Half a surrogate pair is written as JSON's escape, as JavaScript does.
    return (documented | documented | VALUES).map(lambda value: json.dumps(value).encode()) | (
        RAW_BODIES
    )


STATUSES = st.sampled_from(
    [200, 201, 204, 301, 307, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 599]
) | st.integers(min_value=200, max_value=999)
MOMENTS = st.sampled_from(
    ["0", "-1", "1", "30", "3600", "1e9", "1e999", "NaN", "inf", "0x10", "²", "9" * 400, "30, 60",
     "31536000", "1800000000", "1800000000000", "Fri, 31 Dec 9999 23:59:59 GMT",
     "Mon, 01 Jan 2024 00:00:00 +99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT",
     "Sun, 06 Nov 1994 08:49:37", "tomorrow", ""]
)  # fmt: skip
PRINTABLE = st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f")
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["Retry-After", "RateLimit-Reset", "RateLimit-Remaining", "Date"]), MOMENTS
    )
    | st.tuples(
        st.just("Content-Type"),
        st.sampled_from(["text/plain", "text/html; charset=x", "application/json", ";", "text/"]),
    )
    | st.tuples(st.just("Content-Encoding"), st.sampled_from(["gzip", "br", "gzip, gzip", "UTF-8"]))
    | st.tuples(st.sampled_from(["Set-Cookie", "Location", "X-Odd"]), st.text(PRINTABLE)),
    max_size=4,
)
NO_HTTP = {
    "nothing": b"",
    "a version": b"HTTP/1.1",
    "no status": b"HTTP/1.1 abc\r\n\r\n",
    "an old version": b"HTTP/0.9 200\r\n\r\n{}",
    "TLS": b"\x16\x03\x01\x02\x00",
    "no length": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n{}",
    "many headers": b"HTTP/1.1 201 OK\r\n" + b"X: y\r\n" * 9999,
    "no chunk": b"HTTP/1.1 201 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "no header": b"HTTP/1.1 201 OK\r\nBad Header\r\n\r\n{}",
    "an upgrade": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n",
    "go on": b"HTTP/1.1 100 Continue\r\n\r\n",
}
GARBAGE = st.sampled_from(sorted(NO_HTTP)).map(NO_HTTP.__getitem__) | st.binary(max_size=60)


def answers(documented: st.SearchStrategy[Any]) -> st.SearchStrategy[RawAnswer]:
    """Answers of one route.

    :param documented: the JSON that it is known for
    """
    whole = st.builds(RawAnswer, STATUSES, bodies(documented), HEADERS)
    cut = st.builds(
        RawAnswer, STATUSES, bodies(documented), HEADERS, st.integers(min_value=0, max_value=400)
    )
    return whole | whole | cut | st.builds(lambda bytes_: RawAnswer(0, garbage=bytes_), GARBAGE)

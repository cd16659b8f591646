"""What HTTP mode checks before Bolt sees a request, beside what every form's tests go through."""

import hashlib
import hmac
import time
from urllib.parse import quote_plus, unquote_plus

import httpx
import pytest

from bot.http_body import LIMIT, percent_decoded
from sandbox.slack.model import App
from tests.world import World

FORM = "application/x-www-form-urlencoded"


def signed(
    body: bytes, *, timestamp: str | None = None, kind: str = FORM, secret: str = App.signing_secret
) -> dict[bytes, bytes]:
    """The headers of a request from Slack, now unless said otherwise."""
    at = str(int(time.time())) if timestamp is None else timestamp
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256)
    return {
        b"Content-Type": kind.encode(),
        b"X-Slack-Request-Timestamp": at.encode("latin-1"),
        b"X-Slack-Signature": b"v0=" + digest.hexdigest().encode(),
    }


async def post(bot: World, body: bytes, headers: dict[bytes, bytes]) -> tuple[int, str]:
    async with httpx.AsyncClient(transport=bot.transport, base_url="http://bot") as client:
        answer = await client.post("/slack/events", content=body, headers=headers)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "timestamp", ["", "now", "-1", "²", "1e9", "9" * 400, "9" * 5000, "1600000000"]
)
async def test_a_request_without_a_recent_time_is_not_slacks(bot: World, timestamp: str) -> None:
    body = b"command=%2Fanomaly"
    status, _ = await post(bot, body, signed(body, timestamp=timestamp))
    assert status == 401


@pytest.mark.parametrize(
    ("body", "secret"),
    [(b"command=%2Fanomaly", "another"), (b"command=%2Fother", App.signing_secret)],
    ids=["with another secret", "for another body"],
)
async def test_a_request_that_was_signed_otherwise_is_refused(
    bot: World, body: bytes, secret: str
) -> None:
    headers = signed(body, secret=secret)
    assert (await post(bot, b"command=%2Fanomaly", headers))[0] == 401


@pytest.mark.parametrize("headers", [{}, {b"X-Slack-Signature": b"v0=0"}], ids=["none", "half"])
async def test_a_request_without_a_whole_signature_is_refused(
    bot: World, headers: dict[bytes, bytes]
) -> None:
    assert (await post(bot, b"command=%2Fanomaly", headers))[0] == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"payload=null", FORM),
        (b"hello", FORM),
        (b"", FORM),
        (b"payload=" + b"[" * 100_000, FORM),
        (b"\xff\xfe", FORM),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
    ],
)
async def test_a_signed_request_that_makes_no_sense_is_answered_400(
    bot: World, body: bytes, kind: str
) -> None:
    status, _ = await post(bot, body, signed(body, kind=kind))
    assert status == 400


async def test_a_request_of_more_than_a_megabyte_is_answered_413(bot: World) -> None:
    body = b"a" * (LIMIT + 1)
    assert await post(bot, body, signed(body)) == (413, "the body is too large")


async def test_slacks_look_at_the_certificate_is_answered_200(bot: World) -> None:
    body = b"ssl_check=1&token=x"
    assert await post(bot, body, signed(body)) == (200, "")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/slack/events", 405), ("POST", "/healthz", 405), ("GET", "/", 404)],
)
async def test_other_addresses_say_what_they_are(
    bot: World, method: str, path: str, status: int
) -> None:
    async with httpx.AsyncClient(transport=bot.transport, base_url="http://bot") as client:
        answer = await client.request(method, path)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "text",
    [
        "".join(map(chr, range(256))),
        '{"a":"100 % = 1 + 0 & _"}\r\n',
        "==\n=0A=\r\n =",
        "%25%zz%",
        "l’été à 20 °C, 🏠",
        "",
    ],
)
@pytest.mark.parametrize("lower", [False, True])
def test_a_value_is_read_as_urllib_reads_it(text: str, lower: bool) -> None:  # noqa: FBT001
    quoted = quote_plus(text)
    quoted = quoted.replace("%C3", "%c3").replace("%3D", "%3d") if lower else quoted
    read = percent_decoded(quoted.encode())
    assert read is not None
    assert read.decode() == unquote_plus(quoted) == text


@pytest.mark.parametrize(
    "value",
    [b"%", b"a%2", b"%%", b"%%20", b"%\n20", b"%zz", b"%2g%20", b"a=b", b"a&b", b"%\r\n", b"\n"],
)
def test_a_value_that_nobody_quoted_so_is_left_to_urllib(value: bytes) -> None:
    assert percent_decoded(value) is None

"""Our secrets are never stored, shown or logged, whatever an API, Slack or a library says."""

import base64
import html
import json
import logging
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.log_format import LineFormatter, Style
from bot.scrubber import MARK, Scrubber, scrubbed_log
from bot.slack import web_api
from sandbox.immoteur.api import TOKEN
from tests.bot.scripted_api import Scripted, ScriptedImmoteur, world_with
from tests.log_lines import lines_of
from tests.promises import all_become, promise, promised

SECRET = 'pa+s/w"o\\rd&<Clé>-0123456789'
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwiZXhwIjoxfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r"
BEFORE = (b"", b"a", b"ab")
BASE64 = [base64.b64encode(before + SECRET.encode() + b"!").decode() for before in BEFORE]
FORMS = {
    "as it is": SECRET,
    "in an address": quote(SECRET, safe=""),
    "in an address, small letters": re.sub(
        "%..", lambda found: found[0].lower(), quote(SECRET, safe="")
    ),
    "in JSON": json.dumps(SECRET)[1:-1],
    "in JSON in JSON": json.dumps(json.dumps(SECRET))[3:-3],
    "in small letters": SECRET.lower(),
    "in capitals": SECRET.upper(),
    "as Python's bytes": repr(SECRET.encode())[2:-1],
    "in hexadecimal capitals": SECRET.encode().hex().upper(),
    "in JSON with escaped slashes": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "in a page": html.escape(SECRET),
    "in hexadecimal": SECRET.encode().hex(),
    "in base64": BASE64[0],
    "in base64 behind one byte": BASE64[1],
    "in base64 behind two bytes": BASE64[2],
    "percent-encoded as a whole": "".join(f"%{byte:02X}" for byte in SECRET.encode()),
    "as a page's numbers": "".join(f"&#{ord(character)};" for character in SECRET),
    "as escapes of JavaScript": "".join(f"\\u{ord(character):04x}" for character in SECRET),
    "on short lines": "\r\n  ".join(SECRET[at : at + 7] for at in range(0, len(SECRET), 7)),
    "read as Latin-1": SECRET.encode().decode("latin-1"),
    "its beginning": SECRET[:14],
    "its end": SECRET[-16:],
    "twice": SECRET + SECRET,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_replaced_in_every_form(form: str) -> None:
    clean = Scrubber([SECRET]).text(f"before {form} after")
    assert MARK in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")
    # Base64 begins and ends with characters that stand for what is around the secret as well.
    assert form[4:-4] not in clean
    assert len(clean) < 30


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_is_replaced_wherever_it_is_in_a_json_value(form: str) -> None:
    value = {"a": [{"b": f"x {form}"}, 1, None], f"{form}": True}
    clean = json.dumps(Scrubber([SECRET]).value(value), ensure_ascii=False)
    assert clean.count(MARK) == 2 * (1 + (form == SECRET + SECRET))
    assert form[4:-4] not in clean
    assert json.dumps(form[4:-4], ensure_ascii=False)[1:-1] not in clean


@pytest.mark.parametrize("length", [12, 40, 80, len(JWT)])
def test_a_cut_token_is_replaced_as_far_as_it_goes(length: int) -> None:
    assert Scrubber([JWT]).text(f"token {JWT[:length]}") == f"token {MARK}"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Scrubber([SECRET, JWT]).text(text) == text


@given(st.binary(min_size=12, max_size=40), st.binary(max_size=20), st.binary(max_size=20))
def test_base64_around_a_secret_does_not_hide_it(
    secret: bytes, before: bytes, after: bytes
) -> None:
    token = secret.hex()
    encoded = base64.b64encode(before + token.encode() + after).decode()
    inner = base64.b64encode(b"\0" * (len(before) % 3) + token.encode()).decode()[4:-4]
    assert inner not in Scrubber([token]).text(encoded)


HOOK = "https://hooks.slack.com/actions/T1/123/abcDEF"
SHAPES = [
    "failed: " + HOOK.replace("/", "\\/"),
    "failed: " + quote(HOOK, safe=""),
    "hooks.slack.com/commands/T1/123/abcDEF",
    "authorization: bearer abcdefghijklmnop",
    "xoxb-1234567890-abcdefgh",
    "xapp-1-A012-345-abcdef0123",
    "https://hooks.slack.com/actions/T0/123/abcdef",
    "https://hooks.slack.com/commands/T0/123/abcdef?x=1",
    "wss://wss-primary.slack.com/link/?ticket=0a1b2c3d4e5f",
    "Authorization: Bearer abcdef0123456789",
]


@pytest.mark.parametrize("text", SHAPES)
def test_what_looks_like_a_secret_is_replaced_without_being_known(text: str) -> None:
    clean = Scrubber().text(f"a {text} b")
    assert clean.startswith("a ")
    assert clean.endswith("… b")


@pytest.mark.parametrize("character", ["\ud83d", "\0"], ids=ascii)
def test_what_is_no_whole_character_becomes_a_question_mark(character: str) -> None:
    value = {f"a{character}": [f"b{character}c", "é \\u0000", {"d": [character]}]}
    assert Scrubber().value(value) == {"a?": ["b?c", "é \\u0000", {"d": ["?"]}]}
    assert Scrubber().text(f"{character}a") == "?a"


def test_a_log_line_and_its_traceback_hold_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    with scrubbed_log(Scrubber([SECRET])):
        try:
            int(SECRET)
        except ValueError:
            logging.getLogger("tests").exception("with %s", SECRET)
    assert "0123456789" not in lines_of(caplog)
    assert "invalid literal" in lines_of(caplog)


@pytest.mark.parametrize(
    "fact", [SECRET, ValueError(f"with {SECRET}"), [SECRET], {"token": SECRET}, f"xoxb-{SECRET}"]
)
@pytest.mark.parametrize("style", ["text", "json"])
def test_a_fact_of_a_log_line_holds_no_secret(
    caplog: pytest.LogCaptureFixture, fact: object, style: Style
) -> None:
    with scrubbed_log(Scrubber([SECRET])):
        logging.getLogger("tests").warning("a message", extra={"report": 7, "why": fact})
    line = LineFormatter(style, journald=False).format(caplog.records[-1])
    assert "0123456789" not in line
    assert MARK in line
    assert vars(caplog.records[-1])["report"] == 7


BODIES = {
    "AWS": "'{0}' not a valid key=value pair in Authorization header: 'Bearer {0}'",
    "an address": "https://x/?token={1}",
    "base64": "{2}",
    "cut": "{3}",
}


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 500])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_what_an_api_repeats_of_our_token_goes_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, body: str, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    bearer = base64.b64encode(f"Bearer {TOKEN}".encode()).decode()
    words = body.format(TOKEN, quote(TOKEN, safe=""), bearer, TOKEN[:16])
    answer = {"message": words, "configurationUrl": words, "errors": {words: [words], "a": words}}
    api = ScriptedImmoteur(Scripted(status, json.dumps(answer)))
    async with world_with(tmp_path, api) as bot:
        await promise(bot, promised())
        await bot.until(lambda: bot.rows("select 1 from reports where attempts > 0"))
        state = await bot.until(
            lambda: bot.rows("select state from reports where state not in ('waiting', 'sending')")
        )
        await all_become(bot, state[0]["state"], 1)
        shown = json.dumps([call.args for call in bot.slack.calls], default=str)
    kept = b"".join(path.read_bytes() for path in bot.db_path.parent.glob("constat.db*"))
    everything = shown + lines_of(caplog) + kept.decode("latin-1")
    secrets = [TOKEN, TOKEN[:16], bearer, bearer[12:40]]
    assert [secret for secret in secrets if secret in everything] == []


async def test_a_response_url_that_fails_is_not_named(caplog: pytest.LogCaptureFixture) -> None:
    url = "http://127.0.0.1:9/commands/T0/secret"
    async with web_api.web_client("xoxb-x", "http://127.0.0.1:9/api/") as client:
        with pytest.raises(web_api.SlackNoAnswerError) as failed:
            await web_api.respond(client, url, "text")
    assert "secret" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__

"""What Bolt gets of a request's body."""

import json
from urllib.parse import quote_plus

import pytest

from bot.http_body import parse

HALF = {"type": "x", "team": {"id": "T\ud83d1"}, "text": "Départ 😀 \udc00 \0 \\u0000"}
WHOLE = {"type": "x", "team": {"id": "T?1"}, "text": "Départ 😀 ? ? \\u0000"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (JSON, json.dumps(HALF)),
        (FORM, "payload=" + quote_plus(json.dumps(HALF))),
        (FORM, "a=1&payload=" + quote_plus(json.dumps(HALF))),
    ],
    ids=["json", "payload", "form"],
)
def test_what_a_database_does_not_take_is_a_question_mark_wherever_it_stands(
    headers: dict[str, str], content: str
) -> None:
    assert parse(headers, content.encode()) == WHOLE

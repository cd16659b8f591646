"""A receipt says all it can within what Slack takes, and a refusal of any size can be edited."""

from collections.abc import Mapping
from typing import Any

import pytest

from blocks.anomaly.form import AnomalyForm
from blocks.block_kit import text_size
from blocks.issue.form import ReportIssueForm
from blocks.issue.receipt import IssueReceipt
from blocks.mrkdwn import MARK
from blocks.receipt import BLOCKS_LIMIT, draw, further, opener
from blocks.receipt_facts import Item, ReceiptFacts, Summary, Thing, errors_by_field
from blocks.receipt_view import PhotoView, ReceiptView, Title
from blocks.words import LANGUAGES, words
from sandbox.slack.blockkit import check_blocks
from tests.blocks.forms import NOW, AnyForm, drawn

EN = words("en")
LONG_FACTS = tuple((f"label {number}", "x" * 1000) for number in range(100))
CAUSES: list[Mapping[str, Any]] = [
    {"why": "refused", "status": 422, "message": "m" * 5000},
    {"why": "refused", "status": 422, "fields": {f"f{n}": ["y" * 500] for n in range(120)}},
    {"why": "refused", "status": 409, "url": "https://x.example/" + "z" * 5000},
    {"why": "unread", "unread": {"u" * 2000 + str(n): "late" for n in range(20)}, "others": True},
]


def receipt(**changes: Any) -> ReceiptView:
    values: dict[str, Any] = {
        "number": 7,
        "kind": "report_issue",
        "who": "U1",
        "api": "Immoteur",
        "state": "refused",
        "cause": {"why": "refused", "status": 422},
        "remote_id": None,
        "answer": {},
        "created_at": NOW,
        "next_try": NOW,
        "summary": Summary((), ""),
        "allowed": {"edit", "try_now", "discard"},
        "facts": IssueReceipt(),
    }
    return ReceiptView(**{**values, **changes})


LINKS = tuple(Thing("n" * 200, url="https://x.fr/" + "a" * 2000) for _ in range(40))
TALL = Item("报" * 250, text="报" * 2500)


def test_a_receipt_of_long_addresses_says_how_many_it_does_not_name() -> None:
    message = draw(EN, receipt(summary=Summary((), "q" * 4000, things=LINKS)))
    assert text_size(message.blocks) <= BLOCKS_LIMIT
    assert message.blocks[1]["elements"][0]["elements"][-1]["text"] == "… 38"


def test_a_name_is_a_link_only_where_slack_takes_its_address() -> None:
    things = (Thing("here", url="https://x.fr/a b"), Thing("there", url="HTTPS://x.fr/a"))
    message = draw(EN, receipt(summary=Summary((), "", things=things)))
    shown = message.blocks[1]["elements"][0]["elements"]
    assert [element["type"] for element in shown if element["text"] != "\n"] == ["text", "link"]


def test_the_text_beside_the_blocks_has_the_bytes_that_slack_takes_in_an_update() -> None:
    title = Title("报" * 300)
    photos = tuple(PhotoView("报*&" * 80, "refused", why) for why in ("gone", "too_large"))
    view = receipt(title=title, photos=photos, summary=Summary((), "", items=(TALL,) * 40))
    for message in (draw(EN, view), opener(EN, view), *further(EN, view)):
        assert len(message.text.encode()) <= 4000


def test_a_text_beside_the_blocks_ends_with_a_whole_line() -> None:
    cause = {"why": "refused", "status": 409, "url": "https://x.fr/?" + "&" * 1000}
    text = draw(EN, receipt(cause=cause)).text
    assert text.endswith("…")
    assert "<https" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", CAUSES, ids=["message", "fields", "address", "unread"])
@pytest.mark.parametrize("quote", ["", "q" * 9000, "& < > " * 5000], ids=["no", "long", "escaped"])
def test_a_receipt_is_never_too_long_for_slack(
    language: str, cause: Mapping[str, Any], quote: str
) -> None:
    view = receipt(cause=cause, summary=Summary(LONG_FACTS, quote))
    message = draw(words(language), view)
    check_blocks(message.blocks)
    assert text_size(message.blocks) <= BLOCKS_LIMIT


def test_what_a_receipt_leaves_out_ends_with_a_mark() -> None:
    message = draw(EN, receipt(summary=Summary((), "q" * 20_000)))
    texts = [
        part["text"]
        for block in message.blocks
        if block["type"] == "rich_text"
        for part in block["elements"][0]["elements"]
    ]
    assert "".join(texts).endswith("q" + MARK)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.example/a?b=1&c=2", "<https://x.example/a?b=1&amp;c=2>"),
        ("https://x.example/a|b", "<https://x.example/a%7Cb>"),
        ("https://x.example/a>b", "<https://x.example/a&gt;b>"),
        ("javascript:x", "javascript:x"),
    ],
)
def test_the_address_of_a_refusal_is_a_link_and_nothing_else(url: str, shown: str) -> None:
    message = draw(EN, receipt(cause={"why": "refused", "status": 409, "url": url}))
    assert message.blocks[0]["text"]["text"].endswith(shown)


def test_what_is_no_address_is_shown_as_it_is_and_calls_nobody() -> None:
    cause = {"why": "refused", "status": 409, "url": "see <!here> or <@U1>"}
    message = draw(EN, receipt(cause=cause))
    assert message.blocks[0]["text"]["text"].endswith("see &lt;!here&gt; or &lt;@U1&gt;")


@pytest.mark.parametrize(
    "created", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1969-12-31T00:00:00Z"]
)
def test_a_moment_that_cannot_be_written_is_left_out(created: str) -> None:
    answer = {"createdAt": created, "sent": {}}
    message = draw(EN, receipt(state="filed", cause={"why": "answered"}, answer=answer))
    assert "<!date" not in message.blocks[0]["text"]["text"]


ODD_FIELDS: list[Mapping[str, list[str]]] = [
    {"comment": []},
    {"comment": [""]},
    {"comment": [" ", ""]},
    {f"unknown{number}": ["no"] for number in range(120)},
    {"n" * 300: ["no"]},
    {"comment": ["s" * 5000], "issueKind": ["t" * 5000]},
]


@pytest.mark.parametrize("fields", ODD_FIELDS, ids=range(len(ODD_FIELDS)))
@pytest.mark.parametrize("form", [ReportIssueForm(), AnomalyForm()], ids=["issue", "anomaly"])
def test_a_form_opens_with_whatever_a_refusal_held(
    form: AnyForm, fields: Mapping[str, list[str]]
) -> None:
    errors = errors_by_field(EN, {"fields": fields, "message": "m" * 500}, ReceiptFacts())
    view = drawn(form, {}, field_errors=errors)
    alerts = [block["text"]["text"] for block in view["blocks"] if block["type"] == "alert"]
    assert 1 <= len(alerts) <= 11


def test_errors_that_find_no_room_are_counted() -> None:
    errors = {f"unknown{number}": f"fault {number}" for number in range(120)}
    view = drawn(ReportIssueForm(), {}, field_errors=errors)
    alerts = [block["text"]["text"] for block in view["blocks"] if block["type"] == "alert"]
    assert alerts[-1] == EN("form.more_errors", n=111)
    assert len(alerts) == 10

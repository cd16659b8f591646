"""Rules of reading and writing texts, held against what hypothesis thinks of."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blocks import message as messages
from blocks.answers import Answers
from blocks.issue import field, filling, links, prefill, targets
from blocks.issue.form import ReportIssueForm
from blocks.issue.model import COMMENT_LIMIT, FIELD_LIMIT
from blocks.mrkdwn import MARK, cut, escape, is_blank, plain, shown, split, unescape
from tests.blocks.forms import drawn

TEXTS = st.text(max_size=300)
LIMITS = st.integers(min_value=1, max_value=60)
IDS = st.uuids().map(str)
INVISIBLE = st.text("\u200b\ufeff\u2060\u00ad\u200d\ufe0f", max_size=3)
HYPHENS = st.sampled_from("-\u2010\u2011\u2012\u2013\u2212")
BLANKS = st.sampled_from([" ", "\n", "\r\n", "\t", "\u00a0", "\u202f", ", ", "; ", " | ", " / "])
MARKED = st.lists(
    st.sampled_from(
        ["<", ">", "|", "&", "&amp;", "https://", "pap.fr/r1", "@U1", "classified :", "0f8fad5b-",
         "0f8fad5b-d9cb-469f-a165-70867728950e", "www.", "\u200b", "é", "e\u0301", " ", "\n", ".",
         "1. ", "immoteur.com/", "?id=", "#", "%C3", "xn--", "[", "]", "a"]
    ), max_size=20,
).map("".join)  # fmt: skip
"""Texts of what readers of texts look for, put together at random."""
HOSTS = st.sampled_from(["www.pap.fr", "seloger.com", "www.orpi.com"])
PATHS = st.text("abcdefghij0123456789-/", min_size=1, max_size=40).map(lambda path: f"a{path}z")
LINKS = st.builds("https://{}/{}".format, HOSTS, PATHS)


@given(TEXTS | MARKED)
def test_an_escaped_text_is_unescaped_to_itself_and_has_no_markup(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not set(escaped) & set("<>")


@given(TEXTS | MARKED)
def test_a_text_that_was_escaped_is_plain_as_it_was_typed(text: str) -> None:
    assert plain(escape(text)) == text


@given(TEXTS | MARKED)
def test_any_text_can_be_made_plain(text: str) -> None:
    assert isinstance(plain(text), str)


@given(TEXTS, LIMITS)
def test_a_text_is_cut_to_its_limit_with_a_mark_and_only_if_it_is_longer(
    text: str, limit: int
) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith(MARK)
    assert text.startswith(short.removesuffix(MARK)) or short == text


@given(TEXTS, LIMITS)
def test_the_pieces_of_a_text_are_short_and_give_the_text(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


@given(TEXTS | MARKED)
def test_the_plain_form_of_a_text_is_its_own(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@given(TEXTS, INVISIBLE)
def test_what_is_invisible_changes_neither_what_is_shown_nor_whether_anything_is(
    text: str, invisible: str
) -> None:
    assert shown(invisible + text + invisible) == shown(text)
    assert is_blank(invisible + text) == is_blank(text)


@given(st.lists(IDS, unique=True, max_size=8), BLANKS, HYPHENS, INVISIBLE, st.booleans())
def test_ids_are_read_however_they_are_separated_and_copied(
    ids: list[str],
    blank: str,
    hyphen: str,
    invisible: str,
    upper: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    written = blank.join(f"{id_[:6]}{invisible}{id_[6:]}" for id_ in ids).replace("-", hyphen)
    text = written.upper() if upper else written
    assert field.read(text) == field.FieldTargets(tuple(ids))


@given(st.lists(LINKS, max_size=6), BLANKS.filter(lambda blank: blank != " / "), INVISIBLE)
def test_links_are_read_however_they_are_separated_and_copied(
    addresses: list[str], blank: str, invisible: str
) -> None:
    text = blank.join(f"{address[:9]}{invisible}{address[9:]}" for address in addresses)
    assert field.read(text).links == links.once(addresses)
    assert field.read(text).ids == ()


@given(LINKS, IDS)
def test_an_id_in_a_portals_link_is_no_property(link: str, id_: str) -> None:
    for address in (f"{link}?searchId={id_}", f"{link}/{id_}.htm", f"{link}-{id_}"):
        assert field.read(address) == field.FieldTargets(links=(address,))
        assert prefill.from_message({"text": f"<{address}>"}, None)["propertyIds"] == address


@given(LINKS)
def test_a_link_is_the_same_as_itself_written_otherwise(link: str) -> None:
    bare = link.removeprefix("https://").removeprefix("www.")
    for other in (bare, f"HTTP://WWW.{bare}", f"{link}#x", f"{link}?utm_source=x", f"\u200b{link}"):
        assert links.same(other) == links.same(link)


@given(LINKS)
def test_what_is_the_same_of_a_link_is_the_same_of_that(link: str) -> None:
    assert links.same(links.same(link)) == links.same(link)


@given(TEXTS | MARKED)
def test_any_field_is_read_and_what_was_read_is_read_again_as_the_same(text: str) -> None:
    named = field.read(text)
    again = field.read("\n".join([*named.ids, *named.links]))
    assert again.ids == named.ids
    assert set(again.links) == set(named.links)


@given(TEXTS | MARKED)
def test_any_words_and_any_message_fill_a_form_that_slack_takes(text: str) -> None:
    for values in (prefill.from_words(text), prefill.from_message({"text": text}, "https://x.fr")):
        view = drawn(ReportIssueForm(), values)
        assert view["type"] == "modal"
        lengths = [len(value) for value in values.values() if isinstance(value, str)]
        assert max(lengths, default=0) <= FIELD_LIMIT


@given(st.text(max_size=9000))
@example("x " * 4000)
def test_a_comment_is_never_longer_than_immoteur_takes(text: str) -> None:
    fields = filling.comment_fields(text)
    comment = "\n".join(str(value) for value in fields.values())
    assert len(comment) <= COMMENT_LIMIT


KEYS = st.sampled_from(
    ["type", "text", "blocks", "attachments", "elements", "fields", "title", "value", "url", "rows",
     "message_blocks", "message", "files", "name", "mode", "plain_text", "title_link", "from_url",
     "accessory", "actions", "transcription", "preview", "content", "fallback",
     "alt_text", "style", "options", "initial_option"]
)  # fmt: skip
TYPES = st.sampled_from(
    ["section", "rich_text", "rich_text_list", "rich_text_section", "link", "table", "context",
     "mrkdwn", "plain_text", "image", "video", "checkboxes", "markdown", "date", "email"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TYPES | MARKED,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(KEYS, values, max_size=6),
    max_leaves=25,
)


@given(JSON)
def test_no_json_is_too_odd_to_be_read_as_a_message(value: Any) -> None:
    message = value if isinstance(value, dict) else {"blocks": value, "attachments": value}
    assert isinstance(messages.words(message), str)
    assert isinstance(prefill.from_message(message, None), dict)


@pytest.mark.parametrize("key", ["elements", "text", "accessory", "fields"])
def test_blocks_that_stand_in_each_other_for_ever_are_read_to_an_end(key: str) -> None:
    block: Any = {"type": "mrkdwn", "text": "deep"}
    for _ in range(900):
        block = {"type": "rich_text_section", key: [block]}
    assert messages.words({"blocks": [block], "text": "hello"}) == "hello"


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**more: Any) -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [{"type": "button", "text": section("Go")["text"], **more}],
    }


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": list(elements)}],
    }


VISIBLE: list[Callable[[str], tuple[str, dict[str, Any]]]] = [
    lambda id_: ("blocks", section(f"le bien {id_}")),
    lambda id_: ("blocks", section(f"<https://immoteur.com/p/{id_}|le bien>")),
    lambda id_: ("blocks", {"type": "section", "fields": [section(f"*Bien :*\n`{id_}`")["text"]]}),
    lambda id_: ("blocks", {"type": "context", "elements": [section(id_)["text"]]}),
    lambda id_: ("blocks", rich({"type": "text", "text": f"({id_})."})),
    lambda id_: ("blocks", rich({"type": "link", "url": f"https://immoteur.com/p/{id_}"})),
    lambda id_: ("blocks", button(url=f"https://www.immoteur.com/p/{id_}")),
    lambda id_: ("blocks", {"type": "table", "rows": [[{"type": "raw_text", "text": id_}]]}),
    lambda id_: ("blocks", {"type": "markdown", "text": f"**{id_}**"}),
    lambda id_: ("attachments", {"text": id_.upper()}),
    lambda id_: ("attachments", {"title": "T3", "title_link": f"https://immoteur.com/p/{id_}"}),
    lambda id_: ("attachments", {"fields": [{"title": "Bien", "value": id_}]}),
    lambda id_: ("attachments", {"blocks": [section(id_)]}),
    lambda id_: ("attachments", {"message_blocks": [{"message": {"text": id_}}]}),
    lambda id_: ("files", {"name": "a.pdf", "title": f"Bien {id_}"}),
    lambda id_: ("files", {"transcription": {"preview": {"content": f"le bien {id_}"}}}),
]
HIDDEN: list[Callable[[str], tuple[str, Any]]] = [
    lambda id_: ("text", id_),
    lambda id_: ("upload_reply_to", id_),
    lambda id_: ("room", {"name": id_, "external_unique_id": id_}),
    lambda id_: ("root", {"text": id_, "blocks": [section(id_)]}),
    lambda id_: ("metadata", {"event_payload": {"text": id_, "blocks": [section(id_)]}}),
    lambda id_: ("bot_profile", {"name": id_}),
    lambda id_: ("blocks", button(value=id_, confirm={"text": section(id_)["text"]})),
    lambda id_: ("blocks", {"type": "image", "image_url": f"https://immoteur.com/{id_}.png"}),
    lambda id_: ("blocks", section(f"<https://pap.fr/r1?searchId={id_}>")),
    lambda id_: ("blocks", section(f"Request-ID: `{id_}`")),
    lambda id_: ("blocks", section("Menu") | {"block_id": id_}),
    lambda id_: ("attachments", {"text": "x", "fallback": id_, "thumb_url": f"immoteur.com/{id_}"}),
    lambda id_: ("attachments", {"text": f"{id_}@mail.fr", "callback_id": id_}),
    lambda id_: ("files", {"id": id_, "name": f"{id_}.jpg", "title": id_}),
    lambda id_: ("tomorrow", {"text": id_, "blocks": [section(id_)]}),
]
PLACES = st.lists(
    st.tuples(st.sampled_from([*((True, place) for place in VISIBLE),
                               *((False, place) for place in HIDDEN)]), IDS),
    max_size=8, unique_by=lambda pair: pair[1],
)  # fmt: skip


@given(PLACES)
def test_every_id_that_a_reader_sees_is_found_and_no_other(places: Any) -> None:
    message: dict[str, Any] = {"blocks": [section("hello")], "attachments": [], "files": []}
    for (_, place), link in places:
        key, value = place(link)
        message[key] = (
            [*message[key], value] if key in {"blocks", "attachments", "files"} else value
        )
    values = str(prefill.from_message(message, None).get("propertyIds", "")).split()
    found = [value for value in values if targets.UUID.fullmatch(value)]
    assert sorted(found) == sorted(link for (visible, _), link in places if visible)


@given(TEXTS | MARKED)
def test_answers_parse_a_field_once(text: str) -> None:
    parsed: list[str] = []

    def parse(value: str) -> str:
        parsed.append(value)
        return value.upper()

    answers = Answers({"propertyIds": text})
    on_screen = answers.on_screen([])
    assert [answer.parsed("propertyIds", parse) for answer in (answers, answers)] == [
        text.upper()
    ] * 2
    assert answers.on_screen([]).parsed("propertyIds", parse) == text.upper()
    assert parsed == [text]
    assert on_screen.changed({"propertyIds": "x"}).parsed("propertyIds", parse) == "X"

"""A message's words and links, as its reader sees them."""

from typing import Any

import pytest

from blocks import message as messages
from blocks.issue import prefill

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
PAP = "https://www.pap.fr/annonces/r1"
PERMALINK = "https://atelier.slack.com/archives/C1/p1"
WORDS = "Le loyer affiché est 950 € & la photo manque"
ESCAPED = "Le loyer affiché est 950 € &amp; la photo manque"
STAND_IN = "This content can't be displayed."


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich(*elements: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def forwarded(message: dict[str, Any]) -> dict[str, Any]:
    inner = {"team": "T1", "channel": "C1", "ts": "1.1", "message": message}
    fallback = "[November 27th, 2026 7:00 AM] alice: …"
    return {
        "is_share": True,
        "fallback": fallback,
        "from_url": PERMALINK,
        "message_blocks": [inner],
    }


SHOWN: dict[str, dict[str, Any]] = {
    "text": {"text": ESCAPED},
    "a section": {"text": "", "blocks": [section(ESCAPED)]},
    "a section beside a stand-in": {"text": STAND_IN, "blocks": [section(ESCAPED)]},
    "a section beside a text for notifications": {"text": "New", "blocks": [section(ESCAPED)]},
    "a section's fields": {"blocks": [{"type": "section", "fields": [section(ESCAPED)["text"]]}]},
    "a header": {"blocks": [{"type": "header", "text": plain(ESCAPED)}]},
    "a context": {"blocks": [{"type": "context", "elements": [section(ESCAPED)["text"]]}]},
    "rich text": {"text": STAND_IN, "blocks": [rich(text(WORDS))]},
    "a quote": {"blocks": [rich(text(WORDS), kind="rich_text_quote")]},
    "code": {"blocks": [rich(text(WORDS), kind="rich_text_preformatted")]},
    "markdown": {"blocks": [{"type": "markdown", "text": ESCAPED}]},
    "an image's title": {
        "blocks": [{"type": "image", "image_url": "https://x.fr/1.png", "title": plain(ESCAPED)}]
    },
    "a video": {"blocks": [{"type": "video", "description": plain(ESCAPED)}]},
    "a card": {"blocks": [{"type": "card", "body": section(ESCAPED)["text"]}]},
    "a carousel": {
        "blocks": [{"type": "carousel", "elements": [{"type": "card", "title": plain(ESCAPED)}]}]
    },
    "a table": {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": ESCAPED}]]}]},
    "a table of rich text": {"blocks": [{"type": "table", "rows": [[rich(text(WORDS))]]}]},
    "a container": {"blocks": [{"type": "container", "child_blocks": [section(ESCAPED)]}]},
    "a container's title": {
        "blocks": [{"type": "container", "rich_text_title": rich(text(WORDS)), "child_blocks": []}]
    },
    "an alert": {"blocks": [{"type": "alert", "text": plain(ESCAPED)}]},
    "a block of tomorrow": {"blocks": [{"type": "poster", "text": plain(ESCAPED)}]},
    "a legacy attachment": {"text": "", "attachments": [{"text": ESCAPED, "fallback": "New"}]},
    "a legacy attachment's pretext": {"attachments": [{"pretext": ESCAPED}]},
    "a legacy attachment's title": {"attachments": [{"title": ESCAPED, "title_link": PAP}]},
    "a legacy attachment's field": {"attachments": [{"fields": [{"value": ESCAPED}]}]},
    "a legacy attachment's footer": {"attachments": [{"footer": ESCAPED}]},
    "an attachment's blocks": {
        "attachments": [{"fallback": "[no preview available]", "blocks": [section(ESCAPED)]}]
    },
    "only a fallback": {"attachments": [{"fallback": ESCAPED}]},
    "a forwarded message": {"text": "", "attachments": [forwarded({"text": ESCAPED})]},
    "a message forwarded twice": {
        "attachments": [forwarded({"attachments": [forwarded({"blocks": [section(ESCAPED)]})]})]
    },
    "a file's title": {"text": "", "files": [{"name": "IMG_1.jpg", "title": WORDS}]},
    "an e-mail": {"files": [{"mode": "email", "name": "x", "plain_text": WORDS}]},
}


@pytest.mark.parametrize("message", SHOWN.values(), ids=SHOWN.keys())
def test_a_messages_words_are_those_that_a_reader_sees(message: dict[str, Any]) -> None:
    assert messages.words(message) == WORDS


HIDDEN: dict[str, dict[str, Any]] = {
    "a text behind blocks": {"text": A, "blocks": [section("hello")]},
    "an upload": {"text": "hello", "upload": True, "upload_reply_to": A},
    "a huddle": {"text": "hello", "room": {"id": "R1", "external_unique_id": A, "name": A}},
    "a parent": {"text": "hello", "root": {"text": A, "client_msg_id": A}},
    "metadata": {"text": "hello", "metadata": {"event_payload": {"id": A, "text": A}}},
    "a person": {"text": "hello", "user_profile": {"real_name": A}, "bot_profile": {"name": A}},
    "reactions": {"text": "hello", "reactions": [{"name": A}], "edited": {"user": A}},
    "a button's value": {
        "text": "hello",
        "blocks": [{"type": "actions", "elements": [{"type": "button", "value": A}]}],
    },
    "a button's question": {
        "blocks": [
            section("hello") | {"accessory": {"type": "button", "confirm": {"text": plain(A)}}}
        ]
    },
    "a closed menu": {
        "blocks": [
            section("hello")
            | {"accessory": {"type": "static_select", "options": [{"text": plain(A), "value": A}]}}
        ]
    },
    "a file's names": {"text": "hello", "files": [{"name": f"{A}.jpg", "title": A, "id": A}]},
    "an image": {"text": "hello", "attachments": [{"image_url": f"https://x.fr/{A}.jpg"}]},
    "a fallback": {"text": "", "attachments": [{"fallback": A, "text": "hello"}]},
    "an app's own": {"text": "hello", "attachments": [{"callback_id": A, "footer_icon": A}]},
    "tomorrow's": {"text": "hello", "assistant_app_thread": {"title": A}},
}  # fmt: skip


@pytest.mark.parametrize("message", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_no_reader_sees_is_no_part_of_a_message(message: dict[str, Any]) -> None:
    assert messages.words(message) == "hello"
    assert "propertyIds" not in prefill.from_message(message, None)


def test_a_preview_that_repeats_a_line_adds_only_what_is_new() -> None:
    preview = {"from_url": PAP, "title": "T3 Lyon", "text": "Le prix est faux\nAppartement, 65 m²"}
    message = {"text": f"Le prix est faux\n<{PAP}|T3 Lyon>", "attachments": [preview]}
    assert messages.words(message) == (
        f"Le prix est faux\nT3 Lyon {PAP}\nT3 Lyon\nAppartement, 65 m²"
    )


def test_a_list_is_read_line_by_line() -> None:
    items = [
        {"type": "rich_text_section", "elements": [text("le prix")]},
        {"type": "rich_text_section", "elements": [text("la photo")]},
    ]
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [text("Faux :\n")]},
            {"type": "rich_text_list", "style": "bullet", "elements": items},
            {"type": "rich_text_list", "style": "ordered", "elements": items},
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": items[:1]},
        ],
    }
    assert messages.words({"blocks": [block]}) == (
        "Faux :\n• le prix\n• la photo\n1. le prix\n2. la photo\n3. le prix"
    )


def test_a_rich_text_reads_as_slacks_text_of_it_does() -> None:
    block = rich(
        {"type": "user", "user_id": "U1"},
        text(" voir "),
        {"type": "link", "url": PAP, "text": "l'annonce"},
        text(" dans "),
        {"type": "channel", "channel_id": "C1"},
        {"type": "emoji", "name": "eyes"},
        {"type": "broadcast", "range": "here"},
        {"type": "date", "timestamp": 1, "fallback": " hier"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "color", "value": "#FFF"},
    )
    written = f"<@U1> voir <{PAP}|l'annonce> dans <#C1>:eyes:<!here> hier@S1#FFF"
    assert messages.words({"blocks": [block]}) == messages.words({"text": written})


@pytest.mark.parametrize("mark", ["from_url", "is_msg_unfurl", "is_app_unfurl", "is_share"])
def test_the_kind_is_guessed_from_what_was_written_and_not_from_a_preview(mark: str) -> None:
    preview = {mark: PAP, "title": "T3", "text": "3 pièces, photos, prix, agence"}
    message = {"text": f"vendue <{PAP}>", "attachments": [preview]}
    values = prefill.from_message(message, None)
    assert values["issueKind"] == "data"
    assert values["issueFacets"] == ("status",)


def test_the_words_of_a_message_that_has_none_name_its_files() -> None:
    message = {
        "text": STAND_IN,
        "blocks": [{"type": "image", "image_url": "https://x.fr/1", "alt_text": "La façade"}],
        "files": [{"name": "IMG_1.jpg", "title": "IMG_1"}],
    }
    assert messages.words(message) == "La façade\nIMG_1.jpg"


@pytest.mark.parametrize(
    ("message", "ids", "classifieds"),
    [
        ({"text": f"Request-ID: {A}"}, None, None),
        ({"text": f"trace_id={A} et session : {B}"}, None, None),
        ({"text": f'{{"requestId": "{A}", "propertyId": "{B}"}}'}, B, None),
        ({"text": f"<mailto:{A}@mail.fr|{A}@mail.fr>"}, None, None),
        ({"text": f"ID client : {A}, numéro du dossier photo: {B}"}, B, None),
        ({"text": f"identifiant de l’agence = {A}"}, None, None),
        ({"text": f"photo {A}.jpg"}, None, None),
        ({"attachments": [{"fields": [{"title": "Correlation", "value": A}]}]}, None, None),
        ({"attachments": [{"fields": [{"title": "Annonce", "value": A}]}]}, None, A),
        ({"blocks": [{"type": "section",
                      "fields": [section("*Request ID*")["text"], section(f"`{A}`")["text"]]}]},
         None, None),
        ({"blocks": [rich(text("Bien : "), text(A)), rich(text("Annonces : "), text(B))]}, A, B),
        ({"text": f"l'erreur est sur {A}"}, A, None),
        ({"text": f"Le bien {A} et l’annonce\u00a0: {B}"}, A, B),
        ({"text": f"bien n° {A} et annonce n°{B}"}, A, B),
        ({"text": f"Bien\t{A}\nAnnonce №\t{B}"}, A, B),
        ({"text": f"le bien « {A} », annonce «\u00a0{B}\u00a0»"}, A, B),
        ({"text": f"client n° : {A}, ticket « {B} »"}, None, None),
        ({"text": f"/var/log/{A}/x.log et C:\\logs\\{B}"}, None, None),
        ({"text": f"GET /v1/requests/{A} 500 ./tmp/{A}/x \\\\srv\\share\\{A}"}, None, None),
        ({"text": f"PUT /v1/properties/{A} 422, biens/{B}, / {A}"}, f"{A} {B}", None),
    ],
)  # fmt: skip
def test_only_ids_that_name_a_home_are_taken_each_for_what_it_names(
    message: dict[str, Any], ids: str | None, classifieds: str | None
) -> None:
    values = prefill.from_message(message, None)
    labelled = [f"classified: {id_}" for id_ in (classifieds or "").split()]
    assert sorted(str(values.get("propertyIds") or "").splitlines()) == sorted(
        [*(ids or "").split(), *labelled]
    )


@pytest.mark.parametrize("message", [None, 3, "x", [], {"text": 3}, {"blocks": {"type": "x"}}])
def test_a_message_of_any_shape_is_read(message: Any) -> None:
    assert messages.words(message) in {"", "3"}

"""Ids, wherever people and Slack put them."""

from typing import Any

import pytest

from blocks.issue import field, prefill
from blocks.issue.field import FieldTargets

A = "0f8fad5b-d9cb-469f-a165-70867728950e"
B = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
C = "00000000-0000-0000-0000-000000000000"
LINK = f"https://immoteur.com/p/{A}"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (A, [A]),
        (A.upper(), [A]),
        (C, [C]),
        (f"{A} {B}", [A, B]),
        (f"{A},{B}", [A, B]),
        (f"{A} , {B} ,", [A, B]),
        (f"{A};{B}", [A, B]),
        (f"{A}|{B}", [A, B]),
        (f"{A}\n{B}\r\n{C}", [A, B, C]),
        (f"{A}\t{B}", [A, B]),
        (f"{A}\u00a0{B}\u202f{C}", [A, B, C]),
        (f"{A}/{B}", [A, B]),
        (f"{A} / {B}", [A, B]),
        (f"{A} & {B} + {C}", [A, B, C]),
        (f"{A} {A.upper()} {B}", [A, B]),
        (f"“{A}” ‘{B}’", [A, B]),
        (f"« {A} »", [A]),
        (f"<{A}> ({B}) [{C}]", [A, B, C]),
        (f"`{A}`, '{B}', \"{C}\"", [A, B, C]),
        (f"{{{A}}}", [A]),
        (f"- {A}\n- {B}", [A, B]),
        (f"-{A}\n–{B}\n—{C}", [A, B, C]),
        (f"• {A}\n* {B}", [A, B]),
        (f"1. {A}\n2) {B}", [A, B]),
        (f"{A}.", [A]),
        (f"\ufeff{A}\u200b", [A]),
        (LINK, [A]),
        (f"<{LINK}?utm=1>", [A]),
        (f"{LINK}#photos", [A]),
        ("", []),
        (" ,;\n", []),
    ],
)
def test_a_field_of_ids_takes_any_sensible_way_to_write_them(typed: str, found: list[str]) -> None:
    assert field.read(typed) == FieldTargets(tuple(found))


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("abc", ["abc"]),
        (f"{A} and {B}", []),
        (A[:-1], [A[:-1]]),
        (A + "0", [A + "0"]),
        (A.replace("-", ""), [A.replace("-", "")]),
        (A.replace("f", "g"), [A.replace("f", "g")]),
        ("1204, 1205", ["1204", "1205"]),
        ("…", ["…"]),
    ],
)
def test_what_is_no_id_is_given_back_as_typed(typed: str, others: list[str]) -> None:
    assert list(field.read(typed).others) == others


def ids_of(message: dict[str, Any]) -> list[str]:
    """What a message fills into the field of properties."""
    return str(prefill.from_message(message, None).get("propertyIds", "")).split()


MESSAGES: dict[str, dict[str, Any]] = {
    "plain text": {"text": f"the flat {A} is sold"},
    "a link in the text": {"text": f"<{LINK}?a=1&amp;b=2>"},
    "a link with a label": {"text": f"<{LINK}|the flat>"},
    "a rich text link": {
        "text": "",
        "blocks": [
            {
                "type": "rich_text",
                "block_id": B,
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "link", "url": LINK, "text": "here"}],
                    }
                ],
            }
        ],
    },
    "a rich text list": {
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "text", "text": A}],
                            }
                        ],
                    }
                ],
            }
        ]
    },
    "a section's button": {
        "blocks": [
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "New"},
                "accessory": {"type": "button", "action_id": B, "url": LINK},
            }
        ]
    },
    "an actions button": {"blocks": [{"type": "actions", "elements": [{"url": LINK}]}]},
    "an unfurl's from_url": {"attachments": [{"from_url": LINK}]},
    "an unfurl's original_url": {"attachments": [{"original_url": LINK}]},
    "an attachment's title_link": {"attachments": [{"title_link": LINK}]},
    "an attachment's text": {"attachments": [{"text": f"ref {A}"}]},
    "an attachment's field": {"attachments": [{"fields": [{"title": "id", "value": A}]}]},
    "an attachment's old button": {"attachments": [{"actions": [{"type": "button", "url": LINK}]}]},
    "a forwarded message": {
        "text": "",
        "attachments": [
            {
                "is_share": True,
                "message_blocks": [
                    {
                        "team": "T1",
                        "message": {
                            "blocks": [
                                {
                                    "type": "rich_text",
                                    "elements": [
                                        {
                                            "type": "rich_text_section",
                                            "elements": [{"type": "link", "url": LINK}],
                                        }
                                    ],
                                }
                            ]
                        },
                    }
                ],
            }
        ],
    },
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_a_messages_ids_are_found_wherever_they_hide(message: dict[str, Any]) -> None:
    assert ids_of(message) == [A]


@pytest.mark.parametrize(
    "message",
    [
        {"client_msg_id": A, "text": "hello"},
        {"text": "hello", "blocks": [{"type": "rich_text", "block_id": A, "elements": []}]},
        {"text": "hello", "files": [{"url_private": LINK}]},
        {"text": "hello", "bot_profile": {"icons": {"image_36": LINK}}},
        {"text": "hello", "metadata": {"event_payload": {"id": A}}},
        {"attachments": [{"image_url": LINK, "thumb_url": LINK, "service_icon": LINK}]},
        {"attachments": [{"author_icon": LINK, "footer_icon": LINK}]},
        {"blocks": [{"type": "image", "image_url": LINK, "alt_text": "the kitchen"}]},
        {"root": {"client_msg_id": A}, "text": "hello"},
        {},
        {"text": None},
    ],
)
def test_ids_of_slacks_own_things_and_of_pictures_are_not_taken(message: dict[str, Any]) -> None:
    assert ids_of(message) == []


def test_a_messages_ids_come_once_each_in_lower_case_and_in_order() -> None:
    message = {
        "text": f"{B.upper()} <{LINK}>",
        "blocks": [{"text": {"text": f"{B} {A.upper()} {C}"}}],
    }
    assert ids_of(message) == [B, A, C]

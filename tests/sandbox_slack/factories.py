"""Forms and messages for these tests; each call gives a fresh value."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str | None = None) -> Json:
    return {"text": plain(text or value.title()), "value": value}


def options(count: int) -> list[Json]:
    return [option(f"v{number}") for number in range(count)]


def field(name: str, element: Json, **more: Any) -> Json:
    """An input block whose block_id and action_id are both `name`."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name.title()),
        "element": {"action_id": name, **element},
        **more,
    }


def text_field(name: str = "name", **element: Any) -> Json:
    return field(name, {"type": "plain_text_input", **element})


def section(text: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "acts", "elements": list(elements)}


def button(name: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": name, "text": plain(name.title()), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def rich_text(*elements: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


async def error_of(client: AsyncWebClient, method: str, **args: Any) -> str:
    """The error that a call is refused with."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=args)
    return str(refused.value.response["error"])


def select(**more: Any) -> Json:
    return field("choice", {"type": "static_select", **more})


def radio(**more: Any) -> Json:
    return field("choice", {"type": "radio_buttons", **more})


def number(**more: Any) -> Json:
    return field("count", {"type": "number_input", "is_decimal_allowed": False, **more})


def when(initial: Any) -> Json:
    return field("when", {"type": "datetimepicker", "initial_date_time": initial})


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn("x")] * count}

"""A request of Slack is checked and handed to Bolt, whichever way it came."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack import event_shapes
from bot.slack import payload_shapes as shapes
from bot.slack.payloads import MalformedPayloadError, well_formed

log = logging.getLogger(__name__)

_NOT_SLACKS = (
    AttributeError,
    IndexError,
    KeyError,
    MalformedPayloadError,
    TypeError,
    ValueError,
)
"""What Bolt raises for a body without Slack's shape, before it calls one of our listeners.

The errors of our listeners never come out of Bolt: they go to the handler of `app.error`.
"""


async def dispatch(
    app: AsyncApp, body: Mapping[str, Any], headers: Mapping[str, str | Sequence[str]]
) -> BoltResponse | None:
    """Bolt's answer to a request; None when the body is not of Slack's shape.

    :param headers: Slack's retry headers alone, because a client must not set Bolt's header for
        lazy listeners
    """
    # In the mode for sockets Bolt takes the parsed body as it is.
    try:
        _check_shape(body)
        request = AsyncBoltRequest(body=dict(body), headers=dict(headers), mode="socket_mode")
        return await app.async_dispatch(request)
    except _NOT_SLACKS as error:
        log.info("rejected a body that is not of Slack's shape", extra={"why": repr(error)})
        return None


def _check_shape(body: Mapping[str, Any]) -> None:
    """:raises MalformedPayloadError: when Bolt could not compare it with what listeners wait for"""
    with well_formed():
        envelope = shapes.Envelope.model_validate(body)
        if envelope.type == "event_callback":
            event_shapes.EventCallback.model_validate(body)
        elif envelope.type == "url_verification":
            event_shapes.UrlVerification.model_validate(body)
    if not envelope.type and "command" not in body:
        raise MalformedPayloadError("it has no type")

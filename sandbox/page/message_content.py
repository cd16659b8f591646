"""The content of a message: its text or its blocks, and its attachments."""

from typing import Any

import htpy as h

from sandbox.page import blocks, files
from sandbox.page.buttons import button, overflow
from sandbox.page.render_context import RenderContext
from sandbox.page.text_renderer import cannot_draw
from sandbox.slack import Ephemeral, Message
from sandbox.slack.form import TEXT_INPUTS

Json = dict[str, Any]


def draw(context: RenderContext, message: Message | Ephemeral) -> h.Node:
    """Slack shows the app's blocks; the text beside them is only for notifications.

    A person's message is drawn from its text, in which the marks that they typed are still there.
    """
    content: h.Node = [_block(context, message, block) for block in message.blocks]
    if not message.blocks or (isinstance(message, Message) and message.bot_id is None):
        content = context.text.mrkdwn(message.text)
    attachments = message.attachments if isinstance(message, Message) else ()
    shown = files.draw_of_message(context.text.reader.files_of(message))
    return [
        content,
        shown,
        (_attachment(context, message, attachment) for attachment in attachments),
    ]


def _block(
    context: RenderContext, message: Message | Ephemeral, block: Json, unfurl: str = ""
) -> h.Renderable:
    """:param unfurl: the link below which the block is; empty for a block of the message itself"""
    return blocks.draw(
        context, block, lambda _, element: _element(context, message, element, unfurl)
    )


def _element(
    context: RenderContext, message: Message | Ephemeral, element: Json, unfurl: str
) -> h.Renderable:
    kind, action_id = element["type"], element.get("action_id", "")
    below = {"unfurl": unfurl} if unfurl else {}
    press = context.post("press", ts=message.ts, action=action_id, channel=message.channel, **below)
    if kind == "button":
        return button(context, element, press)
    if kind == "overflow":
        return overflow(context, element, f"{message.ts}-{action_id}", press)
    if kind in TEXT_INPUTS:
        return h.input(type="text", disabled=True)
    return cannot_draw("element in a message", kind, element)


def _attachment(
    context: RenderContext, message: Message | Ephemeral, attachment: Json
) -> h.Renderable:
    unfurl = attachment["app_unfurl_url"] if attachment.get("is_app_unfurl") else ""
    title = attachment.get("title") or ("" if unfurl else attachment.get("from_url"))
    url = (
        attachment.get("title_link") or attachment.get("from_url") or attachment.get("original_url")
    )
    text = attachment.get("text")
    return h.div(".attachment")[
        title and h.div[context.text.link(url, title) if url else title],
        text and h.div[context.text.mrkdwn(text)],
        (_block(context, message, block, unfurl) for block in attachment.get("blocks") or []),
    ]

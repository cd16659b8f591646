"""A Slack message as its reader sees it: one walk over its words and links, for every form.

Slack shows `blocks` where there are any, and `text` only without them. Legacy attachments,
forwarded messages, previews of links and files stand below. Everything else in a message is
Slack's own, or belongs to another message, and is passed over: the walk goes only where people and
apps write. Source: https://docs.slack.dev/messaging and
https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from blocks import message_blocks
from blocks.compared import compared
from blocks.message_blocks import DEPTH, Part, addresses, joined, mappings, string, text_parts
from blocks.mrkdwn import is_blank

OWN_UNFURL = "constat.unfurl"
"""The block_id of the first block of a link that constat itself unfurled."""


_OF_ANOTHER = (
    *("from_url", "original_url", "app_unfurl_url", "is_app_unfurl"),
    *("is_share", "is_msg_unfurl", "is_reply_unfurl", "is_thread_root_unfurl", "message_blocks"),
)
"""Keys of an attachment that is the preview of a link, or another message."""


@dataclass(frozen=True)
class Piece:
    """The text and links that one block, text or attachment shows."""

    parts: tuple[Part, ...]
    """Its words and its links, in order."""
    own: bool
    """Whether it was written in this message, and did not come with a forwarded message or the
    preview of a link.
    """
    behind: tuple[str, ...] = ()
    """Addresses to which a button, a title or a preview leads."""

    @property
    def text(self) -> str:
        return "".join(str(part) for part in self.parts).strip()


def read(message: Any) -> tuple[Piece, ...]:
    """Everything that a reader sees of a message, from top to bottom.

    :param message: Slack's; a message of any other shape is empty
    """
    return tuple(_message(message, own=True, depth=0))


def words(message: Any) -> str:
    """The words of a message, as `words_of`; where nothing is written, the names of its images
    and files.
    """
    return words_of(read(message)) or "\n".join(dict.fromkeys(_names(message)))


def words_of(pieces: Iterable[Piece]) -> str:
    """The words of these pieces, line by line. A line of a preview or of a forwarded message that
    was there before is left out.
    """
    lines: list[str] = []
    seen: set[str] = set()
    for piece in pieces:
        for line in piece.text.split("\n"):
            same = compared(line)
            if piece.own or (same and same not in seen):
                lines.append(line.rstrip())
            seen.add(same)
    text = "\n".join(lines).strip()
    return "" if is_blank(text) else text


def _message(message: Any, *, own: bool, depth: int) -> Iterator[Piece]:
    if not isinstance(message, Mapping) or depth > DEPTH:
        return
    blocks = list(_blocks(message.get("blocks"), own=own, depth=depth))
    # Buttons alone take no text's place: an app may send both.
    if not any(piece.text for kind, piece in blocks if kind != "actions"):
        yield from _pieces([text_parts(message.get("text"))], own=own)
    yield from (piece for _, piece in blocks)
    for attachment in mappings(message.get("attachments")):
        if not _is_own_unfurl(attachment):
            yield from _attachment(attachment, own=own, depth=depth)
    yield from _files(message, own=own)


def _is_own_unfurl(attachment: Mapping[str, Any]) -> bool:
    """Whether constat wrote it below a link. It is nobody's words, and the link is above it."""
    return any(block.get("block_id") == OWN_UNFURL for block in mappings(attachment.get("blocks")))


def _blocks(blocks: Any, *, own: bool, depth: int) -> Iterator[tuple[str, Piece]]:
    """The type of each block, and its text and links."""
    for block in mappings(blocks):
        behind: list[str] = []
        parts = message_blocks.read(block, behind, depth)
        for piece in _pieces([parts], behind, own=own):
            yield str(block.get("type")), piece


def _attachment(attachment: Mapping[str, Any], *, own: bool, depth: int) -> Iterator[Piece]:
    """A legacy attachment: an app's, the preview of a link, or a forwarded message."""
    own = own and not any(attachment.get(name) for name in _OF_ANOTHER)
    inner = [piece for _, piece in _blocks(attachment.get("blocks"), own=own, depth=depth)]
    for wrapped in mappings(attachment.get("message_blocks")):
        inner += _message(wrapped.get("message"), own=False, depth=depth + 1)
    buttons = mappings(attachment.get("actions"))
    behind = addresses(attachment, "title_link", "from_url", "original_url")
    for button in buttons:
        behind += addresses(button, "url")
    lines = [text_parts(attachment.get(name)) for name in ("pretext", "author_name", "title")]
    if not any(piece.text for piece in inner):  # what stands in blocks is there as text once more
        lines.append(text_parts(attachment.get("text")))
    for field in mappings(attachment.get("fields")):
        named = (text_parts(field.get(name)) for name in ("title", "value"))
        lines.append(joined(named, between=": "))
    lines += [text_parts(button.get("text")) for button in buttons]
    yield from _pieces(lines, behind, own=own)
    yield from inner
    yield from _files(attachment, own=own)
    yield from _pieces([text_parts(attachment.get("footer"))], own=own)


def _files(holder: Mapping[str, Any], *, own: bool) -> Iterator[Piece]:
    """Files' titles, where somebody wrote one, what Slack shows of an e-mail or a snippet, and what
    it shows of the words of a recording.
    """
    for file in mappings(holder.get("files")):
        lines: list[tuple[Part, ...]] = []
        title, name = string(file.get("title")), string(file.get("name"))
        if title not in {name, PurePath(name).stem}:
            lines.append((title,))
        if file.get("mode") in {"email", "snippet", "post"}:
            lines.append((string(file.get("plain_text") or file.get("preview")),))
        lines.append((_spoken(file),))
        yield from _pieces(lines, own=own)


def _spoken(file: Mapping[str, Any]) -> str:
    """The transcription of a recording. Slack shows its beginning.

    Source: https://docs.slack.dev/reference/objects/file-object
    """
    transcription = file.get("transcription")
    preview = transcription.get("preview") if isinstance(transcription, Mapping) else None
    return string(preview.get("content")) if isinstance(preview, Mapping) else ""


def _pieces(
    lines: Iterable[tuple[Part, ...]], behind: Iterable[str] = (), *, own: bool
) -> Iterator[Piece]:
    """The lines as one piece; none where they show nothing and lead nowhere."""
    piece = Piece(joined(lines), own, tuple(behind))
    if piece.parts or piece.behind:
        yield piece


def _names(message: Any) -> Iterator[str]:
    """The words by which Slack replaces images, attachments and files that it cannot show."""
    if not isinstance(message, Mapping):
        return
    named = [(block, "alt_text") for block in mappings(message.get("blocks"))]
    named += [(attachment, "fallback") for attachment in mappings(message.get("attachments"))]
    named += [(file, "name") for file in mappings(message.get("files"))]
    for holder, key in named:
        text = "".join(str(part) for part in text_parts(holder.get(key))).strip()
        if not is_blank(text):
            yield text

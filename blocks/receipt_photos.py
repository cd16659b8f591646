"""What a receipt says of photos: how many were sent, and why the others were not."""

from collections.abc import Iterator

from blocks.mrkdwn import cut, escape
from blocks.receipt_view import PhotoView, ReceiptView
from blocks.words import Words

SIGN = "📷"
NAMED = 3
"""Photos that one sentence names."""
NAME_LIMIT = 60
"""Characters of a name."""


def lines(words: Words, receipt: ReceiptView) -> list[str]:
    """As mrkdwn; nothing for a report without photos."""
    if not receipt.photos:
        return []
    return [f"{SIGN} {_head(words, receipt)}", *_reasons(words, receipt)]


def _head(words: Words, receipt: ReceiptView) -> str:
    """How many photos were sent."""
    n, sent = len(receipt.photos), sum(photo.state == "sent" for photo in receipt.photos)
    if sent == n:
        return words("receipt.photos.all_sent", n=n, api=receipt.api)
    return words("receipt.photos.some_sent", n=n, sent=sent, api=receipt.api)


def _reasons(words: Words, receipt: ReceiptView) -> Iterator[str]:
    """A sentence for each reason why photos were not sent, with their names."""
    groups: dict[str, list[PhotoView]] = {}
    for photo in receipt.photos:
        if photo.state != "sent":
            groups.setdefault(_why(receipt, photo), []).append(photo)
    for why, photos in groups.items():
        names = [escape(cut(photo.name, NAME_LIMIT)) or words("photos.unnamed") for photo in photos]
        shown = ", ".join(names[:NAMED])
        if more := len(names) - NAMED:
            shown += f" {words('receipt.more', n=more)}" if more > 0 else ""
        facts = {"names": shown, "api": receipt.api}
        yield f"• {words(f'receipt.photos.why.{why}', **facts)}"


def _why(receipt: ReceiptView, photo: PhotoView) -> str:
    """A key of the words' `receipt.photos.why`."""
    if photo.state in {"refused", "unclear"}:
        return photo.why
    if receipt.state == "discarded":
        return "discarded"
    if receipt.state != "filed":
        return "not_filed"
    return photo.why or "on_its_way"

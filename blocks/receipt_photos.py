"""The sentences about photos in a receipt: how many were sent, and why the others were not."""

from collections.abc import Iterator, Sequence

from blocks.mrkdwn import cut, literal
from blocks.person import mention
from blocks.receipt_view import PhotoView, ReceiptView
from blocks.words import Words

SIGN = "📷"
NAMED = 3
"""Photos that one sentence names."""
NAME_LIMIT = 60
"""Characters of a name."""
CHOOSE, THERE, AGAIN = "choose_anomaly", "photos_there", "photos_again"
"""action_ids of the buttons about photos."""


def lines(words: Words, receipt: ReceiptView) -> list[str]:
    """As mrkdwn; nothing for a report without photos."""
    if not receipt.photos:
        return []
    return [f"{SIGN} {_head(words, receipt)}", *_reasons(words, receipt)]


def buttons(receipt: ReceiptView) -> tuple[str, ...]:
    """action_ids of the buttons about the photos of a filed report."""
    if receipt.state != "filed":
        return ()
    unclear = any(photo.state == "unclear" for photo in receipt.photos)
    waits = any(
        photo.state in {"waiting", "sending"} and photo.why == "choose" for photo in receipt.photos
    )
    return (*((CHOOSE,) if waits else ()), *((THERE, AGAIN) if unclear else ()))


def names(words: Words, given: Sequence[str]) -> str:
    """The first names of photos, as mrkdwn, and how many more there are."""
    named = [literal(cut(name, NAME_LIMIT)) or words("photos.unnamed") for name in given]
    shown = ", ".join(named[:NAMED])
    more = len(named) - NAMED
    return f"{shown} {words('receipt.more', n=more)}" if more > 0 else shown


def _head(words: Words, receipt: ReceiptView) -> str:
    """How many photos were sent."""
    n, sent = len(receipt.photos), sum(photo.state == "sent" for photo in receipt.photos)
    if sent == n:
        return words("receipt.photos.all_sent", n=n, api=receipt.api)
    return words("receipt.photos.some_sent", n=n, sent=sent, api=receipt.api)


def _reasons(words: Words, receipt: ReceiptView) -> Iterator[str]:
    """A sentence for each reason why photos were not sent, with their names, and one for photos
    that count as sent because a person said so.
    """
    groups: dict[tuple[str, str], list[PhotoView]] = {}
    for photo in receipt.photos:
        if photo.state != "sent" or photo.why == "confirmed":
            groups.setdefault((_why(receipt, photo), photo.by), []).append(photo)
    for (why, by), photos in groups.items():
        shown = names(words, [photo.name for photo in photos])
        facts = {"names": shown, "api": receipt.api, "who": mention(by)}
        yield f"• {words(f'receipt.photos.why.{why}', **facts)}"


def _why(receipt: ReceiptView, photo: PhotoView) -> str:
    """A key of the words' `receipt.photos.why`."""
    if photo.state in {"refused", "unclear", "sent"}:
        return photo.why
    if receipt.state == "discarded":
        return "discarded"
    if receipt.state != "filed":
        return "not_filed"
    return photo.why or "on_its_way"

"""Where the messages of a receipt are posted."""

from blocks.place import is_direct
from storage.receipts import Receipt


def place(receipt: Receipt) -> str:
    """The channel, or the user, that the receipt is posted to."""
    return (receipt.channel or "") if receipt.direct else receipt.thread_channel


def needs_opener(receipt: Receipt) -> bool:
    """Whether the receipt still needs a thread. A direct message needs none: it has one reader."""
    is_posted = receipt.ts is not None or receipt.thread_ts is not None
    return not is_posted and not receipt.direct and not is_direct(receipt.thread_channel)


def thread_of(receipt: Receipt) -> str | None:
    """The thread of the receipt; None in a direct message, where its messages follow each other."""
    return None if receipt.direct else receipt.thread_ts

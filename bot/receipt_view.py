"""The view of a receipt, from the stored report: its kind's lines, its names, and its place."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from blocks.place import why_direct
from blocks.receipt_view import PhotoView, ReceiptView, Title
from blocks.repeated import without_message
from blocks.words import Words
from bot.kind import AnyKind
from storage.receipts import Receipt
from storage.reports import Report
from storage.undo import RESTORABLE


def title_of(words: Words, kind: AnyKind, report: Report) -> Title:
    """A report in one line: how grave, what, and where. For every message that is about it."""
    facts, title = kind.receipt, None
    if "payload" not in report.damaged:
        labels = facts.labels_of(report.labels, report.answer)
        title = facts.title(words, facts.as_sent(report.payload, report.answer), labels)
    return title or Title(words(f"{report.kind}.short"))


def row_of(words: Words, kind: AnyKind, report: Report, allowed: Collection[str]) -> ReceiptView:
    """The present facts of the report without its content, for one line of a list.

    :param allowed: the actions that a person may take on it now
    """
    return ReceiptView(
        number=report.number,
        kind=report.kind,
        who=report.who,
        api=kind.api_label,
        state=report.state,
        cause=report.cause,
        remote_id=report.remote_id,
        answer=report.answer,
        created_at=report.created_at,
        changed_at=report.changed_at,
        restorable_until=report.changed_at + RESTORABLE,
        next_try=report.next_try,
        allowed=allowed,
        facts=kind.receipt,
        title=title_of(words, kind, report),
    )


def view_of(
    words: Words, kind: AnyKind, report: Report, receipt: Receipt, allowed: Collection[str]
) -> ReceiptView:
    """The present facts of the report, in one language.

    :param allowed: what a person may do with it now
    """
    facts = kind.receipt
    view = replace(
        row_of(words, kind, report, allowed),
        version=receipt.version,
        revision=receipt.revision,
        names_reporter=_hangs_below_message(report, receipt),
        meant_for=why_direct(words, report.origin) if receipt.direct else None,
        photos=[
            PhotoView(
                photo.name,
                photo.state.value,
                str(photo.cause.get("why", "")),
                str(photo.cause.get("by", "")),
            )
            for photo in receipt.photos
        ],
    )
    if "payload" in report.damaged:
        return view
    payload = facts.as_sent(report.payload, report.answer)
    labels = facts.labels_of(report.labels, report.answer)
    summary = facts.summary(words, payload, labels)
    if _hangs_below_message(report, receipt):
        summary = summary.without(lambda text: _not_repeated(text, report.origin))
    return replace(
        view,
        summary=summary,
        next_step=facts.next_step(words, payload, receipt.sent_at, kind.api_label),
    )


def _hangs_below_message(report: Report, receipt: Receipt) -> bool:
    """Whether the receipt is in the thread of the message that a shortcut was used on."""
    thread = report.origin.get("thread_ts")
    return thread is not None and not receipt.direct and receipt.thread_ts == thread


def _not_repeated(text: str, origin: Mapping[str, object]) -> str:
    message, link = origin.get("message"), origin.get("link")
    return without_message(
        text,
        message if isinstance(message, str) else None,
        link if isinstance(link, str) else None,
    )

"""The frame that every form is drawn in: complaints, warnings, and the question asked once."""

from collections.abc import Iterable, Iterator

from blocks import kit
from blocks.form import Complaints, Earlier, Meta
from blocks.kit import Block
from blocks.text import cut
from blocks.words import Words

FILE_ANYWAY = "file_anyway"
"""action_id of the button that files what was reported before."""
ALERT_LIMIT = 200


def modal(
    callback_id: str,
    words: Words,
    meta: Meta,
    fields: Iterable[Block],
    *,
    heading: str,
    complaints: Complaints | None = None,
) -> Block:
    """A modal with everything that `views.update` would otherwise drop.

    :param heading: 24 characters at most
    """
    blocks = [*_before(callback_id, words, meta), *_with_complaints(fields, complaints or {}, meta)]
    submit = "form.file_anyway" if meta.earlier else "form.submit"
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": meta.model_dump_json(exclude_defaults=True),
        "title": {"type": "plain_text", "text": heading},
        "submit": {"type": "plain_text", "text": words(submit)},
        "close": {"type": "plain_text", "text": words("form.close")},
        "notify_on_close": False,
        "blocks": blocks,
    }


def saved(words: Words, heading: str, number: int) -> Block:
    """What takes a form's place when it was sent by another button than its own."""
    text = kit.plain(words("form.saved", number=number))
    return {
        "type": "modal",
        "callback_id": "saved",
        "title": {"type": "plain_text", "text": heading},
        "close": {"type": "plain_text", "text": words("form.done")},
        "blocks": [kit.section(text)],
    }


def _before(callback_id: str, words: Words, meta: Meta) -> Iterator[Block]:
    if meta.edits and meta.edits.doubtful:
        yield kit.alert(words("form.doubtful"), "warning", block_id="doubtful")
    if meta.earlier:
        yield kit.alert(words("form.earlier"), "warning", block_id="earlier")
        lines = "\n".join(_earlier(words, one) for one in meta.earlier)
        yield kit.section(kit.mrkdwn(lines), block_id="earlier.reports")
        button = kit.button(FILE_ANYWAY, words("form.file_anyway"))
        # The block says which form it files: one action_id serves all.
        yield kit.actions([button], block_id=f"{FILE_ANYWAY}.{callback_id}")


def _earlier(words: Words, one: Earlier) -> str:
    facts = {
        "number": one.number,
        "who": f"<@{one.who}>",
        "at": kit.moment(one.at),
        "state": words(f"state.{one.state}"),
    }
    line = words("form.earlier_line", **facts)
    return f"{line} ({one.remote_id})" if one.remote_id else line


def _with_complaints(
    fields: Iterable[Block], complaints: Complaints, meta: Meta
) -> Iterator[Block]:
    """Each complaint behind its field; on top those whose field is not in the form."""
    blocks = list(fields)
    drawn = {block["element"]["action_id"] for block in blocks if block["type"] == "input"}
    for name, sentence in complaints.items():
        if name not in drawn:
            yield _complaint(name, sentence, meta)
    for block in blocks:
        yield block
        name = block.get("element", {}).get("action_id")
        if name in complaints:
            yield _complaint(name, complaints[name], meta)


def _complaint(name: str, sentence: str, meta: Meta) -> Block:
    block_id = f"complaint.{name}#{meta.redraws}"
    return kit.alert(cut(sentence, ALERT_LIMIT), "error", block_id=block_id)

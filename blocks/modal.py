"""The frame that every form is drawn in: field_errors, warnings, and the question asked once."""

from collections.abc import Iterable, Iterator

from blocks import block_kit
from blocks.block_kit import Block
from blocks.form import Earlier, FieldErrors, FormMetadata
from blocks.mrkdwn import cut
from blocks.words import Words

FILE_ANYWAY = "file_anyway"
"""action_id of the button that files what was reported before."""
ALERT_LIMIT = 200


def modal(
    callback_id: str,
    words: Words,
    metadata: FormMetadata,
    fields: Iterable[Block],
    *,
    heading: str,
    field_errors: FieldErrors | None = None,
) -> Block:
    """A modal with everything that `views.update` would otherwise drop.

    :param heading: 24 characters at most
    """
    blocks = [
        *_before(callback_id, words, metadata),
        *_with_field_errors(fields, field_errors or {}, metadata),
    ]
    submit = "form.file_anyway" if metadata.earlier else "form.submit"
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata.model_dump_json(exclude_defaults=True),
        "title": {"type": "plain_text", "text": heading},
        "submit": {"type": "plain_text", "text": words(submit)},
        "close": {"type": "plain_text", "text": words("form.close")},
        "notify_on_close": False,
        "blocks": blocks,
    }


def saved(words: Words, heading: str, number: int) -> Block:
    """What takes a form's place when it was sent by another button than its own."""
    text = block_kit.plain(words("form.saved", number=number))
    return {
        "type": "modal",
        "callback_id": "saved",
        "title": {"type": "plain_text", "text": heading},
        "close": {"type": "plain_text", "text": words("form.done")},
        "blocks": [block_kit.section(text)],
    }


def _before(callback_id: str, words: Words, metadata: FormMetadata) -> Iterator[Block]:
    if metadata.edits and metadata.edits.doubtful:
        yield block_kit.alert(words("form.doubtful"), "warning", block_id="doubtful")
    if metadata.earlier:
        yield block_kit.alert(words("form.earlier"), "warning", block_id="earlier")
        lines = "\n".join(_earlier(words, one) for one in metadata.earlier)
        yield block_kit.section(block_kit.mrkdwn(lines), block_id="earlier.reports")
        button = block_kit.button(FILE_ANYWAY, words("form.file_anyway"))
        # The block says which form it files: one action_id serves all.
        yield block_kit.actions([button], block_id=f"{FILE_ANYWAY}.{callback_id}")


def _earlier(words: Words, one: Earlier) -> str:
    facts = {
        "number": one.number,
        "who": f"<@{one.who}>",
        "at": block_kit.moment(one.at),
        "state": words(f"state.{one.state}"),
    }
    line = words("form.earlier_line", **facts)
    return f"{line} ({one.remote_id})" if one.remote_id else line


def _with_field_errors(
    fields: Iterable[Block], field_errors: FieldErrors, metadata: FormMetadata
) -> Iterator[Block]:
    """Each complaint behind its field; on top those whose field is not in the form."""
    blocks = list(fields)
    drawn = {block["element"]["action_id"] for block in blocks if block["type"] == "input"}
    for name, sentence in field_errors.items():
        if name not in drawn:
            yield _field_error(name, sentence, metadata)
    for block in blocks:
        yield block
        name = block.get("element", {}).get("action_id")
        if name in field_errors:
            yield _field_error(name, field_errors[name], metadata)


def _field_error(name: str, sentence: str, metadata: FormMetadata) -> Block:
    block_id = f"complaint.{name}#{metadata.redraws}"
    return block_kit.alert(cut(sentence, ALERT_LIMIT), "error", block_id=block_id)

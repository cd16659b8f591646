"""The frame that every form is drawn in: errors, warnings, and the question that is asked once."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count

from blocks import block_kit, photos
from blocks.answers import Answers
from blocks.block_kit import Block
from blocks.form import FieldErrors
from blocks.form_state import Earlier, FormMetadata, State
from blocks.mrkdwn import cut, link, literal
from blocks.person import mention
from blocks.words import Words

FILE_ANYWAY = "file_anyway"
"""action_id of the button that files the report although an earlier one exists."""
ALERT_LIMIT = 200
"""Characters of one error."""
BLOCKS_LIMIT = 100
"""Blocks of a view."""
ERRORS_ON_TOP = 10
"""Errors that name no field of the form."""


def modal(
    callback_id: str,
    words: Words,
    metadata: FormMetadata[State],
    fields: Iterable[Block],
    *,
    heading: str,
    field_errors: FieldErrors | None = None,
    close: str = "form.close",
    photos_of: Answers | None = None,
    below: Iterable[Block] = (),
) -> Block:
    """A modal with everything that `views.update` would otherwise drop.

    :param heading: 24 characters at most
    :param close: the key of the words on the button that closes it, 24 characters at most
    :param photos_of: the answers of a form that takes photos: their fields stand behind the others
    :param below: what stands behind all fields
    """
    if photos_of is not None:
        block_id = partial(photos_of.block_id, redraws=metadata.redraws)
        fields = [*fields, *photos.draw(words, photos_of, block_id)]
    fields = [*fields, *below]
    blocks = list(_before(callback_id, words, metadata))
    room = BLOCKS_LIMIT - len(blocks)
    blocks += _with_field_errors(words, fields, field_errors or {}, metadata.redraws, room)
    submit = "form.file_anyway" if metadata.earlier else "form.submit"
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata.model_dump_json(exclude_defaults=True),
        "title": {"type": "plain_text", "text": heading},
        "submit": {"type": "plain_text", "text": words(submit)},
        "close": {"type": "plain_text", "text": words(close)},
        "notify_on_close": False,
        "blocks": blocks,
    }


def saved(words: Words, heading: str, number: int) -> Block:
    """What replaces a form that was sent by another button than its own."""
    text = block_kit.plain(words("form.saved", number=number))
    return {
        "type": "modal",
        "callback_id": "saved",
        "title": {"type": "plain_text", "text": heading},
        "close": {"type": "plain_text", "text": words("form.done")},
        "blocks": [block_kit.section(text)],
    }


def _before(callback_id: str, words: Words, metadata: FormMetadata[State]) -> Iterator[Block]:
    if metadata.edits and metadata.edits.changed:
        yield block_kit.alert(words("form.changed"), "warning", block_id="changed")
    if metadata.edits and metadata.edits.doubtful:
        yield block_kit.alert(words("form.doubtful"), "warning", block_id="doubtful")
    if metadata.earlier:
        yield block_kit.alert(words("form.earlier"), "warning", block_id="earlier")
        lines = "\n".join(_earlier(words, callback_id, report) for report in metadata.earlier)
        yield block_kit.section(block_kit.mrkdwn(lines), block_id="earlier.reports")
        button = block_kit.button(FILE_ANYWAY, words("form.file_anyway"))
        # All forms share this action_id. The block_id names the form that the button files.
        yield block_kit.actions([button], block_id=f"{FILE_ANYWAY}.{callback_id}")


def _earlier(words: Words, callback_id: str, report: Earlier) -> str:
    linked = words("form.earlier_link", number=report.number)
    facts = {
        "link": f"*{link(report.link, linked)}*" if report.link else f"*{linked}*",
        "about": literal(cut(report.about, 100)) or words(f"{callback_id}.short"),
        "who": mention(report.who),
        "at": block_kit.moment(report.at),
        "state": words(f"state.{report.state}"),
    }
    line = words("form.earlier_line", **facts)
    return f"{line} ({literal(cut(report.remote_id, 100))})" if report.remote_id else line


def _with_field_errors(
    words: Words, fields: Iterable[Block], field_errors: FieldErrors, redraws: int, room: int
) -> list[Block]:
    """Each error behind its field. On top stand those whose field the form does not have.

    :param room: blocks that a view may still have
    """
    blocks = list(fields)
    errors = {name: text for name, text in field_errors.items() if text.strip()}
    drawn = {block["element"]["action_id"] for block in blocks if block["type"] == "input"}
    elsewhere = [text for name, text in errors.items() if name not in drawn]
    room -= len(blocks)
    behind = dict([item for item in errors.items() if item[0] in drawn][: max(room, 0)])
    texts = _few(words, elsewhere, min(ERRORS_ON_TOP, room - len(behind)))
    numbers = count(1)

    def alert(text: str) -> Block:
        # Numbered: a field that an API names may be longer than a block_id.
        block_id = f"error.{next(numbers)}#{redraws}"
        return block_kit.alert(cut(text, ALERT_LIMIT), "error", block_id=block_id)

    result = [alert(text) for text in texts]
    for block in blocks:
        result.append(block)
        name = block.get("element", {}).get("action_id")
        if name in behind:
            result.append(alert(behind[name]))
    return result


def _few(words: Words, texts: list[str], most: int) -> list[str]:
    """At most so many texts: the last one says how many others there are."""
    if len(texts) <= most:
        return texts
    if most < 1:
        return []
    return [*texts[: most - 1], words("form.more_errors", n=len(texts) - most + 1)]

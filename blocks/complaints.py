"""Complaints about what has no field on the person's screen."""

from collections.abc import Iterator

from blocks import kit
from blocks.form import Complaints, Meta
from blocks.text import cut


def fresh_complaints(complaints: Complaints | None, meta: Meta) -> Iterator[kit.Block]:
    """An alert for each; Slack's alert takes 200 characters."""
    for name, sentence in (complaints or {}).items():
        block_id = f"complaint.{name}#{meta.redraws}"
        yield kit.alert(cut(sentence, 200), "error", block_id=block_id)

"""The form in which a person says which anomaly in the API photos belong to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blocks import block_kit, receipt_photos
from blocks.block_kit import Block
from blocks.mrkdwn import cut, length, literal
from blocks.words import Words

CALLBACK_ID = "choose_anomaly"
FINDINGS = 30
"""Findings that one form has. It has two blocks for each, and Slack takes 100."""
TITLE_LIMIT = 60
"""Characters of a title in a list. An option has 75 characters."""
HEAD_LIMIT = 150
"""Characters of the title of a finding."""
ROWS = 15
"""Rows that are offered for one finding."""
NONE = "none"
"""The value of the option by which the photos are not sent."""
_FIELD = "target"


@dataclass(frozen=True)
class Row:
    """An anomaly in the API's list."""

    id: str
    title: str
    at: float
    """When it was created, UNIX seconds; 0 when that is not known."""


@dataclass(frozen=True)
class Undecided:
    """A finding of a report whose photos wait."""

    place: int
    """Among the findings of the report, from 0 on."""
    title: str
    photos: Sequence[str]
    """Their names."""
    rows: Sequence[Row]
    """The anomalies in the API that it may be: at most `ROWS`."""


def draw(words: Words, number: int, api: str, findings: Sequence[Undecided]) -> Block:
    """The form, with the first `FINDINGS` findings.

    :param number: of the report
    :param api: what people call the API
    """
    blocks = [
        block for finding in findings[:FINDINGS] for block in _finding(words, number, api, finding)
    ]
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": str(number),
        "title": {"type": "plain_text", "text": words("photos.choice.heading")},
        "submit": {"type": "plain_text", "text": words("photos.choice.submit")},
        "close": {"type": "plain_text", "text": words("photos.choice.close")},
        "blocks": blocks,
    }


def read(values: Mapping[str, Mapping[str, Mapping[str, object]]]) -> dict[int, str | None]:
    """The choices: the API's id by the place of the finding; None for no anomaly.

    :param values: the `state.values` of the form
    :raises KeyError, TypeError, ValueError: when they are not those of this form
    """
    choices: dict[int, str | None] = {}
    for block_id, fields in values.items():
        option = fields[_FIELD]["selected_option"]
        if not isinstance(option, Mapping):
            raise TypeError("a finding without a choice")
        value = str(option["value"])
        choices[int(block_id)] = None if value == NONE else str(int(value))
    return choices


def faults(
    words: Words, choices: Mapping[int, str | None], chosen_before: Mapping[int, str]
) -> dict[str, str]:
    """An error for each finding whose anomaly another finding has: photos of two findings at one
    anomaly would be wrong for at least one of them.

    :param choices: what `read` gave
    :param chosen_before: the API's ids that findings of the report have, by their place
    :returns: sentences by block_id
    """
    takers = {id_: place for place, id_ in chosen_before.items()}
    errors = {}
    for place, id_ in choices.items():
        if id_ is not None and takers.setdefault(id_, place) != place:
            errors[str(place)] = words("photos.choice.taken", id=id_)
    return errors


def refused(words: Words, sentence: str) -> Block:
    """The view that replaces the form when nothing was done."""
    return {
        "type": "modal",
        "callback_id": "saved",
        "title": {"type": "plain_text", "text": words("photos.choice.heading")},
        "close": {"type": "plain_text", "text": words("photos.choice.done")},
        "blocks": [block_kit.section(block_kit.plain(sentence))],
    }


def _finding(words: Words, number: int, api: str, finding: Undecided) -> Iterator[Block]:
    """What waits and what it may be, with the times in the reader's zone, and the menu. Slack
    writes no time in a menu.
    """
    title = literal(cut(finding.title, HEAD_LIMIT)) or words("receipt.number", number=number)
    shown = receipt_photos.names(words, finding.photos)
    lines = [
        words("photos.choice.finding", title=title, names=shown),
        words("photos.choice.rows" if finding.rows else "photos.choice.no_rows", api=api),
    ]
    room = block_kit.TEXT_LIMIT - length("\n".join(lines))
    for line in (_line(words, row) for row in finding.rows):
        room -= length(line) + 1
        if room >= 0:  # the menu has the others too
            lines.append(line)
    yield block_kit.section(block_kit.mrkdwn("\n".join(lines)))
    options = [
        block_kit.option(
            cut(words("photos.choice.option", id=row.id, title=cut(row.title, TITLE_LIMIT)), 75),
            row.id,
        )
        for row in finding.rows
    ]
    yield block_kit.field(
        _FIELD,
        block_kit.select([*options, block_kit.option(words("photos.choice.none"), NONE)]),
        label=words("photos.choice.label"),
        block_id=str(finding.place),
    )


def _line(words: Words, row: Row) -> str:
    at = block_kit.moment(row.at) if 0 < row.at < block_kit.LAST_MOMENT else "?"
    title = literal(cut(row.title, TITLE_LIMIT))
    return words("photos.choice.row", id=row.id, title=title, at=at)

"""What fills the fields of `/report-issue`: targets, a comment, or a stored body."""

from collections.abc import Iterable, Mapping
from typing import Any

from blocks.answers import Value
from blocks.issue import field, links
from blocks.issue.field import APART, LABEL, MAIN
from blocks.issue.guess import SPLIT
from blocks.issue.model import COMMENT_LIMIT, FIELD_LIMIT, IssueReport
from blocks.issue.state import SKIPPED
from blocks.issue.targets import Mention
from blocks.mrkdwn import cut, is_blank, length, split


def from_payload(payload: Mapping[str, Any]) -> Mapping[str, Value]:
    """The values that a stored body fills in when it is edited."""
    report = IssueReport.model_validate(payload)
    values: dict[str, Value] = {
        "issueKind": report.issueKind,
        "clusteringAction": report.clusteringAction,
        "issueFacets": report.issueFacets,
    }
    names_property = (*report.propertyIds, *report.splitFrom)
    main = [*report.propertyIds]
    main += [_line(report, name) for name in report.splitFrom]
    rest = [name for name in (*report.links, *report.classifiedIds) if name not in report.splitFrom]
    if report.clusteringAction == "split" and names_property:
        values[APART] = field.lines(rest, room=FIELD_LIMIT)
    else:
        main += [_line(report, name) for name in rest]
    values[MAIN] = field.lines(main, room=FIELD_LIMIT)
    return values | comment_fields(report.comment)


def comment_fields(text: str) -> dict[str, Value]:
    """Fill the first comment field, and where that is too short the second."""
    text = text.strip()
    if is_blank(text):
        return {}
    if length(text) <= FIELD_LIMIT:
        return {"comment": text}
    piece = split(text, FIELD_LIMIT)[0]
    first, rest = piece.rstrip(), text[len(piece) :].strip()
    room = min(FIELD_LIMIT, COMMENT_LIMIT - length(first) - 1)
    return {"comment": first, "comment.more": cut(rest, room)}


def _line(report: IssueReport, name: str) -> str:
    return name if name in report.links else LABEL + name


def target_fields(mentions: Iterable[Mention], values: Mapping[str, Value]) -> dict[str, Value]:
    """The fields with the targets, one on each line, in order.

    A split that names its property has the listings in their own field.

    :param values: with the kind of issue
    """
    lines, skipped = _lines(mentions)
    is_property = {line: kind == "property" for line, kind in lines.items()}
    fields: dict[str, Value] = {}
    if values == SPLIT and any(is_property.values()):
        apart = [line.removeprefix(LABEL) for line in lines if not is_property[line]]
        fields[MAIN] = field.lines([line for line in lines if is_property[line]], room=FIELD_LIMIT)
        fields |= {APART: field.lines(apart, room=FIELD_LIMIT)} if apart else {}
    elif lines:
        fields[MAIN] = field.lines(lines, room=FIELD_LIMIT)
    return fields | ({SKIPPED: skipped} if skipped else {})


def _lines(mentions: Iterable[Mention]) -> tuple[dict[str, str], int]:
    """A line for each thing that is named, with its kind, and how many links had no room."""
    lines: dict[str, str] = {}
    found: dict[str, str] = {}
    for mention in mentions:
        if mention.kind == "link":
            found.setdefault(links.same(mention.value), mention.value)
        labelled = LABEL + mention.value if mention.kind == "classified" else mention.value
        if mention.kind != "link" or found[links.same(mention.value)] == mention.value:
            lines.setdefault(labelled, mention.kind)
    taken = [*found.values()][: links.MOST]
    ids = [line for line, kind in lines.items() if kind != "link"]
    shorter: dict[str, str] = {}
    if _size([*ids, *taken]) > FIELD_LIMIT:
        shorter = {link: links.untracked(link) for link in taken}
    while taken and _size([*ids, *(shorter.get(link, link) for link in taken)]) > FIELD_LIMIT:
        taken.pop()
    kept = {
        shorter.get(line, line): kind
        for line, kind in lines.items()
        if kind != "link" or line in taken
    }
    return kept, len(found) - len(taken)


def _size(lines: Iterable[str]) -> int:
    return len("\n".join(lines))

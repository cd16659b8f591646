"""The fields for the targets of an issue: links of listings, and ids of properties and classifieds,
one on each line or with other separators.

A bare id counts as that of a property, unless a look-up finds a classified with it. A label settles
it: `annonce : <id>`, `listing: <id>`, `bien : <id>`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from blocks.answers import Answers
from blocks.compared import compared
from blocks.issue import links
from blocks.issue.labels import label_before
from blocks.issue.targets import LIST, UUID, WRAPPING, in_link, legible, once
from blocks.mrkdwn import is_blank, length

MAIN, APART = "propertyIds", "classifiedIds"
"""The field of every form, and the field of a split for the listings that do not belong. They are
named as the API's fields, so that the API's complaints stand on them.
"""
LINKS_MOST = links.MOST
"""Links of one report."""
LABEL = "classified: "
"""Stands before the id of a classified in a field that we fill in."""
_BEFORE, _BEHIND = "<([{\"'`“‘«•*", ".,;:!?)]}>'\"`”’»*…"
_SEPARATORS = re.compile(r"[\s,;|]+")
_NUMBERING = re.compile(r"(?m)^[^\S\r\n]*\d{1,3}[.)]\s")
"""`1. ` or `2) ` before a line of a list."""
_TARGET = re.compile(rf"{UUID.pattern}|{links.SHAPE.pattern.removeprefix('(?i)')}")
_JOINING = frozenset({"et", "and", "ou", "or"})
_OUR_LABEL = re.compile(rf"(?m)^{LABEL}")


@dataclass(frozen=True)
class FieldTargets:
    """The targets in a field, each once, in order. A link to Immoteur counts as the ids in it."""

    ids: tuple[str, ...] = ()
    """Those without a label."""
    links: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Words that are neither an id nor a link, as typed."""
    properties: tuple[str, ...] = ()
    """The ids that a label calls properties."""
    classifieds: tuple[str, ...] = ()
    """The ids that a label calls classifieds."""

    @property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """The links that cannot be of a listing, each with why, as `links.fault`."""
        return tuple((link, why) for link in self.links if (why := links.fault(link)))

    @property
    def count(self) -> int:
        """How many targets the field names."""
        return sum(map(len, (self.ids, self.links, self.properties, self.classifieds)))


@dataclass(frozen=True)
class Fields:
    """The targets in the two fields of a form."""

    main: FieldTargets = FieldTargets()
    apart: FieldTargets = FieldTargets()
    """The listings that do not belong to the property of a split."""

    @property
    def links(self) -> tuple[str, ...]:
        return (*self.main.links, *self.apart.links)


def is_split(answers: Answers) -> bool:
    is_clustering = answers.text("issueKind") == "clustering"
    return is_clustering and answers.text("clusteringAction") == "split"


def of(answers: Answers) -> Fields:
    """The targets in the fields. The second field does not count once it is off the screen."""
    counts = is_split(answers) or not answers.blocks or APART in answers.blocks
    apart = answers.parsed(APART, read) if counts else FieldTargets()
    return Fields(answers.parsed(MAIN, read), apart)


def joined(answers: Answers) -> Answers:
    """The answers with the targets of the second field moved to the first. A form that is no split
    has no second field, and its targets must not be lost.
    """
    if is_split(answers) or not answers.text(APART).strip():
        return answers
    apart = read(answers.text(APART))
    lines = [answers.text(MAIN).strip(), *apart.properties]
    lines += [LABEL + id_ for id_ in (*apart.ids, *apart.classifieds)]
    lines += [*apart.links, *apart.others]
    text = "\n".join(line for line in lines if line)
    return answers.changed({MAIN: text, APART: None})


def read(text: str) -> FieldTargets:
    """The value of one field."""
    if UUID.fullmatch(text):  # the usual value needs no search for labels, lists and links
        return FieldTargets((text.lower(),))
    found, heading = _Found(), ""
    for line in legible(links.bare(_NUMBERING.sub("", text))).splitlines():
        if heads := _heading(line):
            heading = heads
            continue
        for kind, part in _parts(line, heading):
            found.add(part, kind)
    return found.targets()


def in_words(text: str, label: str) -> str:
    """A text that we filled in, with the label of classifieds in the person's language."""
    return _OUR_LABEL.sub(label, text)


def lines(named: Iterable[str], *, room: int) -> str:
    """As many targets as the field takes, one on each line. A mark at the end shows that some were
    left out; the person must remove it.
    """
    text, kept = "", list(named)
    if length(whole := "\n".join(kept)) <= room:
        return whole
    while kept and length(text) + length(kept[0]) + 1 <= room - 2:
        text += kept.pop(0) + "\n"
    return text + "…"


def _heading(line: str) -> str:
    """The kind of the ids below a line that is only a label, such as `Annonces :`."""
    if not line.strip() or _TARGET.search(line):
        return ""
    label = label_before(line + "\n", len(line) + 1)
    return label.kind if label.length else ""


def _parts(line: str, heading: str) -> Iterator[tuple[str, str]]:
    """The parts of a line without their labels, each with the kind that its label gives it.

    A label stands before the first of its list.
    """
    kind, start, end = heading, 0, 0
    for target in _TARGET.finditer(line):
        if end and LIST.fullmatch(line, end, target.start()):
            end = target.end()
            continue
        label, label_at = _label(line, end, target.start())
        if label:
            yield kind, line[start:label_at]
            kind, start = label, target.start()
        elif end:
            yield kind, line[start:end]
            kind, start = "", end
        end = target.end()
    yield kind, line[start:]


def _label(line: str, begin: int, end: int) -> tuple[str, int]:
    """The kind that a label between these places gives what stands behind it, and where the label
    begins. In a field a label needs no colon, because nothing but targets belongs there.
    """
    before = line[begin:end].rstrip()
    colon = "" if before.endswith((":", "：", "=", "|")) else ":"
    label = label_before(before + colon, len(before + colon))
    return (label.kind, begin + len(before + colon) - label.length) if label.length else ("", end)


@dataclass
class _Found:
    """The targets that were read so far."""

    ids: Mapping[str, list[str]] = field(
        default_factory=lambda: {"": [], "property": [], "classified": []}
    )
    """By the kind that a label gives them; empty for none."""
    links: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, part: str, kind: str) -> None:
        for word in part.split():
            for piece in links.apart(word):
                link = piece.lstrip(_BEFORE).rstrip(_BEHIND)
                if not links.is_link(link):
                    self._add_ids(piece, self.ids[kind])
                elif here := in_link(link):
                    self.ids[kind].extend(here)
                else:
                    self.links.append(link)

    def _add_ids(self, word: str, ids: list[str]) -> None:
        """Sort a word that is no link."""
        for token in _SEPARATORS.split(word):
            here = UUID.findall(token)
            if here and not UUID.sub("", token).strip(WRAPPING):
                ids += here
            elif not is_blank(token.strip(WRAPPING)) and compared(token) not in _JOINING:
                self.others.append(token)

    def targets(self) -> FieldTargets:
        properties, classifieds = once(self.ids["property"]), once(self.ids["classified"])
        bare = once(self.ids[""])
        return FieldTargets(
            tuple(id_ for id_ in bare if id_ not in (*properties, *classifieds)),
            links.once(self.links),
            tuple(self.others),
            properties,
            classifieds,
        )

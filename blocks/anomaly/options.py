"""The options of a searchable list: a label that a person recognises, and a number as value."""

import re
from dataclasses import dataclass

from blocks import block_kit
from blocks.block_kit import Block
from blocks.compared import compared
from blocks.mrkdwn import cut, length
from blocks.words import Words

LABEL_LIMIT = 75
OPTIONS_LIMIT = 100
"""Options that Slack takes in one answer."""
SHORTEST_PART = 12
"""Characters that a part of a label keeps at least, when the label is cut."""
NUMBER_SIGN = r"(?i:(?:#|№|n[°º]\.?|no\.|nr\.?|num[ée]ro)[\s:]*)?"
"""A pattern of what people write before a number."""
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class Choice:
    """A number, and the parts of its name; no parts where the list gives no name."""

    number: int
    parts: tuple[str, ...] = ()
    listed: bool = True
    """Whether the list holds the number."""


def option(words: Words, choice: Choice) -> Block:
    return block_kit.option(label(words, choice), str(choice.number))


def label(words: Words, choice: Choice) -> str:
    """Name, city or day, and the number, in 75 characters: the longest part is cut first."""
    if not choice.listed:
        return words("catalogue.unlisted", number=choice.number)
    if not choice.parts:
        return words("catalogue.unnamed", number=choice.number)
    parts = [*(shown(words, part) for part in choice.parts), str(choice.number)]
    while (excess := length(" · ".join(parts)) - LABEL_LIMIT) > 0:
        longest = max(range(len(parts) - 1), key=lambda index: length(parts[index]))
        room = max(SHORTEST_PART, length(parts[longest]) - excess)
        parts[longest] = cut(parts[longest], room)
    return " · ".join(parts)


def shown(words: Words, part: str) -> str:
    """A part of a name; a day such as 2023-10-06 as people write it: 6 Oct 2023."""
    day = _DAY.fullmatch(part)
    if day is None or not 1 <= int(day[2]) <= 12:
        return part
    month = words(f"anomaly.month.{int(day[2])}")
    number = words("anomaly.first_day") if day[3] == "01" else str(int(day[3]))
    return words("anomaly.day", day=number, month=month, year=day[1])


def name(words: Words, choice: Choice) -> str:
    """A name without the number; the number where there is no name."""
    if not choice.parts:
        return words("catalogue.unnamed", number=choice.number)
    return cut(" · ".join(shown(words, part) for part in choice.parts), LABEL_LIMIT)


def site_name(words: Words, site: Choice) -> str:
    return name(words, site) if site.parts else words("anomaly.subject.site", number=site.number)


def subject(words: Words, site: Choice | None, report: Choice | None) -> str:
    """Site and visit, such as `École Jean Jaurès · Strasbourg, visit of 6 Oct 2023`."""
    where = site_name(words, site) if site else words("anomaly.subject.no_site")
    if report is None:
        return where
    day = next((part for part in report.parts if _DAY.fullmatch(part)), None)
    if day is None:
        return words("anomaly.subject.report", site=where, number=report.number)
    return words("anomaly.subject.visit", site=where, day=shown(words, day))


def is_id(text: str) -> bool:
    """Whether a field holds a number that a list can hold."""
    return re.fullmatch(r"-?[0-9]{1,16}", text) is not None


def number_in(query: str) -> int | None:
    """The number that a person typed into a search; None if the query is anything else."""
    # `compared` makes `no` of `№` and `nº`.
    number = re.fullmatch(rf"(?:no\s*|{NUMBER_SIGN})([0-9]{{1,16}})", compared(query))
    return int(number[1]) if number else None

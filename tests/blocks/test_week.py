"""The message of a week: counts as lines of text, in the language of the channel."""

from dataclasses import replace
from datetime import date

import pytest

from blocks.block_kit import text_size
from blocks.receipt_view import Message
from blocks.week import MOST, Unsent, WeekView, draw, length
from blocks.words import words

ENGLISH, FRENCH = words("en"), words("fr")
WEEK = WeekView(
    first=date(2026, 11, 23),
    last=date(2026, 11, 29),
    total=5,
    counts={
        "kind": [("report_issue", 4), ("anomaly", 1)],
        "state": [("filed", 3), ("refused", 1), ("waiting", 1)],
        "place": [("", 4), ("Hangar <!channel>, Lyon", 1)],
        "person": [("Bob Martin", 4), ("", 1)],
    },
    filed_after=(4.0, 7500.0),
    unsent=Unsent(5, "Bob Martin", 1_795_514_400.0, "waiting", "https://slack.com/archives/C1/p1"),
)


def text(message: Message) -> str:
    return "\n\n".join(block["text"]["text"] for block in message.blocks)


def test_a_week_is_told_in_english() -> None:
    message = draw(ENGLISH, WEEK)
    assert message.text == "Reports from 2026-11-23 to 2026-11-29: 5 reports"
    assert (
        text(message)
        == """\
*Reports from 2026-11-23 to 2026-11-29*
5 reports
Until filed: 4 s for half of them, 2 h 05 min at worst
Oldest unsent: <https://slack.com/archives/C1/p1|no. 5> by Bob Martin, \
<!date^1795514400^{date_short_pretty} {time}|2026-11-24 10:00 UTC> (waiting to be sent)

*By kind*
• Property data issue: 4
• Safety anomaly: 1

*By state*
• filed: 3
• refused: 1
• waiting to be sent: 1

*By site or city*
• no place known: 4
• Hangar &lt;!channel&gt;, Lyon: 1

*By person*
• Bob Martin: 4
• erased: 1"""
    )


def test_a_week_is_told_in_french() -> None:
    shown = text(draw(FRENCH, WEEK))
    assert shown.startswith("*Signalements du 23/11/2026 au 29/11/2026*\n5 signalements\n")
    assert "• Hangar &lt;!channel&gt;, Lyon\u00a0: 1" in shown


def test_a_week_without_reports_is_two_lines_and_nothing_unsent() -> None:
    empty = WeekView(WEEK.first, WEEK.last, 0, {}, None, None)
    assert text(draw(ENGLISH, empty)).splitlines()[1:] == ["0 reports", "Nothing waits to be sent."]


def test_a_long_list_ends_with_the_sum_of_the_others() -> None:
    people = [(f"Person {n}", 100 - n) for n in range(MOST + 3)]
    shown = text(draw(ENGLISH, replace(WEEK, counts={"person": people})))
    assert shown.splitlines()[-1] == f"• 3 others: {sum(n for _, n in people[MOST:])}"


def test_the_longest_names_fit_into_slacks_limits() -> None:
    names = [("&" * 200, 10**6)] * 500
    message = draw(FRENCH, replace(WEEK, counts=dict.fromkeys(WEEK.counts, names)))
    assert max(len(block["text"]["text"]) for block in message.blocks) <= 3000
    assert text_size(message.blocks) <= 10_000


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0.2, "0 s", "0 s"),
        (59.4, "59 s", "59 s"),
        (61, "1 min 01 s", "1 min 01 s"),
        (7500, "2 h 05 min", "2 h 05 min"),
        (100_000, "27 h 46 min", "27 h 46 min"),
        (200_000, "2 days 7 h", "2 jours 7 h"),
    ],
)
def test_a_length_of_time_has_two_units(seconds: float, english: str, french: str) -> None:
    assert length(ENGLISH, seconds) == english
    assert length(FRENCH, seconds) == french

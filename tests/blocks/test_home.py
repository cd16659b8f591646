"""The App Home: every state in both languages, within Slack's limits, whatever it has to show."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from blocks.home.drawing import SEARCH_LIMIT, draw, notice_text
from blocks.home.messages import answer, mine
from blocks.home.model import Draft, HomeView, Needs, Notice, Row
from blocks.receipt_status import SIGNS
from blocks.receipt_view import Title
from blocks.words import LANGUAGES, words
from sandbox.slack.blockkit import check_blocks, check_home
from sandbox.slack.message_size import check_message_size
from storage.states import State
from tests.blocks.forms import NOW
from tests.blocks.receipt_gallery import KINDS, causes, view

ALL = [
    (language, kind, state, number)
    for language in LANGUAGES
    for kind in KINDS
    for state in State
    for number, _ in enumerate(causes(state))
]


def row(language: str, kind: str, state: State, number: int = 0, cause: int = 0) -> Row:
    report = view(words(language), kind, state, list(causes(state))[cause])
    return Row(replace(report, number=number), "https://slack.com/archives/C1/p1")


def rows(language: str, state: State, count: int, title: str = "") -> list[Row]:
    report_rows = [row(language, "anomaly", state, number) for number in range(1, count + 1)]
    if not title:
        return report_rows
    return [replace(row, report=replace(row.report, title=Title(title))) for row in report_rows]


def drafts(count: int, title: str = "Lamp off") -> Sequence[Draft]:
    return [Draft("anomaly", f"key{number}", title, NOW) for number in range(count)]


@pytest.mark.parametrize(("language", "kind", "state", "cause"), ALL)
def test_each_state_and_cause_is_shown_with_sign_words_title_and_link(
    language: str, kind: str, state: State, cause: int
) -> None:
    report_row = row(language, kind, state, 7, cause)
    home = HomeView(list(KINDS), reports=[report_row], needs=Needs([report_row], 1))
    drawn = draw(words(language), home)
    check_home(drawn)
    texts = [
        block["text"]["text"]
        for block in drawn["blocks"]
        if block["type"] == "section" and block["block_id"] == "report.7"
    ]
    assert len(texts) == 1
    assert SIGNS[state] in texts[0]
    assert report_row.report.title.line(words(language)) in texts[0]
    assert "<https://slack.com/archives/C1/p1|" in texts[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", ["", "<!channel> & " * 300], ids=["short", "long"])
def test_a_home_with_everything_at_once_is_within_slacks_limits(language: str, title: str) -> None:
    home = HomeView(
        list(KINDS),
        needs=Needs(rows(language, State.UNKNOWN, 200, title), 1000),
        drafts=drafts(200, title or "x"),
        everybody=Needs(rows(language, State.UNKNOWN, 200, title), 1000),
        reports=[
            replace(row, report=replace(row.report, cause={"why": "unreachable"}))
            for row in rows(language, State.WAITING, 200, title)
        ],
        page=3,
        has_older=True,
        state="unknown",
        kind="anomaly",
        words="x" * SEARCH_LIMIT,
        above=10,
        language="fr",
        notice=Notice("command.too_late", {"number": 1}, "filed"),
    )
    drawn = draw(words(language), home)
    check_home(drawn)
    ids = [block["block_id"] for block in drawn["blocks"]]
    assert len(ids) <= 100
    assert ids[-2:] == ["pages.3", "language"]
    message = mine(words(language), home)
    check_blocks(message.blocks)
    check_message_size(message.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_typed_fires_no_mention(language: str) -> None:
    home = HomeView(list(KINDS), reports=rows(language, State.FILED, 1, "<!channel>"))
    texts = [str(block) for block in draw(words(language), home)["blocks"]]
    assert [text for text in texts if "<!channel>" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_home_says_what_can_be_done_in_two_lines_and_has_the_buttons(
    language: str,
) -> None:
    drawn = draw(words(language), HomeView(list(KINDS)))
    check_home(drawn)
    about, forms, _ = drawn["blocks"]
    assert about["text"]["text"].count("\n") == 1
    assert [button["action_id"] for button in forms["elements"]] == [
        "home_form.report_issue",
        "home_form.anomaly",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filter_that_nothing_fits_keeps_its_menus(language: str) -> None:
    drawn = draw(words(language), HomeView(list(KINDS), state="held"))
    check_home(drawn)
    ids = [block["block_id"] for block in drawn["blocks"]]
    assert ids == ["forms", "reports", "search", "filter", "none", "language"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("filling", ["", "x" * 2000], ids=["none", "long"])
def test_the_answer_to_a_direct_message_is_within_slacks_limits(
    language: str, filling: str
) -> None:
    message = answer(words(language), list(KINDS), filling, block_id="x" * 255)
    check_blocks(message.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_names_the_state_in_words(language: str) -> None:
    text = notice_text(words(language), Notice("command.too_late", {"number": 3}, "filed"))
    assert words(language)("state.filed") in text


def test_who_reported_is_shown_where_reports_of_others_are() -> None:
    home = HomeView(list(KINDS), everybody=Needs(rows("en", State.REFUSED, 1), 1))
    drawn = draw(words("en"), home)
    texts = [str(block.get("text")) for block in drawn["blocks"]]
    assert [text for text in texts if "<@U1>" in text] != []


@pytest.mark.parametrize("chosen", ["", "en", "fr"])
def test_the_menu_of_languages_shows_the_one_that_was_chosen(chosen: str) -> None:
    drawn = draw(words("en"), HomeView(list(KINDS), language=chosen))
    menu = drawn["blocks"][-1]["elements"][0]
    assert [option["value"] for option in menu["options"]] == ["any", "en", "fr"]
    assert menu["initial_option"]["value"] == (chosen or "any")


@pytest.mark.parametrize("state", State)
def test_a_report_that_is_on_its_way_cannot_be_reported_again(state: State) -> None:
    report_row = row("en", "anomaly", state, 7)
    drawn = draw(words("en"), HomeView(list(KINDS), reports=[report_row]))
    block = next(block for block in drawn["blocks"] if block.get("block_id") == "report.7")
    offered = ["home_again"] if state in {"filed", "refused", "discarded"} else []
    shown = [block["accessory"]["action_id"]] if "accessory" in block else []
    assert shown == offered

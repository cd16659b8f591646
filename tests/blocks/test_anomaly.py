"""The form of /anomaly, without Slack: prefilled, drawn for a risk, read."""

from typing import Any

import pytest

from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.model import AnomalyReport
from blocks.answers import Answers, Value
from blocks.form import InvalidFormError
from tests.blocks.forms import ANOMALY_META, DAY, EN, NOW, answered, block_of, drawn, fields

FORM = AnomalyForm()
ALWAYS = ["reportId", "siteId", "technicalInstallationId", "risk", "title", "description"]
PLACE = ["location.floor?", "location.room?"]
TOMORROW = int(NOW) + DAY
VALID: dict[str, Value] = {
    "reportId": "1204",
    "siteId": "31",
    "technicalInstallationId": "7",
    "risk": "0",
    "title": "Exit blocked",
    "description": "Boxes before the door",
}
ANOMALY = {
    "title": "Exit blocked",
    "description": "Boxes before the door",
    "risk": 0,
    "technicalInstallationId": 7,
    "siteId": 31,
}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("  ", {}),
        ("1204", {"reportId": "1204"}),
        ("#1204", {"reportId": "1204"}),
        ("0012", {"reportId": "12"}),
        ("1204 Exit blocked", {"reportId": "1204", "title": "Exit blocked"}),
        ("1204: Exit blocked", {"reportId": "1204", "title": "Exit blocked"}),
        ("1204\u00a0: Issue bloquée", {"reportId": "1204", "title": "Issue bloquée"}),
        ("n° 1204 Issue bloquée", {"reportId": "1204", "title": "Issue bloquée"}),
        ("Nº1204 : Issue bloquée", {"reportId": "1204", "title": "Issue bloquée"}),
        ("№\u00a0１２０４ Exit", {"reportId": "1204", "title": "Exit"}),
        ("no 2 exits", {"title": "no 2 exits"}),
        ("1204\nExit\n  blocked", {"reportId": "1204", "title": "Exit blocked"}),
        ("Exit 12 blocked", {"title": "Exit 12 blocked"}),
        ("2nd floor", {"title": "2nd floor"}),
        ("3.5 m", {"title": "3.5 m"}),
        ("12345678901234567 x", {"title": "12345678901234567 x"}),
        ("1204 R&amp;D &lt;door&gt;", {"reportId": "1204", "title": "R&D <door>"}),
        ("“smart” ‘quotes’", {"title": "“smart” ‘quotes’"}),
        ("by <@U0ALICE001|alice>, see <https://x.fr/a|the plan>",
         {"title": "by @alice, see the plan https://x.fr/a"}),
        ("the payload", {"title": "the payload"}),
        ("t" * 251, {"title": "t" * 249 + "…", "description": "t" * 251}),
        ("t" * 3000, {"title": "t" * 249 + "…", "description": "t" * 2499 + "…"}),
    ],
)  # fmt: skip
def test_words_after_the_command_fill_the_form(text: str, values: dict[str, Value]) -> None:
    assert FORM.from_words(text) == values


LINK = "https://atelier.slack.com/archives/C1/p1"


@pytest.mark.parametrize(
    ("message", "link", "description"),
    [
        ({"text": "a &amp; b"}, LINK, f"a & b\n{LINK}"),
        ({"text": "a"}, None, "a"),
        ({"text": None}, LINK, LINK),
        ({"text": "", "attachments": [{"text": "a &amp; b"}]}, LINK, f"a & b\n{LINK}"),
        (
            {
                "text": "This content can't be displayed.",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; b"}}],
            },
            LINK,
            f"a & b\n{LINK}",
        ),
        ({"text": "x" * 9000}, LINK, "x" * (2498 - len(LINK)) + "…\n" + LINK),
    ],
)
def test_a_messages_text_and_link_are_the_description(
    message: dict[str, Any], link: str | None, description: str
) -> None:
    assert FORM.from_message(message, link) == {"description": description}


@pytest.mark.parametrize(
    ("risk", "shown"),
    [
        ("", ALWAYS),
        ("0", ALWAYS),
        ("1", [*ALWAYS, "dueAt?", *PLACE]),
        ("2", [*ALWAYS, "dueAt", *PLACE]),
        ("3", [*ALWAYS, "dueAt", *PLACE]),
    ],
)
def test_a_risk_asks_for_what_the_shipped_policy_says(risk: str, shown: list[str]) -> None:
    assert fields(drawn(FORM, {"risk": risk})) == shown


def test_only_the_gravest_risk_shows_an_alert_and_no_risk_is_chosen_for_a_person() -> None:
    views = [drawn(FORM, {"risk": risk}) for risk in ("", "0", "1", "2", "3")]
    alerts = [[block["type"] for block in view["blocks"]].count("alert") for view in views]
    chosen = ["initial_option" in block_of(view, "risk")["element"] for view in views]
    assert (alerts, chosen) == ([0, 0, 0, 0, 1], [False, True, True, True, True])


def test_a_risk_is_labelled_with_its_number_and_that_the_order_is_an_assumption() -> None:
    options = block_of(drawn(FORM), "risk")["element"]["options"]
    assert [option["text"]["text"] for option in options] == [
        "0 · lowest",
        "1 · low",
        "2 · serious",
        "3 · highest",
    ]


@pytest.mark.parametrize(
    ("values", "anomaly"),
    [
        ({}, {}),
        ({"title": "  Exit blocked ", "description": "Boxes before the door\n"}, {}),
        ({"risk": "1"}, {"risk": 1}),
        ({"risk": "1", "dueAt": TOMORROW, "location.room": " 204 "},
         {"risk": 1, "dueAt": "2025-12-02T10:00:10.000Z", "location": {"room": "204"}}),
        ({"risk": "3", "dueAt": TOMORROW, "location.floor": "2", "location.room": " "},
         {"risk": 3, "dueAt": "2025-12-02T10:00:10.000Z", "location": {"floor": "2"}}),
        ({"risk": "0", "dueAt": TOMORROW, "location.floor": "2", "location.room": "204"}, {}),
        ({"risk": "0", "dueAt": 1}, {}),
        ({"risk": "0", "dueAt": 10**18}, {}),
        ({"risk": "1", "location.floor": "\u200b", "location.room": "\u3164"}, {"risk": 1}),
        ({"risk": "1", "dueAt": 9_999_999_999},
         {"risk": 1, "dueAt": "2286-11-20T17:46:39.000Z"}),
        ({"siteId": " 31 ", "technicalInstallationId": "007"}, {}),
        ({"siteId": "9007199254740991"}, {"siteId": 2**53 - 1}),
    ],
)  # fmt: skip
def test_a_form_gives_one_anomaly_without_what_its_risk_hides(
    values: dict[str, Value], anomaly: dict[str, Any]
) -> None:
    assert read(**values).body() == {"reportId": 1204, "anomalies": [ANOMALY | anomaly]}


WHOLE = "Enter a whole number, such as 1204."
BLANK = "This cannot be left blank."
SHOWS_NOTHING = ("\u200b", "\u3164", "\u00ad\u2060", "\ufeff \u2800", "\u00a0\t\u202e")
PAST = "This date is in the past. Choose a later one."


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        (dict.fromkeys(VALID, ""),
         {"reportId": WHOLE, "siteId": WHOLE, "technicalInstallationId": WHOLE,
          "risk": "Choose a risk.", "title": BLANK, "description": BLANK}),
        ({"risk": "4"}, {"risk": "Choose a risk."}),
        ({"reportId": "12.5"}, {"reportId": WHOLE}),
        ({"siteId": "1e3"}, {"siteId": WHOLE}),
        ({"siteId": "٣"}, {"siteId": WHOLE}),
        ({"technicalInstallationId": "9007199254740992"},
         {"technicalInstallationId":
          "This number is too large for KARE."
          " Check that the whole number, and nothing else, was copied."}),
        ({"siteId": "1" * 30},
         {"siteId":
          "This number is too large for KARE."
          " Check that the whole number, and nothing else, was copied."}),
        ({"title": " ", "description": "\n"}, {"title": BLANK, "description": BLANK}),
        ({"title": "t" * 251},
         {"title": "This text has 251 characters; the limit is 250."}),
        ({"description": "d" * 2501},
         {"description": "This text has 2,501 characters; the limit is 2,500."}),
        ({"risk": "2"}, {"dueAt": "This risk needs a date to fix it by."}),
        ({"risk": "2", "dueAt": int(NOW) - 1}, {"dueAt": PAST}),
        ({"risk": "1", "dueAt": int(NOW)}, {"dueAt": PAST}),
        ({"risk": "3", "dueAt": TOMORROW, "location.room": " "},
         {"location.floor": "This risk needs a place: give the floor, the room, or both."}),
        *(({"risk": "1", "dueAt": due},
           {"dueAt": "This date is too far ahead. Choose one before the year 2286."})
          for due in (10**10, 253_402_300_800, 10**12, 10**18)),
        *(({"risk": "1", "dueAt": due}, {"dueAt": PAST}) for due in (-1, -(10**18))),
        *(({"title": text, "description": text}, {"title": BLANK, "description": BLANK})
          for text in SHOWS_NOTHING),
        *(({"risk": "3", "dueAt": TOMORROW, "location.room": text, "location.floor": text},
           {"location.floor": "This risk needs a place: give the floor, the room, or both."})
          for text in SHOWS_NOTHING),
        ({"risk": "3"},
         {"dueAt": "This risk needs a date to fix it by.",
          "location.floor": "This risk needs a place: give the floor, the room, or both."}),
    ],
)  # fmt: skip
def test_every_fault_is_named_on_its_field(
    values: dict[str, Value], errors: dict[str, str]
) -> None:
    with pytest.raises(InvalidFormError) as invalid:
        read(**values)
    assert invalid.value.field_errors == errors


def read(**values: Value) -> AnomalyReport:
    return FORM.read(EN, Answers(VALID | values), now=NOW)


def test_a_form_as_drawn_is_read_as_it_was_filled() -> None:
    values = VALID | {"risk": "3", "location.floor": "2"}
    report = FORM.read(EN, answered(drawn(FORM, values, metadata=ANOMALY_META)), now=NOW)
    assert report.body()["anomalies"] == [
        ANOMALY | {"risk": 3, "dueAt": "2025-12-02T11:00:00.000Z", "location": {"floor": "2"}}
    ]


def test_the_same_anomaly_is_known_however_its_title_was_typed() -> None:
    spaced, lower = read(title="Exit  BLOCKED"), read(title="exit blocked", risk="1")
    assert spaced.targets() == lower.targets() == ("1204/31/exit blocked",)


@pytest.mark.parametrize("due", [10**10, 10**18, -1])
def test_a_date_that_slacks_picker_cannot_show_is_not_drawn(due: int) -> None:
    view = drawn(FORM, VALID | {"risk": "1", "dueAt": due})
    assert "initial_date_time" not in block_of(view, "dueAt")["element"]

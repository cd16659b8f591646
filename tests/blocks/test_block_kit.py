"""Texts as blocks: what is a link can be clicked, and nothing else is formatted."""

import pytest

from blocks import block_kit, rich_text

PAGE = "https://immoteur.com/en/dashboard/billing#data-access"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (f"Do so here: {PAGE}", f"Do so here: <{PAGE}>"),
        (f"(see {PAGE}).", f"(see <{PAGE}>)."),
        (f"<{PAGE}>", f"<{PAGE}>"),
        (f"<{PAGE}|here> and {PAGE}?a=1&amp;b=2", f"<{PAGE}|here> and <{PAGE}?a=1&amp;b=2>"),
        ("&lt;!channel&gt; pap.fr", "&lt;!channel&gt; pap.fr"),
        ("see &lt;https://a.fr/b&gt;.", "see &lt;<https://a.fr/b>&gt;."),
        ("https://a.fr/?b=1&amp;", "<https://a.fr/?b=1&amp;>"),
        ("https://a.fr/?b&amp;c; &amp;", "<https://a.fr/?b&amp;c>; &amp;"),
        ("<!date^1^{date}|2026>", "<!date^1^{date}|2026>"),
        ("x" * 2999 + "https://a.fr", "x" * 2999 + "https://a.fr"),
    ],
)
def test_an_address_in_a_formatted_text_is_a_link(text: str, sent: str) -> None:
    assert block_kit.mrkdwn(text) == {"type": "mrkdwn", "text": sent, "verbatim": True}


def test_a_formatted_text_is_never_made_longer_than_slack_takes() -> None:
    text = "x" * 2980 + " https://pap.fr/r12"
    assert block_kit.mrkdwn(text)["text"] == text


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("*as* _typed_ <!here>", [{"type": "text", "text": "*as* _typed_ <!here>"}]),
        (PAGE, [{"type": "link", "url": PAGE}]),
        (
            f"see {PAGE}, please",
            [
                {"type": "text", "text": "see "},
                {"type": "link", "url": PAGE},
                {"type": "text", "text": ", please"},
            ],
        ),
        ("https://", [{"type": "text", "text": "https://"}]),
    ],
)
def test_an_address_in_a_quote_is_a_link_and_the_rest_as_typed(
    text: str, elements: list[dict[str, str]]
) -> None:
    assert rich_text.quote(text)["elements"] == elements


def test_a_field_takes_the_text_that_fills_it_whatever_its_emojis_count() -> None:
    element = block_kit.text_input(initial="😀" * 10, limit=10)
    assert element["initial_value"] == "😀" * 4 + "…"


def test_marks_in_a_sentence_become_elements() -> None:
    by = {"\0": rich_text.user("U1")}
    assert rich_text.filled("filed by \0 today", by) == [
        {"type": "text", "text": "filed by "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " today"},
    ]

"""A receipt does not repeat the message under which it is posted."""

import pytest

from blocks.repeated import fingerprint, without_message

LINK = "https://w.slack.com/archives/C1/p1700000000000001"
WORDS = "The price is wrong:\n298 000 €"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{WORDS}\n{LINK}", ""),
        (f"{WORDS}\n{LINK}\nSince Monday.", "Since Monday."),
        (f"{WORDS} Since Monday.", "Since Monday."),
        ("My own words", "My own words"),
        (f"Before it. {WORDS}", f"Before it. {WORDS}"),
        (f"See {LINK} there", f"See {LINK} there"),
        ("", ""),
    ],
)
def test_only_what_the_person_added_is_kept(text: str, kept: str) -> None:
    assert without_message(text, fingerprint(WORDS), LINK) == kept


@pytest.mark.parametrize("odd", [None, "", "x", "9", "-1:ab", "99999:ab", "²:ab"])
def test_without_a_fingerprint_all_words_are_kept(odd: str | None) -> None:
    assert without_message(WORDS, odd, None) == WORDS


def test_a_message_without_words_has_no_fingerprint() -> None:
    assert fingerprint(" \n") is None

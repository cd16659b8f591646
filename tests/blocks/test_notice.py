"""Messages about bad news and grave reports show what they name to the letter."""

from blocks.notice import Alert, BadNews, Reported, alert, bad_news
from blocks.words import words

EN = words("en")
RECEIPT = Reported(7, "https://atelier.slack.com/archives/C1/p1?thread_ts=1.0&cid=C1")


def test_the_address_of_a_receipt_in_a_thread_is_escaped() -> None:
    text = bad_news(EN, BadNews("refused", "U1", [RECEIPT], 1, "KARE")).text
    assert "<https://atelier.slack.com/archives/C1/p1?thread_ts=1.0&amp;cid=C1|no. 7>" in text


def test_a_title_stays_bold_whatever_is_in_it() -> None:
    text = alert(EN, Alert(RECEIPT, "Exit *blocked* 2*3", 3, "U1", "filed", ())).text
    assert text.startswith("*Exit ∗blocked∗ 2∗3* ")

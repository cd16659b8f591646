"""What Slack sent, as a person wrote it; what a person wrote, safe to show."""

import pytest

from blocks.mrkdwn import cut, escape, is_blank, literal, plain, shown, split, unescape


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("&amp;", "&amp;amp;"),
        ("*bold* _it_ ~no~ `code`", "*bold* _it_ ~no~ `code`"),
        ("", ""),
    ],
)
def test_an_escaped_text_comes_back_as_it_was_typed(typed: str, sent: str) -> None:
    assert (escape(typed), unescape(sent)) == (sent, typed)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;gt;", "&amp;gt;"),
        ("&quot;&#39;&nbsp;&LT;", "&quot;&#39;&nbsp;&LT;"),
    ],
)
def test_exactly_three_entities_are_undone_and_only_once(sent: str, typed: str) -> None:
    assert unescape(sent) == typed


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("see <https://x.fr/a?b=1&amp;c=2>", "see https://x.fr/a?b=1&c=2"),
        ("see <https://x.fr/a|x.fr/a>", "see https://x.fr/a"),
        ("see <https://www.x.fr/|x.fr>", "see https://www.x.fr/"),
        ("see <https://x.fr/a?b=1|x.fr/a>", "see https://x.fr/a?b=1"),
        ("see <https://x.fr/abc/d|X.fr/ab…>", "see https://x.fr/abc/d"),
        ("see <https://x.fr/a/b/c/d|https://x.fr/…/c...d>", "see https://x.fr/a/b/c/d"),
        ("see <https://x.fr/a/b|https://x.fr/…/c>", "see https://x.fr/…/c https://x.fr/a/b"),
        ("see <https://x.fr/a12|x.fr/a1>", "see x.fr/a1 https://x.fr/a12"),
        ("see <https://x.fr/a|the listing>", "see the listing https://x.fr/a"),
        ("see <https://x.fr/a|R&amp;D &lt;new&gt;>", "see R&D <new> https://x.fr/a"),
        ("<@U0ALICE001|alice> and <@U0BOB00001>", "@alice and @U0BOB00001"),
        ("in <#C0ANNONCES|annonces> and <#C1|>", "in #annonces and #C1"),
        ("<!here> <!channel|@channel>", "@here @channel"),
        ("<!subteam^S1|@experts>", "@experts"),
        ("<!date^1700000000^{date}|14 Nov 2023>", "14 Nov 2023"),
        ("<mailto:a@b.fr|a@b.fr> <tel:+33100000000|01 00 00 00 00>",
         "a@b.fr 01 00 00 00 00 +33100000000"),
        ("“smart” ‘quotes’ — and é", "“smart” ‘quotes’ — and é"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("*bold* _it_", "*bold* _it_"),
        ("3 &lt; 4 &gt; 2 &amp;&amp; 1", "3 < 4 > 2 && 1"),
        ("the word payload", "the word payload"),
    ],
)  # fmt: skip
def test_what_slack_sent_reads_as_its_writer_typed_it(sent: str, typed: str) -> None:
    assert plain(sent) == typed


@pytest.mark.parametrize("typed", ["rooms < 3 & area > 20", "a <b> c", "<>", "<3", "x <|y> z"])
def test_brackets_that_slack_did_not_put_there_stay(typed: str) -> None:
    """A command's text comes unescaped from some clients."""
    assert plain(typed) == typed


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("", 3, ""),
        ("été " * 3, 6, "été é…"),
        ("😀😀", 4, "😀😀"),
        ("😀😀", 3, "😀…"),
        ("a😀b😀c", 5, "a😀b…"),
    ],
)
def test_a_cut_text_fits_and_shows_that_it_was_cut(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 5, []),
        ("abcde", 5, ["abcde"]),
        ("abcdef", 5, ["abcde", "f"]),
        ("abcd efgh", 5, ["abcd ", "efgh"]),
        ("abcd\nefgh", 5, ["abcd\n", "efgh"]),
        ("a bcdefgh", 5, ["a bcd", "efgh"]),
        ("&amp;" * 3, 10, ["&amp;&amp;", "&amp;"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("a😀", 1, ["a", "😀"]),
    ],
)
def test_a_split_text_loses_nothing(text: str, limit: int, pieces: list[str]) -> None:
    assert (split(text, limit), "".join(pieces)) == (pieces, text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2*3 and *4*", "2∗3 and ∗4∗"),
        ("_now_ IMG_2024_01.jpg", "ˍnowˍ IMG_2024_01.jpg"),
        ("~no~ `code`", "∼no∼ ˋcodeˋ"),
        (":tada: at 10:30:15", "∶tada: at 10:30:15"),
        ("> a quote\n>", "› a quote\n›"),
        ("a > b & <!here>", "a &gt; b &amp; &lt;!here&gt;"),
    ],
)
def test_slack_formats_nothing_in_the_words_of_a_person(text: str, shown: str) -> None:
    assert literal(text) == shown


INVISIBLE = (
    "\u200b\ufeff\u2060\u00ad\u3164\u115f\u1160\u2800\u180e\ufe0f\ufe0e\u034f\uffa0\u061c\u200d\u200e"
    "\u2064\u202e\u00a0\u202f\u3000\u2028\u2029\u0085\u0000\u001b\u1680\ufff9\U000e0020\U000e0101"
)


@pytest.mark.parametrize("character", INVISIBLE, ids=lambda character: f"U+{ord(character):04X}")
def test_a_text_of_which_a_reader_sees_nothing_is_blank(character: str) -> None:
    assert is_blank(character)
    assert is_blank(f" \n{character}\t{character}")


@pytest.mark.parametrize("text", ["", " \r\n\t", INVISIBLE])
def test_spaces_and_invisible_characters_together_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "0", "\u200bé", "👨\u200d👩", "…", "-", "❤\ufe0f", "ㅤㄱ"])
def test_a_text_of_which_a_reader_sees_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("written", "plain_form"),
    [
        ("l’été\u00a0: 3\u202f000", "l'été : 3 000"),
        ("e\u0301te\u0301", "été"),
        ("１２３４", "1234"),
        ("0f8f\u2011ad5b\u2013d9cb\u2212a165", "0f8f-ad5b-d9cb-a165"),
        ("soft\u00adhyphen\u200b\ufeff", "softhyphen"),
        ("a\r\nb\u2028c\rd", "a\nb\nc\nd"),
        ("a\tb\u3000c\u2800d", "a b c d"),
        ("plain", "plain"),
        ("Été ≠ ete", "Été ≠ ete"),
    ],
)
def test_texts_that_look_the_same_have_the_same_plain_form(written: str, plain_form: str) -> None:
    assert shown(written) == plain_form

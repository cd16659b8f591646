"""The receipts that people read are in `receipts.txt`, where a review sees each change of them."""

from blocks.block_kit import text_size
from blocks.receipt import BLOCKS_LIMIT, draw, further, opener
from blocks.receipt_status import SIGNS
from blocks.words import LANGUAGES, words
from sandbox.slack.blockkit import check_blocks
from storage.states import State
from tests.blocks.receipt_gallery import FILE, KINDS, causes, gallery, special, view


def test_the_gallery_is_what_the_code_draws() -> None:
    """`python -m tests.blocks.receipt_gallery` writes it anew."""
    assert gallery() == FILE.read_text("utf-8")


def test_every_state_has_a_sign_and_words() -> None:
    assert [state for state in State if not list(causes(state))] == []
    assert set(SIGNS) == set(State)


def test_slack_takes_every_message_of_the_gallery() -> None:
    for language in map(words, LANGUAGES):
        views = [
            view(language, kind, state, cause)
            for kind in KINDS
            for state in State
            for cause in causes(state)
        ]
        for receipt in [*views, *(receipt for _, receipt in special(language))]:
            messages = [draw(language, receipt), opener(language, receipt)]
            for message in [*messages, *further(language, receipt)]:
                check_blocks(message.blocks)
                assert text_size(message.blocks) <= BLOCKS_LIMIT
                assert len(message.text.encode()) <= 4000

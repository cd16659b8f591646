"""A receipt shows every finding, gravest first."""

from blocks.anomaly.model import ANOMALIES_LIMIT
from blocks.block_kit import text_size
from blocks.receipt import BLOCKS_LIMIT, draw, further
from blocks.words import words
from sandbox.slack.blockkit import check_blocks
from storage.states import State
from tests.blocks.receipt_gallery import finding, findings, view

EN = words("en")


def filed(count: int, *, text: str = "short") -> list[dict[str, object]]:
    """All blocks of the messages of a report with so many findings."""
    several = [
        finding(f"Finding {n}.", n % 4, description=text, location={"floor": f"floor {n}"})
        for n in range(count)
    ]
    receipt = view(EN, "anomaly", State.FILED, {"why": "answered"}, payload=findings(*several))
    messages = [draw(EN, receipt), *further(EN, receipt)]
    for message in messages:
        check_blocks(message.blocks)
        assert text_size(message.blocks) <= BLOCKS_LIMIT
    return [block for message in messages for block in message.blocks]


def test_the_most_and_longest_findings_are_all_there() -> None:
    shown = str(filed(ANOMALIES_LIMIT, text="x" * 2500))
    for number in range(ANOMALIES_LIMIT):
        assert shown.count(f"Finding {number}.") == 1
    assert shown.count("x" * 2500) == ANOMALIES_LIMIT


def test_findings_are_in_the_order_of_their_risk_and_then_as_typed() -> None:
    titles = [
        block["elements"][0]["elements"][0]["text"]  # type: ignore[index]
        for block in filed(8)
        if "Finding" in str(block)
    ]
    assert [title.rpartition(" ")[2] for title in titles] == [
        "3.", "7.", "2.", "6.", "1.", "5.", "0.", "4.",
    ]  # fmt: skip


def test_further_messages_do_not_depend_on_the_state() -> None:
    several = findings(*(finding(f"Finding {n}", 1, description="x" * 900) for n in range(20)))
    cause = {"why": "refused", "status": 422, "message": "m" * 5000}
    receipts = [
        view(EN, "anomaly", State.FILED, {"why": "answered"}, payload=several),
        view(EN, "anomaly", State.REFUSED, cause, payload=several),
    ]
    first, second = ([message.digest for message in further(EN, receipt)] for receipt in receipts)
    assert first == second
    assert len(first) >= 2

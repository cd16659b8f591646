"""However a text was made, a form is filled from it long before Slack stops waiting.

Time of this process alone is measured, against a limit that only a wrong expression reaches: one
that tries each of 40,000 letters from each of them takes seconds.
"""

import time
from typing import Any

import pytest

from blocks.anomaly.form import AnomalyForm
from blocks.form import Form
from blocks.issue.form import ReportIssueForm

LONG = 40_000
"""Characters of a message at most."""
PIECES = ["w", "word ", "a.", "a.b", "<", "<a|", "0f8fad5b-", "http://", "www.", "classified:",
          "1. ", "a@", "-", "é.", "pap.fr/", "\n", " ", "&amp;", "#", "…"]  # fmt: skip


@pytest.mark.parametrize("form", [ReportIssueForm(), AnomalyForm()], ids=["issue", "anomaly"])
@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_long_text_of_anything_fills_a_form_at_once(form: Form[Any, Any], piece: str) -> None:
    text = (piece * LONG)[:LONG]
    began = time.process_time()
    form.from_message({"text": text}, None)
    form.from_words(text)
    assert time.process_time() - began < 1.0

"""A short fuzz of what comes from outside. `make fuzz` is a long one."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz import api_answers, lists, slack_payloads
from tests.fuzz.rules import Rule, hold

EXAMPLES = 50
RULES: list[Rule[Any]] = [*api_answers.RULES, *lists.RULES, *slack_payloads.RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_nothing_that_comes_from_outside_breaks_the_rules_about(
    rule: Rule[Any], tmp_path: Path
) -> None:
    tried = Counter[str]()
    hold(rule, tmp_path, tried, examples=EXAMPLES)
    assert tried[rule.name] >= EXAMPLES // 2

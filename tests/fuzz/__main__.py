"""`make fuzz`: thousands of odd answers of the APIs, and of odd payloads of Slack."""

import argparse
import logging
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck

from tests.fuzz.rules import Rule, hold
from tests.fuzz.test_fuzz import RULES

ROUND = 200
"""Examples of a rule that one bot is tried on."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000, help="no round begins after that")
    parser.add_argument("--seconds", type=float, default=3600.0, help="no round begins after that")
    chosen = parser.parse_args()
    logging.getLogger().addHandler(logging.NullHandler())
    began, tried, faults = time.monotonic(), Counter[str](), 0
    while tried.total() < chosen.examples and time.monotonic() - began < chosen.seconds:
        for rule in RULES:
            count, fault = _round(rule)
            tried[rule.name] += count
            faults += fault is not None
            print(fault or ".", end="", flush=True)
    print()
    for name, count in tried.items():
        print(f"{name:<40}{count:>7,}")
    print(f"{'rounds with a fault':<40}{faults:>7}")
    print(f"{'seconds':<40}{time.monotonic() - began:>7.0f}")
    return 0 if faults == 0 else 1


def _round(rule: Rule[Any]) -> tuple[int, str | None]:
    """:returns: how many examples were tried, and the smallest one that broke the rule"""
    tried = Counter[str]()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        try:
            hold(
                rule,
                Path(folder),
                tried,
                examples=ROUND,
                derandomize=False,
                suppress_health_check=list(HealthCheck),
            )
        except Exception as error:  # noqa: BLE001 - printed; the next round may find another fault
            example = "\n".join(getattr(error, "__notes__", ()))
            return tried.total(), f"\n{rule.name}\n{traceback.format_exc()}{example}\n"
    return tried.total(), None


if __name__ == "__main__":
    sys.exit(main())

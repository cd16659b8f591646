"""`make bench`: constat and its yardsticks, measured side by side on this machine."""

import argparse
import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

from bench import table
from bench.goals import judged
from bench.plan import GROUPS, QUICK, Plan
from bench.results import Results
from bench.run import measured

FOLDER = Path(__file__).parents[1] / ".bench"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, help="turns of each")
    parser.add_argument("--seconds", type=float, help="for each rate")
    parser.add_argument("--only", help=f"some of {','.join(GROUPS)}, separated by commas")
    parser.add_argument("--stored", type=int, help="reports in the full file")
    parser.add_argument("--waiting", type=int, help="reports that are drained")
    parser.add_argument("--quick", action="store_true", help="a few seconds, for rough ratios")
    parser.add_argument("--json", action="store_true", help="every sample, instead of the table")
    parser.add_argument("--readme", type=Path, help="where to write the table")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="on the disk to be measured")
    chosen = parser.parse_args()
    plan = _plan(parser, chosen)
    chosen.folder.mkdir(exist_ok=True)
    results = asyncio.run(measured(plan, chosen.folder))
    print(json.dumps(results.samples) if chosen.json else _said(results, plan, chosen.readme))
    return 0


def _plan(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> Plan:
    plan = QUICK if chosen.quick else Plan()
    for name in ("rounds", "seconds", "stored", "waiting"):
        if (value := getattr(chosen, name)) is not None:
            plan = replace(plan, **{name: value})
    if chosen.only:
        only = frozenset(chosen.only.split(","))
        if unknown := only - set(GROUPS):
            parser.error(f"there is no {', '.join(sorted(unknown))}: only {', '.join(GROUPS)}")
        plan = replace(plan, only=only)
    return plan


def _said(results: Results, plan: Plan, readme: Path | None) -> str:
    text = table.text(results, judged(results), plan)
    if readme is not None:
        table.put(readme, text)
    return text


if __name__ == "__main__":
    sys.exit(main())

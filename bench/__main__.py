"""`make bench`: measure constat and empty Bolt apps side by side on this machine."""

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
    parser.add_argument("--rounds", type=int, help="number of rounds")
    parser.add_argument("--seconds", type=float, help="seconds for each number of connections")
    parser.add_argument(
        "--only", help=f"groups to measure, separated by commas: {','.join(GROUPS)}"
    )
    parser.add_argument("--stored", type=int, help="number of reports in the full file")
    parser.add_argument(
        "--stored-in-postgres", type=int, help="number of reports in the full database"
    )
    parser.add_argument("--waiting", type=int, help="number of waiting reports to deliver")
    parser.add_argument(
        "--quick", action="store_true", help="take a few seconds; the ratios are rough"
    )
    parser.add_argument(
        "--json", action="store_true", help="print every sample instead of the tables"
    )
    parser.add_argument("--write", type=Path, metavar="PAGE", help="Markdown page for the tables")
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="folder for the files, on the disk to measure"
    )
    chosen = parser.parse_args()
    plan = _plan(parser, chosen)
    chosen.folder.mkdir(exist_ok=True)
    results = asyncio.run(measured(plan, chosen.folder))
    print(json.dumps(results.samples) if chosen.json else _tables(results, plan, chosen.write))
    return 0


def _plan(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> Plan:
    plan = QUICK if chosen.quick else Plan()
    for name in ("rounds", "seconds", "stored", "stored_in_postgres", "waiting"):
        if (value := getattr(chosen, name)) is not None:
            plan = replace(plan, **{name: value})
    if chosen.only:
        only = frozenset(chosen.only.split(","))
        if unknown := only - set(GROUPS):
            parser.error(f"there is no {', '.join(sorted(unknown))}: only {', '.join(GROUPS)}")
        plan = replace(plan, only=only)
    return plan


def _tables(results: Results, plan: Plan, page: Path | None) -> str:
    text = table.text(results, judged(results), plan)
    if page is not None:
        table.write(page, text)
    return text


if __name__ == "__main__":
    sys.exit(main())

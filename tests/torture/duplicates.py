"""How long it takes to find earlier reports of the same: `python -m tests.torture.duplicates`."""

import random
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from pathlib import Path

from storage import reports
from storage.database import open_database
from storage.reports import Change, NewReport
from storage.states import State

COUNT = 100_000
T0 = 1_800_000_000.0
NEW = NewReport("", "report_issue", "immoteur", "U1", origin={}, payload={"comment": "x" * 200})


def main() -> int:
    """Store so many reports of a tenth as many homes, and ask a thousand times."""
    rng = random.Random(0)  # noqa: S311 - no secret
    homes = [str(uuid.UUID(int=rng.getrandbits(128))) for _ in range(COUNT // 10)]
    db = open_database(Path(tempfile.mkdtemp()) / "constat.db")
    db.execute("begin")
    for n in range(COUNT):
        new = replace(NEW, key=f"{n}", targets=rng.sample(homes, 2))
        number, _ = reports.add(db, new, now=T0 + n)
        reports.decide(db, number, [State.WAITING], Change(State.FILED), now=T0 + n)
    db.execute("commit")
    took = []
    for n in range(1000):
        new = replace(NEW, key=f"new {n}", targets=rng.sample(homes, 2))
        began = time.perf_counter()
        found = reports.add_unless_known(db, new, now=T0 + COUNT, since=T0)
        took.append((time.perf_counter() - began) * 1000)
        assert isinstance(found, list)
    db.close()
    slow = statistics.quantiles(took, n=100)[-1]
    print(f"{COUNT:,} reports: {statistics.median(took):.2f} ms; 99 of 100 within {slow:.2f} ms")
    return 0 if slow < 20 else 1


if __name__ == "__main__":
    sys.exit(main())

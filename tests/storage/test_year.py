"""The file of a year with retention is as small as docs/operating.md says."""

import re
from pathlib import Path

from bench.year import DAYS, YEAR, live_one_day
from storage import audit
from storage.database import open_database
from tests.docs.pages import section

REPORTS = 3
"""A day. The page says how large the file is with 1,000."""


def test_a_year_with_retention_stays_below_the_size_of_the_page(tmp_path: Path) -> None:
    found = re.search(r"plan (\d+) GB", section("docs/operating.md", "Retention"))
    assert found is not None
    path = tmp_path / "constat.db"
    db = open_database(path)
    db.execute("pragma synchronous = off")
    empty = path.stat().st_size
    for day in range(YEAR):
        live_one_day(db, day, REPORTS, DAYS)
    db.execute("pragma wal_checkpoint(truncate)")
    [whole] = db.execute("select count(*) from reports where erased_at is null").fetchone()
    [calls] = db.execute("select count(*) from calls").fetchone()
    assert list(audit.faults(db)) == []
    db.close()
    assert (path.stat().st_size - empty) / REPORTS * 1000 < int(found[1]) * 1e9
    # In the last night, the reports of the last 90 days are whole.
    assert whole == calls == DAYS * REPORTS

"""The speed of the disk: one SQLite commit of one row, as durable and as large as constat's."""

import sqlite3
import time
from pathlib import Path
from statistics import median


def commits(folder: Path, text: str, seconds: float) -> dict[str, float]:
    """Commit one row after another."""
    path = folder / "disk.db"
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("pragma journal_mode = wal")
    conn.execute("pragma synchronous = full")
    conn.execute("create table rows (number integer primary key, text text not null)")
    times: list[float] = []
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        began = time.perf_counter()
        conn.execute("insert into rows (text) values (?)", [text])
        times.append(time.perf_counter() - began)
    conn.close()
    path.unlink()
    return {
        "ack.1": len(times) / sum(times),
        "time.1.median": median(times) * 1000,
        "time.1.slow": sorted(times)[int(len(times) * 0.99)] * 1000,
    }

"""The benchmark's short form: ratios only, with a margin that a noisy machine keeps."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from bench.results import Results

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


async def bench(folder: Path) -> Results:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench", "--quick", "--only", "ack,drain"),
        *("--json", "--folder", str(folder)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return Results(json.loads(out))


async def test_constat_is_not_far_from_an_app_that_does_nothing(tmp_path: Path) -> None:
    results = await bench(tmp_path)
    # The best round of each server: a moment in which the machine was busy must not count.
    constat, bare = (max(results.of("ack.16", server)) for server in ("constat", "bare"))
    drain = results.median("drain", "constat")
    assert drain is not None
    assert constat / bare >= 0.1, results.samples
    assert drain <= 4, results.samples

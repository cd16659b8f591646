"""`GET /metrics`: the process and its file in Prometheus' text format."""

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import product

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from bot.app import Runtime
from bot.health import Missing
from bot.metrics import REGISTRY
from storage.engine import StorageError
from storage.gauges import Gauges, read_gauges
from storage.states import State

LONGEST_AGE = 1.0
"""Seconds for which the numbers of the file are shown again. However often somebody asks, the file
is read no more than once in this time."""


class MetricsPage:
    """:param missing: the parts that are not ready, as sentences"""

    def __init__(self, runtime: Runtime, missing: Missing) -> None:
        self._runtime, self._missing = runtime, missing
        self._apis = sorted({kind.api for kind in runtime.kinds.values()})
        self._gauges: Gauges | None = None
        self._read_at = float("-inf")

    async def __call__(self) -> bytes:
        await self._read()
        registry = CollectorRegistry()
        registry.register(_Collected(list(self._families(ready=not await self._missing()))))
        return generate_latest(REGISTRY) + generate_latest(registry)

    async def _read(self) -> None:
        """Read the numbers of the file. If it cannot be read, the page shows none of them."""
        services = self._runtime.services
        now = services.clock.monotonic()
        if now - self._read_at < LONGEST_AGE:
            return
        self._read_at = now
        try:
            self._gauges = await services.store.read(read_gauges, self._apis)
        except StorageError:  # the reader has logged it
            self._gauges = None

    def _families(self, *, ready: bool) -> Iterator[Metric]:
        yield _gauge("constat_ready", "Whether the bot is ready, as /readyz says.", int(ready))
        yield _gauge(
            "constat_back_office",
            "Whether this process delivers and posts, for all that share its database.",
            int(self._runtime.back_office.is_held()),
        )
        loops = GaugeMetricFamily(
            "constat_loop_alive", "Whether a background loop runs.", labels=["loop"]
        )
        for name, alive in self._runtime.back_office.loops().items():
            loops.add_metric([name], int(alive))
        yield loops
        build = {"version": version("constat"), "python": platform.python_version()}
        yield InfoMetricFamily("constat_build", "The version that runs.", build)
        if self._gauges is not None:
            states = [state.value for state in State]
            every = dict.fromkeys(product(self._runtime.kinds, states), 0)
            yield from _of_file(self._gauges, every, self._runtime.services.clock.time())


def _of_file(gauges: Gauges, every: Mapping[tuple[str, str], int], now: float) -> Iterator[Metric]:
    """:param every: 0 for each kind and state. An alert never fires on a time series that is not
    there.
    """
    reports = GaugeMetricFamily(
        "constat_reports", "Stored reports, by kind and state.", labels=["kind", "state"]
    )
    for labels, count in {**every, **gauges.reports}.items():
        reports.add_metric(labels, count)
    yield reports
    oldest = GaugeMetricFamily(
        "constat_oldest_unsent_seconds",
        "Age of the oldest report that an API does not have yet; 0 if there is none.",
        labels=["api"],
    )
    for api, stored_at in gauges.oldest_unsent.items():
        oldest.add_metric([api], 0 if stored_at is None else max(0.0, now - stored_at))
    yield oldest
    yield _gauge(
        "constat_receipts_waiting",
        "Receipts whose message in Slack does not show the newest state.",
        gauges.receipts_waiting,
    )
    sizes = GaugeMetricFamily(
        "constat_file_size_bytes",
        "Size of the database and of its write-ahead log.",
        labels=["file"],
    )
    for file, size in gauges.file_bytes.items():
        sizes.add_metric([file], size)
    yield sizes
    if gauges.disk_free_bytes is not None:
        yield _gauge(
            "constat_disk_free_bytes",
            "Free space on the disk of the database.",
            gauges.disk_free_bytes,
        )


def _gauge(name: str, description: str, value: float) -> Metric:
    return GaugeMetricFamily(name, description, value=value)


class _Collected(Collector):
    """Families that were collected before."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families

"""The counters and timers of the process. `bot.metrics_page` shows it.

The names follow https://prometheus.io/docs/practices/naming/. Every label has a few values only: a
new value would be a new time series in the operator's monitor for ever.
"""

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

# Each series would have a second one, with the time of its first value.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
"""Of this process. prometheus_client's own one also counts garbage collections."""
ProcessCollector(registry=REGISTRY)

API_CALLS = Histogram(
    "constat_api_call_duration_seconds",
    "Calls of Immoteur and KARE, by HTTP status; cut and not_sent are calls without an answer.",
    ["api", "status"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 45),
    registry=REGISTRY,
)
SLACK_CALLS = Histogram(
    "constat_slack_call_duration_seconds",
    "Calls of Slack's Web API, by method and result: ok, refused, busy or no_answer.",
    ["method", "result"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
SLACK_ANSWERS = Histogram(
    "constat_slack_answer_duration_seconds",
    "Answers to Slack's requests, by type of payload and status. Slack waits for 3 seconds.",
    ["type", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10),
    registry=REGISTRY,
)

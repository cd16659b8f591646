"""The alert rules and the dashboard in `deploy` ask for metrics that a running bot has."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.bot.process_reports import file_an_issue
from tests.bot.test_metrics import page_of
from tests.deploy.checkout import ROOT
from tests.docs.pages import rows, section
from tests.world import World

RULES_FILE = ROOT / "deploy/prometheus-alerts.yml"
RULES: list[dict[str, Any]] = yaml.safe_load(RULES_FILE.read_text("utf-8"))["groups"][0]["rules"]
RULE_TESTS_FILE = ROOT / "tests/deploy/prometheus-alerts.test.yml"
RULE_TESTS = yaml.safe_load(RULE_TESTS_FILE.read_text("utf-8"))["tests"]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text("utf-8"))
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
VARIABLES: dict[str, dict[str, Any]] = {
    variable["name"]: variable for variable in DASHBOARD["templating"]["list"]
}

GRAFANAS = {"$__rate_interval": "5m", "$instance": ".*"}
"""What Grafana puts into an expression."""
PROMETHEUS_LABELS = {"instance", "job"}
"""Labels that Prometheus adds to every series."""
PROMETHEUS_METRICS = {"up": {"job"}}
"""Metrics of Prometheus about the bot."""
FIXED = {"api", "file", "kind", "le", "state"}
"""Labels whose values are there from the start."""
WORDS = {"and", "bool", "by", "ignoring", "on", "or", "unless", "without"}

Series = Mapping[str, list[Mapping[str, str]]]
"""The labels of each time series, by the name of the metric."""


def expressions() -> dict[str, str]:
    alerts = {rule["alert"]: rule["expr"] for rule in RULES}
    panels = {
        f"{panel['title']} {target['refId']}": _filled(target["expr"])
        for panel in PANELS
        for target in panel["targets"]
    }
    return alerts | panels


def _filled(expression: str) -> str:
    for variable, value in GRAFANAS.items():
        expression = expression.replace(variable, value)
    return expression


def selectors(expression: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The metrics of an expression, each with its conditions: label, operator and value."""
    left = re.sub(r"\b(by|on|ignoring|without) \([^)]*\)|\[[^\]]*\]", "", expression)
    for name, conditions in re.findall(r"\b([a-zA-Z_]\w*)(?:\{([^}]*)\}|(?!\w|\s*\())", left):
        if name not in WORDS:
            yield name, re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', conditions)


def groups(expression: str) -> set[str]:
    """The labels by which an expression groups."""
    found = re.findall(r"\b(?:by|on|ignoring) \(([^)]*)\)", expression)
    return {label.strip() for labels in found for label in labels.split(",")}


async def series_of(bot: World) -> Series:
    await file_an_issue(bot.sandbox, bot.link)
    await bot.state(1, "filed")
    found: dict[str, list[Mapping[str, str]]] = {}
    for family in text_string_to_metric_families((await page_of(bot)()).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def faults_of(expression: str, series: Series) -> Iterator[str]:
    """What an expression asks for, and the bot does not have."""
    labels_of_all: set[str] = set(PROMETHEUS_LABELS)
    for name, conditions in selectors(expression):
        if name in PROMETHEUS_METRICS:
            continue
        if name not in series:
            yield f"there is no metric {name}"
            continue
        labels = {label for labels in series[name] for label in labels} | PROMETHEUS_LABELS
        labels_of_all |= labels
        for label, operator, value in conditions:
            if label not in labels:
                yield f"{name} has no label {label}"
            elif label in FIXED and operator in {"=", "=~", "!~"}:
                there = {labels[label] for labels in series[name]}
                yield from (
                    f"{label} of {name} is never {wanted}"
                    for wanted in value.split("|")
                    if wanted not in there
                )
    yield from (f"no metric has {label}" for label in groups(expression) - labels_of_all)


async def test_every_metric_and_label_is_one_of_a_running_bot(bot: World) -> None:
    series = await series_of(bot)
    faults = {name: list(faults_of(text, series)) for name, text in expressions().items()}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("constat_nothing > 0", "there is no metric constat_nothing"),
        ("sum(rate(constat_nothing[5m])) / 2", "there is no metric constat_nothing"),
        ('constat_reports{city="Lyon"}', "constat_reports has no label city"),
        ('constat_reports{state=~"held|lost"}', "state of constat_reports is never lost"),
        ("sum by (city) (constat_reports)", "no metric has city"),
    ],
)
async def test_a_wrong_expression_is_found(bot: World, expression: str, fault: str) -> None:
    assert list(faults_of(expression, await series_of(bot))) == [fault]


def test_every_expression_asks_for_a_metric() -> None:
    assert [text for text in expressions().values() if not list(selectors(text))] == []


def test_every_metric_of_the_operators_page_is_on_the_dashboard_or_in_an_alert() -> None:
    asked = {
        re.sub(r"_(count|bucket|sum)$", "", name)
        for text in expressions().values()
        for name, _ in selectors(text)
    }
    documented = {row[0].strip("`") for row in rows("docs/operating.md", "Metrics")}
    assert documented - asked == set()


def test_every_alert_has_a_severity_and_a_runbook_that_points_to_its_row() -> None:
    explained = [row[0] for row in rows("docs/troubleshooting.md", "Alerts")]
    assert explained == [rule["alert"] for rule in RULES]
    for rule in RULES:
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["alert"] in rule["annotations"]["runbook"]
        assert "docs/troubleshooting.md" in rule["annotations"]["runbook"]


def test_every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    alerts = {rule["alert"] for rule in RULES}
    cases = [case for test in RULE_TESTS for case in test["alert_rule_test"]]
    assert {case["alertname"] for case in cases if case["exp_alerts"]} == alerts
    assert {case["alertname"] for case in cases if not case["exp_alerts"]} == alerts


def test_grafana_can_import_the_dashboard() -> None:
    """The keys that Grafana's importer and its schema of a panel need."""
    assert DASHBOARD["title"] == "constat"
    assert DASHBOARD["schemaVersion"] >= 36  # the first one whose datasources are objects
    assert "id" not in DASHBOARD  # Grafana gives one itself
    assert VARIABLES["datasource"]["type"] == "datasource"
    assert VARIABLES["datasource"]["query"] == "prometheus"
    assert VARIABLES["instance"]["query"]["query"] == "label_values(constat_ready, instance)"
    source = {"type": "prometheus", "uid": "${datasource}"}
    for panel in PANELS:
        assert panel["type"] in {"stat", "timeseries"}
        assert panel["description"].endswith(".")
        assert panel["datasource"] == source
        assert panel["targets"]
        assert [target["datasource"] for target in panel["targets"]] == [source] * len(
            panel["targets"]
        )


def test_the_panels_have_their_own_numbers_and_do_not_cover_each_other() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    covered = Counter(
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    )
    assert set(covered.values()) == {1}
    assert max(x for x, _ in covered) == 23  # Grafana's grid has 24 columns


@pytest.fixture
def promtool() -> str:
    """The path of promtool. Without it the test is skipped; CONSTAT_PROMTOOL=required fails it."""
    found = shutil.which("promtool")
    if found is not None:
        return found
    reason = "promtool is not installed (Debian: apt install prometheus)"
    if os.environ.get("CONSTAT_PROMTOOL") == "required":
        pytest.fail(f"CONSTAT_PROMTOOL=required, but {reason}")
    pytest.skip(reason)


def checked(*command: str, stdin: str = "") -> None:
    """Run promtool. It has nothing to complain about."""
    ended = subprocess.run(  # noqa: S603 - ours
        command, input=stdin, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr == ""


def test_prometheus_accepts_the_rules(promtool: str) -> None:
    checked(promtool, "check", "rules", str(RULES_FILE))


def test_each_alert_fires_on_its_fault_and_not_on_a_bot_that_is_well(promtool: str) -> None:
    checked(promtool, "test", "rules", str(RULE_TESTS_FILE))


def test_prometheus_accepts_the_expressions_of_the_dashboard(promtool: str, tmp_path: Path) -> None:
    recorded = [
        {"record": f"panel_{n}", "expr": _filled(target["expr"])}
        for n, panel in enumerate(PANELS)
        for target in panel["targets"]
    ]
    rules = tmp_path / "rules.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}), "utf-8")
    checked(promtool, "check", "rules", "--lint=none", str(rules))


async def test_prometheus_accepts_what_the_bot_gives(bot: World, promtool: str) -> None:
    await file_an_issue(bot.sandbox, bot.link)
    checked(promtool, "check", "metrics", stdin=(await page_of(bot)()).decode())


def test_the_operators_page_names_both_files() -> None:
    text = section("docs/operating.md", "Alerts and a dashboard")
    assert "deploy/prometheus-alerts.yml" in text
    assert "deploy/grafana-dashboard.json" in text

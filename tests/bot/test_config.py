"""A config file that cannot be used is named at the start; a good one replaces what it names."""

import os
from errno import EISDIR, ENOENT
from pathlib import Path

import pytest

from blocks.anomaly.risk import SHIPPED, Risk
from bot.config import Config, DeliveryLimits, ReceiptLimits, read_config
from bot.settings import load
from tests.bot.environment import Environment, Start, config_file


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"admins = [", "is not a TOML file: Invalid value (at end of document)"),
        (b"\xff", "is not in UTF-8: save the file as UTF-8"),
        ("photos = true".encode("utf-16"), "is not in UTF-8: save the file as UTF-8"),
        (b"admins = " + b"[" * 5000, "is not a TOML file: its lists are nested too deeply"),
        (b"recent_days = " + b"9" * 5000, "is not a TOML file: "),
        (b"[alert]", ": alert.mention: it is missing"),
        (b"[delivery]\nspeed = 1", ": delivery.speed: there is no such key"),
        (
            b"[delivery]\nconcurrency = 0",
            ": delivery.concurrency: it must be at least 1",
        ),
        (b"[delivery]\nper_second = inf", ": delivery.per_second: it must be a finite number"),
        (b"[delivery]\nlease = 'long'", ": delivery.lease: it must be a number"),
        (b"delivery = 1", ": delivery: it must be a table"),
        (b"[risk.4]", ": risk: there is no level 4; the levels are 0, 1, 2 and 3"),
        (b"[risk.4]\ndue = 'x'", ": risk: there is no level 4; the levels are 0, 1, 2 and 3"),
        (b"risk = 3", ": risk: it must be a table"),
        (b"[risk]\n3 = 3", ": risk.3: it must be a table"),
        (b"[risk.3]\nalert = 'x'", ": risk.3.alert: it must be true or false"),
        (b"[risk.3]\ndue = 'maybe'", ": risk.3.due: it must be 'hidden', 'optional' or 'required'"),
        (
            b"[risk.3]\ndue_in_hours = 1e9",
            ": risk.3.due_in_hours: it must be at most 87600",
        ),
    ],
)
def test_a_config_that_cannot_be_used_is_named_with_its_place(
    start: Start, tmp_path: Path, content: bytes, fault: str
) -> None:
    path = tmp_path / "constat.toml"
    path.write_bytes(content)
    status, errors = start("serve", CONSTAT_CONFIG=str(path))
    whole = f"constat: CONSTAT_CONFIG{'' if fault[0] == ':' else ' '}{fault}"
    assert (status, len(errors), errors[0][: len(whole)]) == (2, 1, whole)


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        (f"label = '{'x' * 90}'", "risk.3.label: it must have at most 60 characters"),
        ("label = ''", "risk.3.label: it must have at least 1 characters"),
        ("label = 5", "risk.3.label: it must be a text or a table"),
        ("label = { de = 'x' }", "risk.3.label.de: there is no such language; use en or fr"),
        ("label = { en = 5 }", "risk.3.label.en: it must be a text"),
        (f"label = {{ fr = '{'x' * 61}' }}", "risk.3.label.fr: it must have at most 60 characters"),
    ],
)
def test_a_label_that_cannot_be_used_is_named_once_by_its_key(
    start: Start, tmp_path: Path, label: str, fault: str
) -> None:
    path = config_file(tmp_path, f"[risk.3]\n{label}\n")
    assert start("serve", CONSTAT_CONFIG=path) == (2, [f"constat: CONSTAT_CONFIG: {fault}"])


@pytest.mark.parametrize(("name", "number"), [("nothing.toml", ENOENT), (".", EISDIR)])
def test_a_config_that_is_not_a_file_is_named(
    start: Start, tmp_path: Path, name: str, number: int
) -> None:
    path = tmp_path / name
    outcome = start("serve", CONSTAT_CONFIG=str(path))
    why = f"{os.strerror(number)}: {path}"
    assert outcome == (2, [f"constat: CONSTAT_CONFIG cannot be read: {why}"])


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfrecent_days = 3\n", b"recent_days = 3\r\n"])
def test_a_config_of_a_windows_editor_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "constat.toml"
    path.write_bytes(content)
    assert read_config(path) == Config(recent_days=3)


def test_without_a_config_file_the_shipped_one_holds(environment: Environment) -> None:
    environment(CONSTAT_CONFIG="")
    assert load("serve")[1] == Config()


def test_a_config_file_replaces_what_it_names_and_leaves_the_rest_as_shipped(
    tmp_path: Path,
) -> None:
    text = "admins = ['U1']\n[risk.1]\ndue = 'required'\n[delivery]\nconcurrency = 2\n"
    config = read_config(Path(config_file(tmp_path, text)))
    assert config == Config(
        admins=frozenset({"U1"}),
        risk={**SHIPPED, "1": Risk(due="required", place="optional")},
        delivery=DeliveryLimits(concurrency=2),
        receipts=ReceiptLimits(),
    )

"""The files for a container. No image is built here: its script runs in a folder instead."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import DRAIN
from tests.deploy.checkout import ROOT, copy_checkout
from tests.docs.pages import PAGES, section

CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text("utf-8")
COMPOSE_TEXT = (ROOT / "deploy/compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICE: dict[str, Any] = COMPOSE["services"]["constat"]
COPIED = [
    path
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, flags=re.MULTILINE)
    for path in line.split()
]
"""What the image is built from."""


def last(instruction: str) -> str:
    """The words of the last line of an instruction."""
    found: list[str] = re.findall(rf"^{instruction} (.+)$", CONTAINERFILE, flags=re.MULTILINE)
    return found[-1]


def test_the_bot_is_not_root() -> None:
    assert last("USER") == "10001:10001"


def test_all_that_the_bot_writes_is_in_the_volume() -> None:
    assert last("VOLUME") == "/var/lib/constat"
    assert "CONSTAT_DB=/var/lib/constat/constat.db" in CONTAINERFILE
    assert SERVICE["volumes"] == ["constat:/var/lib/constat"]
    assert SERVICE["read_only"] is True


def test_the_container_gives_up_every_privilege() -> None:
    assert SERVICE["cap_drop"] == ["ALL"]
    assert SERVICE["security_opt"] == ["no-new-privileges:true"]


def test_the_health_check_asks_the_port_that_the_bot_opens() -> None:
    [port] = re.findall(r"CONSTAT_HEALTH=(\S+)", CONTAINERFILE)
    assert f"http://{port}/healthz" in CONTAINERFILE


def test_the_bot_comes_back_with_the_machine_however_it_ended() -> None:
    """`on-failure` would leave a bot that ended with status 0 where it is."""
    assert SERVICE["restart"] == "unless-stopped"


def test_the_lines_that_are_off_mount_the_toml_file_and_open_the_port() -> None:
    switched_on = re.sub(r"^( *)# (?=CONSTAT_CONFIG:|- \./|ports:|  - \")", r"\1", COMPOSE_TEXT,
                         flags=re.MULTILINE)  # fmt: skip
    service = yaml.safe_load(switched_on)["services"]["constat"]
    path = service["environment"]["CONSTAT_CONFIG"]
    assert service["volumes"] == ["constat:/var/lib/constat", f"./constat.toml:{path}:ro"]
    [port] = re.findall(r"CONSTAT_HEALTH=127\.0\.0\.1:(\d+)", CONTAINERFILE)
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"`CONSTAT_HEALTH=0.0.0.0:{port}`" in section("docs/operating.md", "Run in a container")


def test_an_orderly_stop_has_time() -> None:
    assert int(SERVICE["stop_grace_period"].removesuffix("s")) > DRAIN


def test_the_page_says_that_the_image_was_not_built() -> None:
    assert "was not built" in section("docs/operating.md", "Run in a container")
    assert "deploy/compose.yml" in PAGES["docs/operating.md"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script of the image installs. It is skipped where pip can reach no packages."""
    folder = tmp_path_factory.mktemp("image")
    checkout = copy_checkout(folder / "checkout", *COPIED)
    ended = subprocess.run(  # noqa: S603
        ["/bin/sh", "deploy/install.sh", str(checkout), str(folder / "constat")],
        check=False,
        capture_output=True,
        text=True,
        cwd=checkout,
        # 0 is pip's way to say that nothing is compiled, which would take the most of the time.
        env={**os.environ, "PYTHON": sys.executable, "PYTHONPATH": "", "PIP_NO_COMPILE": "0"},
    )
    if "No matching distribution found" in ended.stderr:
        pytest.skip("pip can reach no packages")
    assert ended.returncode == 0, ended.stderr
    return folder / "constat"


@pytest.mark.slow
def test_the_script_of_the_image_installs_a_bot_that_runs(environment: Path) -> None:
    ended = subprocess.run(  # noqa: S603
        [str(environment / "bin/constat"), "socket"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.defpath},
    )
    assert ended.returncode == 2
    assert "constat: CONSTAT_DB is missing" in ended.stderr

"""The units of systemd in `deploy`: systemd accepts them, and they do what their comments say."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage import reports
from storage.database import open_database, open_for_reading
from storage.reports import NewReport
from tests.docs.pages import PAGES, ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(
    path.name for path in DEPLOY.glob("constat*.*") if path.suffix in {".service", ".timer"}
)
SERVICES = [name for name in UNITS if name.endswith(".service")]
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSED = 3.0
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def values(unit: str) -> dict[str, list[str]]:
    """The values of each setting, in the order of the file. Continued lines are joined."""
    text = (DEPLOY / unit).read_text("utf-8").replace("\\\n", "")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith(("#", "[")):
            name, sign, value = line.partition("=")
            assert sign, f"{unit} has a line without a value: {line}"
            found.setdefault(name, []).append(value)
    return found


def analyzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run(  # noqa: S603 - ours
        [ANALYZE, *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_sections_and_values(unit: str) -> None:
    text = (DEPLOY / unit).read_text("utf-8")
    assert re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)[0] == "Unit"
    assert values(unit)["Description"]


@needs_systemd
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = (DEPLOY / unit).read_text("utf-8")
        # The program of the unit is not installed on the machine of a test.
        (tmp_path / unit).write_text(
            text.replace("/opt/constat/.venv/bin/constat", sys.executable), "utf-8"
        )
    verified = analyzed("verify", "--man=no", *(str(tmp_path / unit) for unit in UNITS))
    assert verified.stderr == ""
    assert verified.returncode == 0


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES)
def test_systemd_finds_little_that_a_service_is_exposed_to(unit: str) -> None:
    report = analyzed("security", "--offline=yes", str(DEPLOY / unit)).stdout
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", report)
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED


def test_the_service_waits_for_the_bot_and_watches_it() -> None:
    service = values("constat.service")
    assert service["Type"] == ["notify"]
    assert float(service["WatchdogSec"][0]) >= 30
    assert service["Restart"] == ["on-failure"]
    assert service["RestartPreventExitStatus"] == ["2"]
    assert service["ExecStart"] == ["/opt/constat/.venv/bin/constat socket"]


def test_the_service_can_see_whether_its_predecessor_is_dead() -> None:
    """A claim's owner is compared with the boot's id, which is in /proc/sys."""
    assert "ProcSubset" not in values("constat.service")


@pytest.mark.parametrize("page", ["README.md", "docs/operating.md"])
def test_the_pages_copy_every_unit(page: str) -> None:
    copied = set(re.findall(r"deploy/([\w.-]+)", PAGES[page]))
    assert set(UNITS) <= copied


def backup_command(folder: Path) -> list[str]:
    """The command of the backup's service, as systemd runs it, with folders of a test."""
    [line] = values("constat-backup.service")["ExecStart"]
    meant = {"%%": "%", "$$": "$", "%S": str(folder)}
    line = re.sub(r"%%|\$\$|%S", lambda found: meant[found[0]], line)
    line = line.replace("/opt/constat/.venv/bin/constat", f"{sys.executable} -m bot")
    return shlex.split(line)


def run_backup(folder: Path, *, keep: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ours
        backup_command(folder),
        env={
            "KEEP": str(keep),
            "CONSTAT_DB": str(folder / "constat" / "constat.db"),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """/var/lib with a file of constat, and backups of earlier days."""
    (tmp_path / "constat").mkdir()
    backups = tmp_path / "constat-backup"
    backups.mkdir()
    db = open_database(tmp_path / "constat" / "constat.db")
    with db.atomic():
        reports.add(db, NewReport("key", "anomaly", "kare", "U1", origin={}, payload={}), now=1e9)
    db.close()
    for day in range(1, 6):
        (backups / f"constat-2026-01-0{day}T033000.db").write_text("an older backup", "utf-8")
    return tmp_path


def test_the_backup_is_whole_and_the_oldest_are_deleted(folder: Path) -> None:
    done = run_backup(folder, keep=3)
    assert done.returncode == 0, done.stderr
    *older, newest = sorted((folder / "constat-backup").iterdir())
    names = [path.name for path in older]
    assert names == ["constat-2026-01-04T033000.db", "constat-2026-01-05T033000.db"]
    db = open_for_reading(newest)
    assert reports.get(db, 1) is not None
    db.close()


def test_a_backup_that_fails_deletes_nothing_and_is_a_failure(folder: Path) -> None:
    before = sorted((folder / "constat-backup").iterdir())
    (folder / "constat" / "constat.db").write_bytes(b"no database" * 1000)
    assert run_backup(folder, keep=3).returncode != 0
    assert sorted((folder / "constat-backup").iterdir()) == before

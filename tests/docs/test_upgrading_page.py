"""docs/upgrading.md: its commands, as they are on the page, take an old file forth and back.

The commands of the machine (sudo, systemctl, git, pip) are stood in for by small scripts. Those of
constat are its own.
"""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import audit, reports
from storage.database import open_for_reading
from storage.migrations import migrations
from tests.docs.pages import ROOT, fences
from tests.storage.test_old_files import NAMES, STATES, T0, written_by

BACK_UP, UPGRADE, CHECK, WAY_BACK = fences("docs/upgrading.md", "sh")
OLD, NEW = "0ld", "n3w"
COMMANDS = {
    # Without its own options: `sudo -u constat env …`.
    "sudo": 'if [ "$1" = -u ]; then shift 2; fi; exec "$@"',
    "systemctl": 'echo "$@" >> {root}/done; if [ "$1" != stop ]; then exec {python} -c '
    '"from pathlib import Path; from storage.database import open_database;'
    " open_database(Path('{root}/var/constat.db')).close()\"; fi",
    "systemd-run": 'while [ "${{1#--}}" != "$1" ]; do shift; done;'
    ' CONSTAT_DB={root}/var/constat.db exec "$@"',
    "git": 'echo "git $@" >> {root}/done; if [ "$1" = rev-parse ]; then echo 0ld; fi',
    "install": 'exec /usr/bin/install "$5" "$6" "$7" "$8"',
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with constat, the file of the first version, and the commands of the machine."""
    (tmp_path / "var").mkdir()
    written_by(NAMES[0], tmp_path / "var/constat.db")
    programs = {f"bin/{name}": text for name, text in COMMANDS.items()} | {
        "opt/.venv/bin/constat": 'exec {python} -m bot "$@"',
        "opt/.venv/bin/python": 'echo "python $@" >> {root}/done',
    }
    for name, text in programs.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"#!/bin/sh\n{text.format(root=tmp_path, python=sys.executable)}\n", "utf-8"
        )
        path.chmod(0o755)
    return tmp_path


def run(machine: Path, commands: str) -> subprocess.CompletedProcess[str]:
    """Run the commands of a block in a shell. The first one that fails ends it."""
    text = commands.replace("/opt/constat", f"{machine}/opt")
    text = text.replace("/var/lib/constat", f"{machine}/var")
    return subprocess.run(  # noqa: S603
        ["/bin/sh", "-e", "-c", text],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": f"{machine}/bin:{os.defpath}", "PYTHONPATH": str(ROOT)},
    )


def steps(path: Path) -> list[str]:
    """The steps of the file's shape. A file of a newer version can be read as well."""
    db = Database(path)
    try:
        return [migration.name for migration in migrations.applied(db)]
    finally:
        db.close()


def test_the_page_takes_an_old_file_to_this_version(machine: Path) -> None:
    backup = run(machine, BACK_UP)
    assert backup.returncode == 0, backup.stderr
    assert (machine / "var/before-upgrade.commit").read_text("utf-8") == f"{OLD}\n"
    assert stat.S_IMODE((machine / "var/before-upgrade.db").stat().st_mode) == 0o600
    upgrade = run(machine, UPGRADE)
    assert upgrade.returncode == 0, upgrade.stderr
    assert (machine / "done").read_text("utf-8").splitlines()[-1] == "restart constat"
    assert steps(machine / "var/constat.db") == NAMES
    verify = run(machine, CHECK.rpartition("sudo -u")[1] + CHECK.rpartition("sudo -u")[2])
    assert (verify.returncode, verify.stdout) == (0, "the history fits\n")


def test_the_check_names_what_is_missing(machine: Path) -> None:
    """No settings are given here: `doctor` says so, and looks at the file all the same."""
    run(machine, UPGRADE)
    ended = run(machine, CHECK)
    assert ended.returncode == 2
    assert "FAULT    settings: SLACK_BOT_TOKEN is missing" in ended.stdout
    assert "ok       version: the database is of this version" in ended.stdout


def test_the_way_back_restores_the_old_file_with_its_reports(machine: Path) -> None:
    run(machine, BACK_UP)
    run(machine, UPGRADE)
    # The old version starts on its own file. The stand-in of systemctl would migrate it again.
    way_back = run(machine, WAY_BACK.replace("sudo systemctl start constat\n", ""))
    assert way_back.returncode == 0, way_back.stderr
    assert f"git checkout {OLD}" in (machine / "done").read_text("utf-8").splitlines()
    assert steps(machine / "var/constat.db") == NAMES[:1]
    assert stat.S_IMODE((machine / "var/constat.db").stat().st_mode) == 0o600
    assert (
        len((machine / "var/after-upgrade.csv").read_text("utf-8").splitlines()) == len(STATES) + 1
    )


def test_a_second_upgrade_after_the_way_back_has_every_report(machine: Path) -> None:
    for block in (BACK_UP, UPGRADE, WAY_BACK, UPGRADE):
        assert run(machine, block).returncode == 0
    db = open_for_reading(machine / "var/constat.db")
    stored = [reports.get(db, number) for number in range(1, len(STATES) + 1)]
    assert [report and report.state for report in stored] == STATES
    assert {report.created_at for report in stored if report} == {T0}
    assert list(audit.faults(db)) == []
    db.close()

"""docs/upgrading.md: its commands, as they are on the page, take an old file forth and back."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import audit, reports
from storage.database import open_for_reading
from storage.migrations import migrations
from tests.docs.machine import COMMIT, done, mode, run, set_up
from tests.docs.pages import ROOT, fences
from tests.storage.test_old_files import NAMES, STATES, T0, written_by

(
    NOTE, BACK_UP, BACK_UP_0_1_0, UPGRADE, BACKUPS_AT_NIGHT, CHECK,
    LIST, GO_BACK, WHAT_WAITS, GIVE_UP, START, GO_BACK_TO_0_1_0,
) = fences("docs/upgrading.md", "sh")  # fmt: skip
UNITS = ("constat.service", "constat-backup.service", "constat-backup.timer")
OLD_UNIT = "[Service]\nExecStart=/opt/constat/.venv/bin/constat socket\n"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with the file and the unit of the first version."""
    written_by(NAMES[0], set_up(tmp_path))
    unit(tmp_path, UNITS[0]).write_text(OLD_UNIT, "utf-8")
    return tmp_path


def unit(machine: Path, name: str) -> Path:
    return machine / "open/etc/systemd/system" / name


def state(machine: Path, name: str) -> Path:
    """A file in the bot's folder."""
    return machine / "open/var/lib/constat" / name


def succeed(machine: Path, *blocks: str) -> None:
    for block in blocks:
        ended = run(machine, block)
        assert ended.returncode == 0, f"{block}\n{ended.stderr}"


def steps(path: Path) -> list[str]:
    """The steps of the file's shape. A file of a newer version can be read as well."""
    db = Database(path)
    try:
        return [migration.name for migration in migrations.applied(db)]
    finally:
        db.close()


@pytest.mark.parametrize(
    "command",
    [
        "cd /opt/constat; git rev-parse HEAD",
        "cat /var/lib/constat/constat.db",
        "sudo cp -p /var/lib/constat/constat.db* /root/",
        "cp deploy/constat.service /etc/systemd/system/",
        "/opt/constat/.venv/bin/python -m pip install .",
        "systemctl stop constat",
        "sudo systemctl start constat-backup.timer",
        "sudo -u constat ls /root/",
    ],
)
def test_the_machine_refuses_what_a_real_one_refuses(machine: Path, command: str) -> None:
    assert run(machine, command).returncode != 0


def test_the_page_takes_an_old_file_to_this_version(machine: Path) -> None:
    succeed(machine, NOTE, BACK_UP)
    assert state(machine, "before-upgrade.commit").read_text("utf-8") == f"{COMMIT}\n"
    assert len(COMMIT) == 40
    assert mode(state(machine, "before-upgrade.db")) == 0o600
    succeed(machine, UPGRADE)
    assert done(machine)[-2:] == ["systemctl daemon-reload", "systemctl restart constat"]
    assert steps(state(machine, "constat.db")) == NAMES
    verify = run(machine, CHECK.rpartition("sudo -u")[1] + CHECK.rpartition("sudo -u")[2])
    assert (verify.returncode, verify.stdout) == (0, "the history fits\n")


def test_an_upgrade_brings_the_units_of_the_new_version(machine: Path) -> None:
    succeed(machine, UPGRADE, BACKUPS_AT_NIGHT)
    assert {name: unit(machine, name).read_text("utf-8") for name in UNITS} == {
        name: (ROOT / "deploy" / name).read_text("utf-8") for name in UNITS
    }


def test_the_check_names_what_is_missing(machine: Path) -> None:
    """No settings are given here: `doctor` says so, and looks at the file all the same."""
    succeed(machine, UPGRADE)
    ended = run(machine, CHECK)
    assert ended.returncode == 2
    assert "FAULT    settings: SLACK_BOT_TOKEN is missing" in ended.stdout
    assert "ok       version: the database is of this version" in ended.stdout


def test_the_way_back_restores_the_old_file_with_its_reports(machine: Path) -> None:
    succeed(machine, NOTE, BACK_UP, UPGRADE, LIST, GO_BACK)
    assert f"git checkout {COMMIT}" in done(machine)
    assert steps(state(machine, "constat.db")) == NAMES[:1]
    assert mode(state(machine, "constat.db")) == 0o600
    assert steps(machine / "open/root/after-upgrade/constat.db") == NAMES
    lines = state(machine, "after-upgrade.csv").read_text("utf-8").splitlines()
    assert len(lines) == len(STATES) + 1


def test_the_bot_starts_only_after_what_was_filed_since_is_given_up(machine: Path) -> None:
    """The old version's program would read its file; here it is this version's, after its start."""
    succeed(machine, UPGRADE)
    waiting = run(machine, WHAT_WAITS)
    numbers = [str(n) for n, state in enumerate(STATES, 1) if state in {"waiting", "held"}]
    shown = [line.split()[0] for line in waiting.stdout.splitlines() if line[:6].strip().isdigit()]
    assert shown == numbers
    succeed(machine, GIVE_UP.replace("discard 12", f"discard --yes {' '.join(numbers)}"))
    assert "systemctl start" not in "".join((LIST, GO_BACK, WHAT_WAITS, GIVE_UP))
    succeed(machine, START)


def test_the_way_back_to_the_first_version_restores_its_file_and_its_unit(machine: Path) -> None:
    before = state(machine, "constat.db").read_bytes()
    succeed(machine, NOTE, BACK_UP_0_1_0, UPGRADE, BACKUPS_AT_NIGHT, LIST)
    # The stand-in of systemctl would start this version on the old file.
    succeed(machine, GO_BACK_TO_0_1_0.replace("sudo systemctl start constat\n", ""))
    assert f"git checkout {COMMIT}" in done(machine)
    assert state(machine, "constat.db").read_bytes() == before
    assert unit(machine, UNITS[0]).read_text("utf-8") == OLD_UNIT
    assert steps(machine / "open/root/after-upgrade/constat.db") == NAMES


def test_a_second_upgrade_after_the_way_back_has_every_report(machine: Path) -> None:
    succeed(machine, NOTE, BACK_UP, UPGRADE, LIST, GO_BACK, START, UPGRADE)
    db = open_for_reading(state(machine, "constat.db"))
    stored = [reports.get(db, number) for number in range(1, len(STATES) + 1)]
    assert [report and report.state for report in stored] == STATES
    assert {report.created_at for report in stored if report} == {T0}
    assert list(audit.faults(db)) == []
    db.close()

"""The commands of docs/operating.md work as they are, on a machine as strict as a real one."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from storage import reports
from storage.database import open_database, open_for_reading
from storage.reports import NewReport
from storage.states import State
from tests.docs.machine import done, mode, run, set_up
from tests.docs.pages import PAGES, fences

PAGE = "docs/operating.md"
BLOCKS = fences(PAGE, "sh")
NEW = NewReport("key", "anomaly", "kare", "U1", origin={}, payload={})


def block(*words: str) -> str:
    """The block of the page that has these words."""
    [found] = [block for block in BLOCKS if all(word in block for word in words)]
    return "\n".join(line.removeprefix("   ") for line in found.splitlines())


FUNCTION = block("constat() {", "CONSTAT_DB=/var/lib")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with constat and one report."""
    db = open_database(set_up(tmp_path))
    with db.atomic():
        reports.add(db, NEW, now=1_800_000_000.0)
    db.close()
    return tmp_path


def state(machine: Path, name: str) -> Path:
    """A file in /var/lib."""
    return machine / "open/var/lib" / name


def succeed(machine: Path, *blocks: str) -> str:
    """:returns: what the last block printed"""
    printed = ""
    for commands in blocks:
        ended = run(machine, commands)
        assert ended.returncode == 0, f"{commands}\n{ended.stderr}"
        printed = ended.stdout
    return printed


def test_the_units_are_copied_and_started(machine: Path) -> None:
    succeed(machine, block("enable --now constat constat-backup.timer"))
    units = sorted(path.name for path in (machine / "open/etc/systemd/system").iterdir())
    assert units == ["constat-backup.service", "constat-backup.timer", "constat.service"]
    assert done(machine)[0] == "systemctl daemon-reload"


@pytest.mark.parametrize("command", ["log", "show 1", "week", "log --csv > {tmp}/reports.csv"])
def test_the_shell_function_runs_a_command(machine: Path, command: str) -> None:
    succeed(machine, FUNCTION + "\nconstat " + command.format(tmp=machine))


def test_names_are_loaded_from_a_file_of_ones_own(machine: Path) -> None:
    (machine / "sites.csv").write_text("id;name\n1;Lyon\n", "utf-8")
    load = block("constat catalogue load").replace("sites.csv /var", f"{machine}/sites.csv /var")
    succeed(machine, FUNCTION + "\n" + load)


def test_a_backup_is_restored_before_the_bot_starts(machine: Path) -> None:
    put, unit = block("/root/before-restore"), "constat-backup.timer"
    [name] = re.findall(r"constat-\d{4}-\d\d-\d\dT\d{6}\.db", put)
    backup = block("CONSTAT_DB=", "backup --overwrite /var/lib/constat/backup.db")
    succeed(machine, block("enable --now constat " + unit), backup)
    state(machine, "constat/backup.db").rename(state(machine, f"constat-backup/{name}"))
    db = open_database(state(machine, "constat/constat.db"))
    with db.atomic():
        reports.add(db, replace(NEW, key="later"), now=1_800_000_001.0)
    db.close()
    assert succeed(machine, block("sudo ls /var/lib/constat-backup")) == f"{name}\n"
    succeed(machine, put)
    assert mode(state(machine, "constat/constat.db")) == 0o600
    assert "1  " in succeed(machine, block("log --state waiting --state held"))
    succeed(machine, block("constat discard 12\n").replace("discard 12", "discard --yes 1"))
    db = open_for_reading(state(machine, "constat/constat.db"))
    stored = [reports.get(db, number) for number in (1, 2)]
    db.close()
    assert [report and report.state for report in stored] == [State.DISCARDED, None]
    assert done(machine)[-1] == "systemctl stop constat"
    assert (machine / "open/root/before-restore/constat.db").stat().st_size > 0


def test_the_bot_is_started_in_the_last_block_of_a_restore() -> None:
    page = PAGES[PAGE]
    restore = page[page.index("To restore a backup") : page.index("Unless `[retention]` is set")]
    blocks = re.findall(r"```sh\n(.*?)```", restore, flags=re.DOTALL)
    assert [n for n, text in enumerate(blocks) if "start constat" in text] == [len(blocks) - 1]


def test_a_copy_for_a_browser_is_the_persons_own(machine: Path) -> None:
    (machine / "home").mkdir()
    copy = block("/var/lib/constat/copy/constat.db").replace("$HOME", f"{machine}/home")
    succeed(machine, copy)
    assert mode(machine / "home/constat.db") == 0o600
    assert not state(machine, "constat/copy").exists()


def test_the_password_of_the_server_is_the_bots_own(machine: Path) -> None:
    (machine / "root.crt").write_text("a certificate", "utf-8")
    succeed(
        machine,
        block("/dev/null /etc/constat/pgpass"),
        block("root.crt /etc/constat/root.crt").replace("root.crt /", f"{machine}/root.crt /"),
    )
    folder = machine / "open/etc/constat"
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "pgpass": 0o600,
        "root.crt": 0o600,
    }
    assert mode(folder) == 0o700


def test_a_file_is_moved_as_the_page_says(machine: Path) -> None:
    """To a file, where the page has the address of a server."""
    move = block("constat move", "--to 'postgresql://")
    units = block("enable --now constat constat-backup.timer")
    succeed(machine, units, re.sub(r"'postgresql://\S+'", "/var/lib/constat/new.db", move))
    db = open_for_reading(state(machine, "constat/new.db"))
    assert reports.get(db, 1) is not None
    db.close()
    assert state(machine, "constat/before-the-move.db").exists()
    old = run(machine, FUNCTION + "\nconstat retry 1")
    assert "was moved to" in old.stderr


def test_every_address_of_the_server_asks_for_its_certificate() -> None:
    addresses = re.findall(r"postgresql://[^\s'`]*\?[^\s'`]+", PAGES[PAGE])
    assert len(addresses) == 4
    for address in addresses:
        asked = conninfo_to_dict(address)
        assert (asked["sslmode"], asked["sslrootcert"]) == ("verify-full", "/etc/constat/root.crt")


def test_no_command_installs_a_package_with_the_name_of_constat() -> None:
    """The package index has a stranger's package of that name."""
    install = re.compile(r"pip install\b[^`\n]*[ '\"]constat(?:[\['\" ]|$)", flags=re.MULTILINE)
    assert [page for page, text in PAGES.items() if install.search(text)] == []
    assert install.search("pip install 'constat[xlsx]'")

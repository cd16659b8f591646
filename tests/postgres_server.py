"""A PostgreSQL server of the tests' own: its folder, its socket, no port, gone at the end.

Each test gets a database with empty tables. Emptying them over a connection that stays open takes
5 ms of processor time. A new connection takes 13 ms and a new database 100 ms. What the server
writes need not survive a power cut, so it does not wait for the disk.
"""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import psycopg
from psycopg import sql

from storage.address import PostgresAddress
from storage.opening import open_database

REQUIRED = os.environ.get("CONSTAT_POSTGRES") == "required"
MISSING = "PostgreSQL's programs are not installed (apt install postgresql)"
_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
    "log_min_messages": "fatal",
}


_END_OTHERS = """
do $$ begin
    loop -- until they have ended: one that still runs holds its locks
        perform pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid();
        exit when not found;
        perform pg_sleep(0.002);
        perform pg_stat_clear_snapshot();
    end loop;
end $$
"""
_EMPTY = """
do $$ declare name text;
begin
    set local session_replication_role = replica; -- no trigger runs, and no reference is checked
    for name in select tablename from pg_tables
        where schemaname = 'public' and tablename <> 'constat_steps'
    loop
        execute format('delete from %I', name);
    end loop;
    for name in select sequencename from pg_sequences where schemaname = 'public' loop
        perform setval(format('public.%I', name)::regclass, 1, false); -- without a new file for it
    end loop;
end $$
"""


def programs() -> Path | None:
    """The folder of initdb and postgres; None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    return folders[-1] if folders else None


def _version(folder: Path) -> int:
    return int(folder.parent.name)


class Server:
    """A running server."""

    def __init__(
        self,
        folder: Path,
        process: subprocess.Popen[bytes],
        *,
        durable: bool,
        settings: Mapping[str, str],
    ) -> None:
        self.folder, self.process, self.durable = folder, process, durable
        self._settings = settings
        self._cleaner: psycopg.Connection | None = None

    def address(self, database: str) -> PostgresAddress:
        url = f"postgresql://constat@/{database}?host={self.folder}"
        return PostgresAddress(url, durable=self.durable)

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(self.address("postgres").url, autocommit=True)

    @contextmanager
    def database(self) -> Iterator[PostgresAddress]:
        """A database with the tables of this version, and nothing in them."""
        address = self.address("tests")
        if self._cleaner is None:
            with self.admin() as admin:
                admin.execute("create database tests")
            open_database(address).close()
            self._cleaner = psycopg.connect(address.url, autocommit=True)
        yield address
        try:
            self._cleaner.execute(_END_OTHERS)
        except psycopg.OperationalError:  # a test has ended this connection
            self._cleaner.close()
            self._cleaner = psycopg.connect(address.url, autocommit=True)
            self._cleaner.execute(_END_OTHERS)
        self._cleaner.execute(_EMPTY)

    @contextmanager
    def empty_database(self) -> Iterator[PostgresAddress]:
        """A database without tables. It takes 0.1 s of processor time."""
        name = f"empty_{secrets.token_hex(6)}"
        with self.admin() as admin:
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield self.address(name)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """:param how: SIGINT ends it in order; SIGQUIT is a crash"""
        if self._cleaner is not None:
            self._cleaner.close()
        self.process.send_signal(how)
        self.process.wait()

    def restart(self) -> None:
        """Start it again, with what it had stored."""
        self.process = start(self.folder, durable=self.durable, settings=self._settings)
        _wait(self)


@contextmanager
def server(
    *, durable: bool = False, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """A new server.

    :param durable: whether it waits for the disk
    :param settings: those that differ from the tests'
    """
    bin_folder = programs()
    assert bin_folder is not None, MISSING
    folder = Path(tempfile.mkdtemp(prefix="constat-postgres-"))
    user = _user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    command = [bin_folder / "initdb", "-D", data, "-U", "constat", "-A", "trust", "--no-sync"]
    subprocess.run(  # noqa: S603 - ours
        [*map(str, command), "--locale=C.UTF-8", "--encoding=UTF8"],
        check=True, stdout=subprocess.DEVNULL, user=user, cwd="/",
    )  # fmt: skip
    process = start(folder, durable=durable, settings=settings)
    running = Server(folder, process, durable=durable, settings=settings)
    try:
        _wait(running)
        yield running
    finally:
        running.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def start(
    folder: Path, *, durable: bool, settings: Mapping[str, str] = MappingProxyType({})
) -> subprocess.Popen[bytes]:
    """Start the server of a folder."""
    bin_folder = programs()
    assert bin_folder is not None, MISSING
    all_settings = {**_SETTINGS, **({} if durable else _QUICK), **settings}
    options = [part for name, value in all_settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - ours
            [str(bin_folder / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options],
            stdout=log, stderr=log, user=_user(), cwd="/",
        )  # fmt: skip


def _wait(running: Server) -> None:
    for _ in range(400):
        try:
            running.admin().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((running.folder / "log").read_text())


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None

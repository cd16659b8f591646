"""The owner of a claim: one process, named so that another can see whether it is dead.

A lease says for how long a claim counts. A bot that is started again does not wait for the lease
of its dead predecessor, when all of this holds:

- both ran on the same host name, in the same boot of the kernel and in the same PID namespace;
- no process has that PID now, or the process with that PID began at another time, or it has ended
  and only its entry is left.

Containers may share a host name and PIDs, and their processes cannot see each other. The number of
the PID namespace tells them apart. Where Linux does not say these facts, only the lease counts.
"""

import os
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_SEPARATOR = "/"
_ENDED = frozenset("ZX")
"""States of a process in /proc that has ended."""


@dataclass(frozen=True)
class Process:
    """A process, and the place where its PID has a meaning."""

    host: str
    boot: str
    """The kernel's id of this boot; empty when it is not known."""
    namespace: str
    """The number of the PID namespace; empty when it is not known."""
    pid: int
    started: str
    """When the process began, in the kernel's ticks since the boot; empty when it is not known."""

    @classmethod
    def current(cls) -> "Process":
        pid = os.getpid()
        stat = _stat(pid)
        return cls(
            host=socket.gethostname().replace(_SEPARATOR, "-"),
            boot=_read(_BOOT).strip(),
            namespace=_namespace(),
            pid=pid,
            started=stat.started if stat else "",
        )

    def owner(self) -> str:
        """A name for claims. Two runs in one process have different names."""
        facts = (self.host, self.boot, self.namespace, str(self.pid), self.started)
        return _SEPARATOR.join((*facts, uuid.uuid4().hex[:8]))

    def is_dead(self, owner: str) -> bool:
        """Whether the process with that name is known to have ended. False when it is not known."""
        other = _parse(owner)
        if other is None or not (other.boot and other.namespace and other.started):
            return False
        if (other.host, other.boot, other.namespace) != (self.host, self.boot, self.namespace):
            return False
        if not _exists(other.pid):
            return True
        stat = _stat(other.pid)
        return stat is not None and (stat.started != other.started or stat.state in _ENDED)


@dataclass(frozen=True)
class _Stat:
    state: str
    started: str


def _parse(owner: str) -> Process | None:
    """None for an owner that was named in another way, as earlier versions did."""
    match owner.split(_SEPARATOR):
        case [host, boot, namespace, pid, started, _] if pid.isdecimal():
            return Process(host, boot, namespace, int(pid), started)
    return None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # another user's; a number that no process has
        return True
    return True


def _stat(pid: int) -> _Stat | None:
    """None when the process or /proc is not there."""
    # The second field is the program's name in brackets, which may hold spaces and brackets.
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    # The third field of proc(5) is the state, and the 22nd is the start.
    return _Stat(state=fields[0], started=fields[19]) if len(fields) > 19 else None


def _namespace() -> str:
    try:
        return str(_NAMESPACE.stat().st_ino)
    except OSError:
        return ""


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""

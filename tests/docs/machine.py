"""A machine on which the commands of a page are run as they are on the page.

sudo, systemctl, git, pip and the like are stood in for by scripts, which are as strict as the real
ones. The shell is that of a person without rights: it can neither read nor write `/etc`, `/root`
and `/var/lib`, it cannot write `/opt/constat`, and git does not work in a folder of root. The
commands of constat are its own.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import ROOT

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CLOSED = r"(?<![\w/.}])/(?:etc|root|var/lib|var/backups)(?=/)"
"""Folders that only root, and partly the bot's user, may use."""
OF_ROOT = 'if [ "$AS" != root ]; then echo "$0: permission denied" >&2; exit 1; fi; '

SUDO = """\
#!{python}
import os, sys
arguments, user = sys.argv[1:], "root"
if arguments[:1] == ["-u"]:
    user, arguments = arguments[1], arguments[2:]
folders = {{"root": ["/"], "constat": ["/var/lib/constat"]}}.get(user, [])
for folder in folders:
    arguments = [part.replace("{root}/closed" + folder, "{root}/open" + folder)
                 for part in arguments]
kept = {{name: os.environ[name] for name in ("PATH", "PYTHONPATH")}}
os.execvpe(arguments[0], arguments, {{**kept, "AS": user, "SUDO_USER": "alice"}})
"""
SYSTEMCTL = """\
#!{python}
import os, sys
from pathlib import Path
from storage.database import open_database
if os.environ.get("AS") != "root":
    sys.exit("systemctl: access denied")
with open("{root}/done", "a") as done:
    print("systemctl", *sys.argv[1:], file=done)
action, *units = [word for word in sys.argv[1:] if not word.startswith("--")]
for unit in units:
    name = unit if "." in unit else unit + ".service"
    if not Path("{root}/open/etc/systemd/system", name).exists():
        sys.exit(f"Unit {{name}} not found.")
if action in ("start", "restart") and "constat" in units:
    open_database(Path("{root}/open/var/lib/constat/constat.db")).close()
"""
PROGRAMS = {
    "systemd-run": OF_ROOT + 'while [ "${{1#--}}" != "$1" ]; do shift; done;'
    ' CONSTAT_DB={root}/open/var/lib/constat/constat.db exec "$@"',
    # Like git, it does nothing and succeeds without the name of a commit.
    "git": 'if [ "$AS" != root ]; then echo "fatal: detected dubious ownership" >&2; exit 128; fi; '
    'echo "git $@" >> {root}/done; if [ "$1" = rev-parse ]; then echo ' + COMMIT + "; fi",
    # The users of the machine do not exist here.
    "install": 'n=$#; while [ "$n" -gt 0 ]; do case "$1" in -o|-g) shift 2; n=$((n - 2));;'
    ' *) set -- "$@" "$1"; shift; n=$((n - 1));; esac; done; exec /usr/bin/install "$@"',
}
VENV = "opt/constat/.venv/bin"
IN_OPT = {
    "constat": 'exec {python} -m bot "$@"',
    "python": OF_ROOT + 'echo "python $@" >> {root}/done',
}


def set_up(root: Path) -> Path:
    """:returns: the path of the bot's file, which is not there yet"""
    texts = {
        "bin/sudo": SUDO,
        "bin/systemctl": SYSTEMCTL,
        **{f"bin/{name}": f"#!/bin/sh\n{text}\n" for name, text in PROGRAMS.items()},
        **{f"{VENV}/{name}": f"#!/bin/sh\n{text}\n" for name, text in IN_OPT.items()},
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(root=root, python=sys.executable), "utf-8")
        path.chmod(0o755)
    shutil.copytree(ROOT / "deploy", root / "opt/constat/deploy")
    for folder in ("etc/systemd/system", "root", "var/lib/constat", "var/lib/constat-backup"):
        (root / "open" / folder).mkdir(parents=True)
    return root / "open/var/lib/constat/constat.db"


def run(root: Path, commands: str) -> subprocess.CompletedProcess[str]:
    """Run the commands of a block in a shell. The first one that fails ends it."""
    text = re.sub(CLOSED, lambda found: f"{root}/closed{found[0]}", commands)
    text = re.sub(r"(?<![\w/.}])/opt/constat", f"{root}/opt/constat", text)
    return subprocess.run(  # noqa: S603
        ["/bin/sh", "-e", "-c", text],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": f"{root}/bin:{os.defpath}", "PYTHONPATH": str(ROOT), "USER": "alice"},
    )


def done(root: Path) -> list[str]:
    """What systemctl, git and pip were called with."""
    return (root / "done").read_text("utf-8").splitlines()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)

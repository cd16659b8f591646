"""requirements.lock pins what production installs, each package by version and hash."""

import re
from importlib.metadata import distribution

from tests.docs.test_project import PINS, PROJECT, ROOT, needed, normal

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
LINES = LOCK.replace("\\\n", "").splitlines()
ENTRIES = [line for line in LINES if line and not line.startswith("#")]
PIN = re.compile(r"([\w.-]+)==([\w.]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
NOT_OURS = {"pip", "setuptools"}
"""pip is a requirement of sqlite-utils. setuptools builds constat."""


def locked() -> dict[str, str]:
    pins = [PIN.match(entry) for entry in ENTRIES]
    return {normal(pin[1]): pin[2] for pin in pins if pin}


def test_every_line_is_a_pin_with_hashes() -> None:
    assert ENTRIES
    for entry in ENTRIES:
        pin, *hashes = entry.split()
        assert PIN.fullmatch(pin)
        assert hashes
        assert [hash_ for hash_ in hashes if not HASH.fullmatch(hash_)] == []


def test_the_lock_names_no_place_to_download_from() -> None:
    assert re.findall(r"://|^-|--(?!hash)", LOCK, flags=re.MULTILINE) == []


def test_the_lock_holds_what_the_project_needs_and_nothing_else() -> None:
    waiting = [needed(requirement) for requirement in PROJECT["project"]["dependencies"]]
    installed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in installed | NOT_OURS:
            installed.add(name)
            # Requirements with a marker may be for another Python or system.
            requires = distribution(name).requires or ()
            waiting += [needed(requirement) for requirement in requires if ";" not in requirement]
    assert set(locked()) - NOT_OURS == installed


def test_the_lock_and_the_constraints_name_the_same_versions() -> None:
    constraints = {
        normal(name): version for name, _, version in (pin.partition("==") for pin in PINS)
    }
    ours = {name: version for name, version in locked().items() if name not in NOT_OURS}
    assert {name: constraints.get(name) for name in ours} == ours


def test_the_build_uses_the_locked_version_of_its_tool() -> None:
    assert PROJECT["build-system"]["requires"] == [f"setuptools=={locked()['setuptools']}"]

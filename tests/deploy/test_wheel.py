"""The wheel: it has all that the commands need, and they run from it alone."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.deploy.checkout import PACKAGES, copy_checkout

pytestmark = pytest.mark.slow


def pip(*arguments: str | Path) -> None:
    # --no-index: nothing is downloaded.
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, capture_output=True)  # noqa: S603


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    checkout = copy_checkout(folder / "checkout")
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")
    pip("wheel", *options, "--wheel-dir", folder, checkout)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path) -> Path:
    """A virtual environment with the wheel, and with the packages that this one has."""
    folder = wheel.parent / "environment"
    venv.create(folder, with_pip=False)
    pip("--python", folder / "bin/python", "install", "--no-deps", "--no-index", "--quiet", wheel)
    [site] = folder.glob("lib/python*/site-packages")
    # The files of constat that this environment has come after those of the wheel.
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder


def run(environment: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an empty folder, with no settings."""
    folder = environment.parent / "empty"
    folder.mkdir(exist_ok=True)
    return subprocess.run(  # noqa: S603
        [str(environment / "bin" / command[0]), *command[1:]],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": os.defpath, "HOME": str(folder)},
    )


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    checkout = wheel.parent / "checkout"
    expected = {
        str(path.relative_to(checkout))
        for package in PACKAGES
        for path in (checkout / package).rglob("*")
        if path.is_file()
    }
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == expected


def test_the_commands_run_from_the_wheel(environment: Path) -> None:
    where = run(environment, "python", "-c", "import bot; print(bot.__file__)")
    assert str(environment) in where.stdout
    version = run(environment, "constat", "--version")
    assert (version.returncode, version.stderr) == (0, "")
    assert version.stdout.startswith("constat ")
    shown = run(environment, "constat", "--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "  doctor " in shown.stdout
    assert "  try " in shown.stdout


def test_doctor_names_the_missing_settings_with_status_2(environment: Path) -> None:
    ended = run(environment, "constat", "doctor", "--json")
    assert ended.returncode == 2
    checks = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {check["name"] for check in checks} == {"settings"}
    assert "CONSTAT_DB is missing" in {check["finding"] for check in checks}


def test_the_words_of_both_languages_are_there(environment: Path) -> None:
    code = "from blocks.words import words; print(*(words(x)('form.close') for x in ('en', 'fr')))"
    assert run(environment, "python", "-c", code).stdout == "Cancel Annuler\n"

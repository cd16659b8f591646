"""A copy of what is needed to install constat, without what tests and tools leave behind."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("blocks", "storage", "bot", "sandbox")
FILES = ("pyproject.toml", "README.md", "requirements.lock")


def copy_checkout(target: Path, *paths: str) -> Path:
    """:param paths: files and folders, from the root; without any, those of the wheel"""
    for name in paths or (*PACKAGES, *FILES):
        source = ROOT / name
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)
    return target

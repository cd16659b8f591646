"""The environment and the config file of a bot that starts, as a test changes them."""

from collections.abc import Callable
from pathlib import Path

MARK = "hush-hush"
"""A part of every secret in this environment."""
Environment = Callable[..., None]
Start = Callable[..., tuple[int, list[str]]]


def config_file(folder: Path, text: str) -> str:
    path = folder / "constat.toml"
    path.write_text(text, "utf-8")
    return str(path)

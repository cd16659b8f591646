"""The app's commands and message shortcuts, read from its manifest."""

from dataclasses import dataclass
from pathlib import Path

import yaml

PATH = Path(__file__).parents[2] / "manifest.yml"


@dataclass(frozen=True)
class Command:
    name: str
    description: str
    hint: str


@dataclass(frozen=True)
class Shortcut:
    """A message shortcut, which Slack's client shows in the menu of a message."""

    callback_id: str
    name: str


@dataclass(frozen=True)
class Manifest:
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]


def read(path: Path = PATH) -> Manifest:
    """:raises FileNotFoundError: outside a checkout of the project, which has the manifest"""
    features = yaml.safe_load(path.read_text(encoding="utf-8"))["features"]
    return Manifest(
        tuple(
            Command(entry["command"], entry["description"], entry.get("usage_hint", ""))
            for entry in features["slash_commands"]
        ),
        tuple(
            Shortcut(entry["callback_id"], entry["name"])
            for entry in features["shortcuts"]
            if entry["type"] == "message"
        ),
    )

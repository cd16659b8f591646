"""What the app brings to Slack's client: its commands and shortcuts, from the app's manifest."""

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
    """In the menu of a message."""

    callback_id: str
    name: str


@dataclass(frozen=True)
class Manifest:
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]


def read(path: Path = PATH) -> Manifest:
    """:raises FileNotFoundError: outside a checkout, which is where the manifest is"""
    features = yaml.safe_load(path.read_text(encoding="utf-8"))["features"]
    return Manifest(
        tuple(
            Command(one["command"], one["description"], one.get("usage_hint", ""))
            for one in features["slash_commands"]
        ),
        tuple(
            Shortcut(one["callback_id"], one["name"])
            for one in features["shortcuts"]
            if one["type"] == "message"
        ),
    )

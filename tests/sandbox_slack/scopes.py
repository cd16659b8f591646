"""Scopes that a test gives to the app of the workspace."""

from dataclasses import replace
from typing import Any

from sandbox.slack import Slack
from sandbox.slack.model import DEFAULT_SCOPES


def grant(slack: Slack, *scopes: str, **more: Any) -> None:
    app = replace(slack.workspace.app, scopes=DEFAULT_SCOPES | set(scopes), **more)
    slack.workspace.app = app

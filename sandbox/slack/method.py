"""A Web API method: its function, and the token and the scope that it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sandbox.slack.errors import SlackError

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """`run` returns the body without `ok`, or raises SlackError."""

    run: Callable[["Slack", Json], Json]
    needs: str | None = None
    token: Literal["bot", "app", "none"] = "bot"


Methods = Mapping[str, Method]


class RateLimitedError(SlackError):
    """Answered with HTTP 429 and Retry-After, in whole seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


def require_scope(slack: "Slack", scope: str) -> None:
    granted = slack.workspace.app.scopes
    if scope not in granted:
        provided = ",".join(sorted(granted))
        raise SlackError("missing_scope", needed=scope, provided=provided)

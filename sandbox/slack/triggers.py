"""Trigger ids and response URLs, which Slack gives an app to answer a person with.

A trigger id lives 3 seconds and works once. A response URL lives 30 minutes and works 5 times.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

TRIGGER_LIFE = 3.0  # seconds
RESPONSE_URL_LIFE = 30 * 60.0  # seconds
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    user: str
    born: float
    used: bool = False


@dataclass
class ResponseUrl:
    """`source_ts` is the message or ephemeral that it may replace, if it was made for one."""

    user: str
    channel: str
    born: float
    source_ts: str | None = None
    uses: int = 0


class Triggers:
    """The trigger ids and response URLs of one workspace. `clock` gives UNIX seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        number = 10_000_000_000 + len(self._triggers)
        trigger_id = f"{number}.{number % 7919}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self._clock())
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """The id of the person that a trigger id was made for.

        :raises SlackError: invalid_trigger_id, expired_trigger_id or exchanged_trigger_id
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() - trigger.born > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def new_response_path(self, user: str, channel: str, *, source_ts: str | None = None) -> str:
        """The last part of a response URL."""
        secret = secrets.token_hex(12)
        self._urls[secret] = ResponseUrl(user, channel, self._clock(), source_ts)
        return secret

    def response_url(self, secret: str) -> ResponseUrl:
        """Count one use.

        :raises SlackError: no_such_url, expired_url or used_url
        """
        url = self._urls.get(secret)
        if url is None:
            raise SlackError("no_such_url")
        if self._clock() - url.born > RESPONSE_URL_LIFE:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url

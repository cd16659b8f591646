"""The errors of the stand-in.

SlackError        the bot's call is refused: {"ok": false, "error": ..., ...}
NotOnScreenError  a test asked a person for something that is not on their screen
"""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A refused call, of which nothing was saved.

    `error` is Slack's error string. `messages` fills response_metadata. `more` is added to the body
    of the answer.
    """

    def __init__(self, error: str, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(error, *messages)
        self.error = error
        self.messages = tuple(messages)
        self.more = more

    def body(self) -> dict[str, Any]:
        metadata = {"response_metadata": {"messages": list(self.messages)}} if self.messages else {}
        return {"ok": False, "error": self.error, **self.more, **metadata}


class NotOnScreenError(Exception):
    """The person could not do this: the field is hidden, the option is not offered, ..."""

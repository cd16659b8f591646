"""The interface of an API that takes reports. Nothing else in `bot.delivery` depends on an API."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.delivery.http_client import Answer, Cut, NotSent, Outcome
from storage.api_calls import Call


@dataclass(frozen=True)
class Found:
    """A report that the API has, although its answer never came."""

    remote_id: str
    """The API's own id of it."""
    answer: Mapping[str, Any]
    """The facts that the missing answer would have held, as `Created.answer` has them."""


class Api(Protocol):
    """What delivers the reports of some kinds."""

    @property
    def name(self) -> str: ...

    @property
    def setting(self) -> str:
        """The settings that an operator renews when the API refuses our token."""

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        """Send one report, once. Every request that was made is added to `calls`."""

    async def check(self, calls: list[Call]) -> Answer | NotSent | Cut:
        """Ask for something harmless: status 200 says that the API takes our token now."""

    async def find(
        self, payload: Mapping[str, Any], since: float, calls: list[Call]
    ) -> Found | None:
        """Look for a report that was sent and never answered.

        :param since: when sending it began, UNIX seconds of this machine's clock
        :returns: None unless all of the report is there. An API that cannot be searched gives
            None and makes no request.
        """

    def same_things(self, payload: Mapping[str, Any]) -> frozenset[Hashable]:
        """What `find` recognises a report by. Two reports that share one of these may be mistaken
        for each other; an API that cannot be searched gives an empty set.
        """


def accepts(outcome: Answer | NotSent | Cut) -> bool:
    """Whether the outcome of `check` says that the API takes our token."""
    return isinstance(outcome, Answer) and outcome.status == 200


def refuses(outcome: Answer | NotSent | Cut) -> bool:
    """Whether the outcome of `check` says that the API refuses our token."""
    return isinstance(outcome, Answer) and outcome.status in {401, 403}

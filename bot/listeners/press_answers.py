"""The answer to a press of a button: the reason when nothing was done, or the Home drawn again."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from blocks.words import Words
from bot.services import Services
from bot.slack.payloads import Press
from storage import homes
from storage.engine import StorageError
from storage.states import State

log = logging.getLogger(__name__)

Handler = Callable[[Services, Press], Awaitable[None]]


class PressRefusedError(Exception):
    """Nothing was done. The person gets the reason."""

    def __init__(
        self,
        key: str,
        *,
        number: int = 0,
        state: State | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        """:param key: of the sentence
        :param facts: of the sentence, beside the number and the state
        """
        super().__init__(key)
        self.key, self.number, self.state, self.facts = key, number, state, facts or {}


async def refusal_of(services: Services, press: Press, handle: Handler) -> PressRefusedError | None:
    """Handle a press.

    :returns: the reason when nothing was done
    """
    try:
        await handle(services, press)
    except PressRefusedError as refused:
        return refused
    except StorageError as error:
        log.exception(
            "the press of a button could not be stored",
            extra={"button": press.action_id, "user": press.user},
        )
        return PressRefusedError(f"command.{error.outcome}")
    return None


async def show_result(services: Services, press: Press, refused: PressRefusedError | None) -> None:
    """Show the result of a press on the Home if the button is there, or else to the person."""
    if not press.on_home:
        if refused:
            await _tell(services, press, refused)
        return
    now, user = services.clock.time(), press.user
    if refused:
        notice = {
            "key": refused.key,
            "facts": {**refused.facts, "number": refused.number},
            "state": refused.state,
        }
        await services.store.write(homes.notify, user, notice, now=now)
    else:
        await services.store.write(homes.choose, user, {}, now=now)
    services.homes.set()


async def _tell(services: Services, press: Press, refused: PressRefusedError) -> None:
    def facts(words: Words) -> dict[str, Any]:
        state = words(f"state.{refused.state}") if refused.state else "?"
        return {**refused.facts, "number": refused.number, "state": state}

    await services.users.tell(
        press.user, press.response_url, refused.key, facts, thread_ts=press.thread_ts
    )

"""`views.open` and `views.update`, each tried again where that is harmless and of use."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.slack import web_api

log = logging.getLogger(__name__)

TRIGGER_LIFE = 2.5
"""Seconds in which opening a form is tried again. Slack takes a trigger_id for 3 seconds."""
TRIES = 5
"""Calls of `views.update` for one drawing, those that another update came before included."""
LONGEST_WAIT = 2.0
"""Seconds that Slack may ask for between two of them."""

View = Mapping[str, Any]


class ViewCalls:
    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client, self._clock = client, clock

    async def open(self, trigger_id: str, view: View) -> View:
        """Open a view. A refusal for now is tried again while the trigger_id lives.

        :returns: the view as Slack shows it
        :raises SlackError: when Slack did not open it
        """
        ends = self._clock.monotonic() + TRIGGER_LIFE
        while True:
            try:
                call = self._client.views_open(trigger_id=trigger_id, view=dict(view))
                opened: View = (await web_api.call(call))["view"]
            except web_api.SlackBusyError as error:
                wait = min(error.seconds, 1.0)
                if self._clock.monotonic() + wait > ends:
                    raise
                await self._clock.sleep(wait)
            else:
                return opened

    async def update(
        self, view_id: str, known_hash: str | None, draw: Callable[[], View | None]
    ) -> tuple[View, str] | None:
        """Draw a view anew.

        :param known_hash: of the last view that Slack confirmed
        :param draw: called before each try; it gives None when a newer drawing takes over
        :returns: the view on screen and its hash; None when it was not drawn
        """
        for _ in range(TRIES):
            view = draw()
            if view is None:
                return None
            wait = 0.0
            call = self._client.views_update(view_id=view_id, view=dict(view), hash=known_hash)
            try:
                answer = await web_api.call(call)
            except web_api.SlackRefusedError as error:
                if error.code != "hash_conflict":
                    log.info("a form was not redrawn", extra={"why": error})
                    return None
                known_hash = None
            except web_api.SlackBusyError as error:
                wait = min(error.seconds, LONGEST_WAIT)
            except web_api.SlackNoAnswerError as error:
                # The update may have arrived. The same form twice does no harm.
                log.warning("a form's redrawing is tried again", extra={"why": error})
                known_hash, wait = None, 0.2
            else:
                return view, str(answer["view"]["hash"])
            await self._clock.sleep(wait)
        log.warning("a form was not redrawn", extra={"tries": TRIES})
        return None

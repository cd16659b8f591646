"""Calls of `chat.unfurl`, no faster than Slack takes them.

Source: https://docs.slack.dev/reference/methods/chat.unfurl (50 and more calls a minute)
"""

import logging
from collections.abc import Mapping

from blocks.block_kit import Block
from bot.rate_limit import TokenBucket
from bot.services import Services
from bot.slack import web_api
from bot.slack.posted_links import PostedLinks

log = logging.getLogger(__name__)

TRIES = 5
"""Tries for one message. Nobody waits for a preview for long."""
PER_SECOND, BURST = 0.5, 20.0
"""Together 50 calls in the first minute, and 30 in each further one."""
NOT_YET = "cannot_unfurl_url"
"""Slack's error while the event is not acknowledged yet, and where an admin forbids the domain."""
EXPECTED = frozenset(
    [
        NOT_YET,
        "cannot_unfurl_message",
        "cannot_find_message",
        "cannot_find_channel",
        "channel_not_found",
        "message_not_found",
        "not_in_channel",
        "is_archived",
        "no_permission",
        "team_access_not_granted",
        "ekm_access_denied",
    ]
)
"""Slack's errors for a message that is gone, was edited, or is where nothing may be unfurled."""


Unfurls = Mapping[str, Block]
"""Previews, by the link as Slack sent it."""


class UnfurlCalls:
    def __init__(self, services: Services) -> None:
        self._client, self._clock = services.client, services.clock
        self._bucket = TokenBucket(PER_SECOND, BURST)
        self._limited_until = 0.0
        self._logged = ""

    async def unfurl(self, posted: PostedLinks, unfurls: Unfurls) -> None:
        """Unfurl links of one message in one call. Unfurls that Slack refuses are left out
        silently, because nobody asked for them. The same call can be made twice.
        """
        for tries in range(1, TRIES + 1):
            await self._turn()
            try:
                await web_api.call(
                    self._client.chat_unfurl(
                        channel=posted.channel, ts=posted.ts, unfurls=dict(unfurls)
                    )
                )
            except web_api.SlackBusyError as error:
                wait = self._busy(error)
            except web_api.SlackNoAnswerError as error:
                log.info("a link may not be unfurled", extra={"why": error})
                wait = 2.0**tries
            except web_api.SlackRefusedError as error:
                if error.code != NOT_YET or tries > 1:
                    self._refused(error)
                    return
                wait = 1.0
            else:
                self._logged = ""
                return
            if tries < TRIES:
                await self._clock.sleep(wait)

    async def _turn(self) -> None:
        now = self._clock.monotonic()
        await self._clock.sleep(max(self._bucket.reserve(now), self._limited_until - now))

    def _busy(self, error: web_api.SlackBusyError) -> float:
        """Slack did nothing. Its limit is one for all messages."""
        log.info("a link is unfurled later", extra={"why": error})
        if error.limited:
            self._limited_until = self._clock.monotonic() + error.seconds
        return error.seconds

    def _refused(self, error: web_api.SlackRefusedError) -> None:
        if error.code in EXPECTED:
            log.info("a link is not unfurled", extra={"why": error.code})
        elif error.code != self._logged:
            log.error("Slack does not unfurl links for us", extra={"why": error})
            self._logged = error.code

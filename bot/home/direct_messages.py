"""A direct message is answered with what the bot can do, and a button for each form.

An answer is posted once. That it was begun is stored before it is posted. If it was begun already,
because the bot was killed or Slack gave no answer, the bot looks for it in the conversation first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.home import messages
from bot.kind import AnyKind
from bot.services import Services
from bot.slack import web_api
from bot.slack.messages import post
from storage import events
from storage.events import Event

LOOKED_AT = 100
"""Messages behind the person's own that are looked at for an answer."""


class DirectMessages:
    def __init__(self, services: Services, kinds: Mapping[str, AnyKind]) -> None:
        """:param kinds: by name"""
        self._services, self._kinds = services, kinds

    async def answer(self, event: Event) -> None:
        """:raises SlackError: when Slack did not take the answer, or may have taken it"""
        if event.begun_at is not None and await self._is_answered(event):
            return
        services, facts = self._services, event.facts
        user = str(facts["user"])
        if not services.users.knows(user):
            await services.users.learn(user)
        message = messages.answer(
            services.users.words(user),
            self._kinds,
            str(facts["filling"]),
            block_id=_block_id(event),
        )
        if not await services.store.write(events.begin, event, now=services.clock.time()):
            return  # it is another process's, or its person was erased
        await post(services.client, str(facts["channel"]), message, facts.get("thread_ts"))

    async def _is_answered(self, event: Event) -> bool:
        """Whether the answer is in the conversation.

        :raises SlackError: when Slack does not say. Nothing is posted then: it may be there
        """
        client, channel = self._services.client, str(event.facts["channel"])
        thread_ts = event.facts.get("thread_ts")
        since: dict[str, Any] = {"oldest": event.facts.get("ts") or "0", "limit": LOOKED_AT}
        found = await web_api.call(
            client.conversations_replies(channel=channel, ts=thread_ts, **since)
            if thread_ts
            else client.conversations_history(channel=channel, **since)
        )
        return _block_id(event) in _block_ids(found.get("messages"))


def _block_id(event: Event) -> str:
    """The same for each try to answer an event, and another one for each event."""
    return f"hello.{event.id}"[:255]


def _block_ids(found: Any) -> set[str]:
    """The block_ids of messages as Slack gives them."""
    listed = found if isinstance(found, Sequence) else ()
    blocks = [block for message in listed for block in message.get("blocks") or ()]
    return {str(block.get("block_id")) for block in blocks}

"""A direct message is answered with what the bot can do, and a button for each form."""

from collections.abc import Mapping

from blocks.home import messages
from bot.kind import AnyKind
from bot.services import Services
from bot.slack.messages import post
from storage.events import Event


class DirectMessages:
    def __init__(self, services: Services, kinds: Mapping[str, AnyKind]) -> None:
        """:param kinds: by name"""
        self._services, self._kinds = services, kinds

    async def answer(self, event: Event) -> None:
        """:raises SlackError: when Slack did not take the answer, or may have taken it"""
        facts, users = event.facts, self._services.users
        user = str(facts["user"])
        if not users.knows(user):
            await users.learn(user)
        message = messages.answer(users.words(user), self._kinds, str(facts["filling"]))
        channel, thread_ts = str(facts["channel"]), facts.get("thread_ts")
        await post(self._services.client, channel, message, thread_ts)

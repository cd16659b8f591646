"""`mine` behind a command: a person's reports, seen only by them."""

import logging

from blocks.home import messages
from bot.home.reader import HomeReader
from bot.services import Services
from bot.slack import web_api
from bot.slack.payloads import Opening
from storage.engine import StorageError
from storage.homes import Home

log = logging.getLogger(__name__)

WORDS = frozenset({"mine", "my reports", "miens", "les miens", "mes signalements"})


class MyReports:
    def __init__(self, services: Services, reader: HomeReader) -> None:
        self._services, self._reader = services, reader

    async def tell(self, opening: Opening) -> None:
        """Answer by the command's `response_url`."""
        services, user = self._services, opening.user
        if not services.users.knows(user):
            await services.users.learn(user)
        origin = opening.origin
        home = Home(user, team=origin.team, channel=origin.channel, sees_all=False)
        try:
            view = await self._reader.view(home, needs=messages.NEEDS)
        except StorageError:
            log.exception("the reports of a person cannot be read", extra={"user": user})
            await services.users.tell(user, opening.response_url, "command.not_stored")
            return
        message = messages.mine(services.users.words(user), view)
        try:
            await web_api.respond(
                services.client, opening.response_url, message.text, blocks=message.blocks
            )
        except web_api.SlackNoAnswerError as error:
            log.warning("a person does not see their reports", extra={"user": user, "why": error})

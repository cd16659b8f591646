"""Who reads which language. Asked of Slack in the background, remembered in the file."""

import logging

from slack_sdk.web.async_client import AsyncWebClient

from blocks.words import Words, language_of, words
from bot.clock import Clock
from bot.slack import web_api
from storage import users
from storage.database import StorageError
from storage.store import Store

log = logging.getLogger(__name__)


class People:
    """Words for each person, and for channels. No setting of the process is changed by any."""

    def __init__(self, client: AsyncWebClient, store: Store, language: str, clock: Clock) -> None:
        """:param language: of channels, and of people until theirs is known"""
        self._client, self._store, self._clock = client, store, clock
        self.channel_words = words(language)
        self._locales: dict[str, str] = {}

    async def load(self) -> None:
        """Remember what earlier runs were told."""
        self._locales = await self._store.read(users.everyone)

    def knows(self, user: str) -> bool:
        return user in self._locales

    def words(self, user: str) -> Words:
        """At once, without asking anybody."""
        locale = self._locales.get(user)
        return words(language_of(locale)) if locale else self.channel_words

    async def learn(self, user: str) -> bool:
        """Ask Slack for a person's language.

        :returns: whether the person's words are others than before
        """
        before = self.words(user)
        try:
            answer = await web_api.call(self._client.users_info(user=user, include_locale=True))
        except web_api.SlackError as error:
            log.warning("the language of %s is not known: %s", user, error)
            return False
        locale = web_api.text(answer, "user", "locale")
        if not locale:
            return False
        self._locales[user] = locale
        try:
            await self._store.write(users.remember, user, locale, now=self._clock.time())
        except StorageError:
            log.exception("the language of %s is forgotten at the next start", user)
        return self.words(user) is not before

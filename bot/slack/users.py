"""People's languages and names. Slack is asked in the background; the file keeps the answers."""

import logging
from collections.abc import Mapping
from typing import Any

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
        self._asked: set[str] = set()

    async def load(self) -> None:
        """Read what earlier runs learned."""
        self._locales = await self._store.read(users.everyone)
        self._asked = set(await self._store.read(users.names))

    def knows(self, user: str) -> bool:
        """Whether Slack need not be asked about this person: language and name are known."""
        return user in self._asked

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
        locale = str(answer["user"].get("locale") or "")
        if not locale:
            return False
        self._locales[user] = locale
        self._asked.add(user)
        name = _name(answer["user"])
        try:
            await self._store.write(users.remember, user, locale, now=self._clock.time(), name=name)
        except StorageError:
            log.exception("the language of %s is forgotten at the next start", user)
        return self.words(user) is not before


def _name(user: Mapping[str, Any]) -> str:
    """The name that Slack shows for a user of `users.info`."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return next((str(name) for name in names if name), str(user.get("name") or ""))

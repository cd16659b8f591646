"""Who we are, and people's languages and names. Slack is asked in the background."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks.words import LANGUAGES, Words, language_of, words
from bot.clock import Clock
from bot.slack import web_api
from bot.workspace import Workspace
from storage import users, workspaces
from storage.engine import StorageError
from storage.store import Store

log = logging.getLogger(__name__)

Facts = Mapping[str, Any]
NONE: Facts = {}
CHOSEN = "language chosen"
"""The topic of the message to other processes."""


class Users:
    """Words for each person, and for channels."""

    def __init__(self, client: AsyncWebClient, store: Store, language: str, clock: Clock) -> None:
        """:param language: of channels, and of people until theirs is known"""
        self._client, self._store, self._clock = client, store, clock
        self.channel_words = words(language)
        self.workspace_url: str | None = None
        """The workspace's address with a slash at its end, once Slack has named it."""
        self.workspace = Workspace()
        self._locales: dict[str, str] = {}
        self._chosen: dict[str, str] = {}
        self._heard: dict[str, str | None] = {}
        """The choices since all were read last. None for the language of the Slack profile."""
        self._asked: set[str] = set()
        store.news.listen(CHOSEN, self._choose)

    async def load(self) -> None:
        """Load the languages, names and the workspace that earlier runs learned."""
        self.workspace = Workspace.of(await self._store.read(workspaces.installation))
        self._locales = await self._store.read(users.everyone)
        await self._load_choices()
        self._asked = set(await self._store.read(users.names))

    async def _load_choices(self) -> None:
        """Read the languages that people chose. A message of another process may have been lost."""
        heard = self._heard = {}
        stored = await self._store.read(users.chosen_languages)
        # A choice that came meanwhile may be newer than what was read.
        self._chosen = stored
        for user, language in heard.items():
            self._choose(user=user, language=language)

    async def sign_in(self) -> str:
        """Ask Slack who we are, and in which workspace. What people chose is read again, too.

        :returns: the bot's name and its workspace's, for the log
        :raises SlackError: when Slack does not say
        :raises StorageError: when the workspace could not be stored
        """
        answer = await web_api.call(self._client.auth_test())
        self.workspace_url = web_api.text(answer, "url") or None
        await self._learn_workspace(answer)
        await self._load_choices()
        team, user = web_api.text(answer, "team"), web_api.text(answer, "user")
        return f"{user} of {team}"

    async def _learn_workspace(self, answer: Mapping[str, Any]) -> None:
        """:param answer: of `auth.test`"""
        team, enterprise = web_api.text(answer, "team_id"), web_api.text(answer, "enterprise_id")
        installed = (answer.get("is_enterprise_install") is True and enterprise) or team
        if installed:
            stored = await self._store.write(workspaces.remember, installed, enterprise)
            self.workspace = Workspace.of(stored)

    async def fill_workspace(self) -> None:
        """Give the workspace to reports that were stored before it was known.

        :raises StorageError: when it was not stored
        """
        while await self._store.write(workspaces.fill):
            pass

    def knows(self, user: str) -> bool:
        """Whether the language and name of this person are known, so that no call of Slack is
        needed.
        """
        return user in self._asked

    def words(self, user: str) -> Words:
        """A person's words, from memory: in the language that they chose, or else that of their
        Slack profile.
        """
        if language := self._chosen.get(user):
            return words(language)
        locale = self._locales.get(user)
        return words(language_of(locale)) if locale else self.channel_words

    def chosen_language(self, user: str) -> str:
        """One of `LANGUAGES`; empty if the person chose none."""
        return self._chosen.get(user, "")

    async def choose_language(self, user: str, language: str) -> None:
        """Write to a person in this language from now on.

        :param language: for what is not in `LANGUAGES`, that of the person's Slack profile counts
        :raises StorageError: when nothing was stored
        """
        chosen = language if language in LANGUAGES else None
        await self._store.write_urgent(users.choose_language, user, chosen)
        self._choose(user=user, language=chosen)
        self._store.news.notify(CHOSEN, user=user, language=chosen)

    def _choose(self, *, user: str, language: str | None) -> None:
        self._heard[user] = language
        if language is None:
            self._chosen.pop(user, None)
        else:
            self._chosen[user] = language

    async def learn(self, user: str) -> bool:
        """Ask Slack for a person's language.

        :returns: whether the person's words are others than before
        """
        before = self.words(user)
        try:
            answer = await web_api.call(self._client.users_info(user=user, include_locale=True))
        except web_api.SlackError as error:
            log.warning("the language of a person is not known", extra={"user": user, "why": error})
            return False
        locale = web_api.text(answer, "user", "locale")
        if not locale:
            return False
        self._locales[user] = locale
        self._asked.add(user)
        name = _name(answer["user"])
        try:
            await self._store.write(users.remember, user, locale, now=self._clock.time(), name=name)
        except StorageError:
            log.exception("the language of a person could not be stored", extra={"user": user})
        return self.words(user) is not before

    async def tell(
        self,
        user: str,
        response_url: str,
        key: str,
        facts: Facts | Callable[[Words], Facts] = NONE,
        *,
        thread_ts: str | None = None,
    ) -> None:
        """Answer a person alone, in their language, by an interaction's `response_url`.

        :param key: of the sentence
        :param facts: of the sentence; a function of the words where a fact is in words itself
        :param thread_ts: the thread in which the person pressed a button; None outside of one
        """
        if not self.knows(user):
            await self.learn(user)
        words = self.words(user)
        text = words(key, **(facts(words) if callable(facts) else facts))
        if not response_url:
            log.warning(
                "a person gets no answer: Slack gave no address for it",
                extra={"user": user, "answer": key},
            )
            return
        try:
            await web_api.respond(self._client, response_url, text, thread_ts=thread_ts)
        except web_api.SlackNoAnswerError as error:
            log.warning(
                "a person gets no answer", extra={"user": user, "answer": key, "why": error}
            )


def _name(user: Mapping[str, Any]) -> str:
    """The name that Slack shows for a user of `users.info`."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"))
    return next((str(name) for name in names if name), str(user.get("name") or ""))

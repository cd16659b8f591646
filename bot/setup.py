"""The objects from which a kind of report is built."""

from dataclasses import dataclass

import httpx

from bot import network
from bot.clock import Clock
from bot.config import Config
from bot.delivery.http_client import client_for
from bot.scrubber import Scrubber, secrets_of
from bot.settings import Settings, SettingsError
from bot.tenure import Process, Tenure
from storage.store import Store

SPARE_CONNECTIONS = 8
"""Connections for look-ups, beside those of the reports that are being sent."""


@dataclass(frozen=True)
class Setup:
    settings: Settings
    config: Config
    store: Store
    clock: Clock
    scrubber: Scrubber
    """Takes the settings' secrets out of whatever comes from outside."""
    tenure: Tenure
    """Says when the workers may claim something."""

    @property
    def process(self) -> Process:
        """Owns what the workers claim."""
        return self.tenure.process

    @classmethod
    def of(cls, settings: Settings, config: Config, clock: Clock | None = None) -> "Setup":
        """Open the database.

        :raises SettingsError: when the environment names a way out that cannot be used
        :raises UnusableDatabaseError: when the file cannot be used
        """
        try:
            network.check(settings.slack_api_url, settings.immoteur_api_url, settings.kare_api_url)
        except network.NetworkSettingsError as error:
            raise SettingsError([str(error)]) from error
        scrubber = Scrubber([*secrets_of(settings), *network.proxy_passwords()])
        store = Store(settings.constat_db)
        tenure = Tenure(store, Process.current())
        return cls(settings, config, store, clock or Clock(), scrubber, tenure)

    def http_client(self, url: str) -> httpx.AsyncClient:
        """A pooled client for an API. Who opens it closes it.

        :param url: the API's address, ending in a slash
        """
        return client_for(url, connections=self.config.delivery.concurrency + SPARE_CONNECTIONS)

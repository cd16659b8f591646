"""The APIs that are set up, and what the forms know through them."""

import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import httpx

from blocks.anomaly.form import AnomalyForm
from bot.clock import Clock
from bot.config import Config
from bot.delivery.api import Api
from bot.delivery.http_client import client_for
from bot.form_data import FormData
from bot.immoteur.client import LOOKED_UP_IN, Immoteur
from bot.immoteur.form_data import Lookups
from bot.immoteur.listing_cache import ListingCache
from bot.kare.catalogue import Catalogue
from bot.kare.client import Kare
from bot.kare.drafts import Drafts
from bot.kare.form_data import AnomalyFormData
from bot.kare.recents import Recents
from bot.kare.session import Login, ready_tokens
from bot.scrubber import Scrubber
from bot.settings import Settings
from storage.store import Store

log = logging.getLogger(__name__)


@dataclass
class Backends:
    apis: dict[str, Api] = field(default_factory=dict)
    """By name; one that is not set up is missing."""
    form_data: dict[str, FormData] = field(default_factory=dict)
    """By kind of report."""
    loops: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    """What runs beside it until the end."""


@asynccontextmanager
async def backends(
    settings: Settings, config: Config, store: Store, clock: Clock, scrubber: Scrubber
) -> AsyncIterator[Backends]:
    """Pooled clients for as long as the block lasts."""
    connections = config.delivery.concurrency + 8
    made = Backends()
    async with (
        client_for(settings.immoteur_api_url, connections=connections) as immoteur_client,
        client_for(settings.kare_api_url, connections=connections) as kare_client,
        AsyncExitStack() as behind,
    ):
        if settings.immoteur_token is not None:
            immoteur = Immoteur(
                immoteur_client,
                settings.immoteur_token,
                classifieds_alone=config.classifieds_alone,
                scrubber=scrubber,
            )
            asking = partial(immoteur.listings, within=clock.real(LOOKED_UP_IN))
            listings = ListingCache(asking, store, clock)
            behind.push_async_callback(listings.close)
            lookups = Lookups(listings, store, clock, classifieds_alone=config.classifieds_alone)
            await lookups.load()
            made.apis["immoteur"] = replace(immoteur, resolve=lookups.resolve)
            made.form_data["report_issue"] = lookups
        if settings.kare_set_up:
            kare = _kare(settings, kare_client, clock, scrubber)
            catalogue = Catalogue(kare, store, clock)
            form, recents = AnomalyForm(config.risk), Recents(store, "anomaly")
            anomalies = AnomalyFormData(form, catalogue, Drafts(store, clock), recents)
            await anomalies.load()
            made.apis["kare"] = kare
            made.form_data["anomaly"] = anomalies
            made.loops.append(catalogue.run)
        if not made.apis:
            log.warning("neither Immoteur nor KARE is set up: nothing can be filed")
        yield made


def _kare(settings: Settings, client: httpx.AsyncClient, clock: Clock, scrubber: Scrubber) -> Kare:
    access, session = settings.kare_access_token, settings.kare_session_token
    ready = None
    if access is not None and session is not None:
        ready = ready_tokens(access, session, clock)
    login = None
    if settings.kare_email is not None and settings.kare_password is not None:
        login = Login(settings.kare_email, settings.kare_password)
    return Kare(client, ready, login, clock=clock, scrubber=scrubber)

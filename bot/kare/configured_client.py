"""KARE's client, with the tokens or the login of the settings, and what becomes of photos."""

import httpx

from bot.kare.client import Kare
from bot.kare.images import KareImages
from bot.kare.photos_to_send import photos_to_send, places
from bot.kare.session import Login, ready_tokens
from bot.photo_route import PhotoSupport
from bot.setup import Setup


def kare_client(setup: Setup, http: httpx.AsyncClient) -> Kare:
    """:param http: with KARE's address as its base"""
    settings = setup.settings
    access, session = settings.kare_access_token, settings.kare_session_token
    ready = None
    if access is not None and session is not None:
        ready = ready_tokens(access, session, setup.clock)
    login = None
    if settings.kare_email is not None and settings.kare_password is not None:
        login = Login(settings.kare_email, settings.kare_password)
    return Kare(http, ready, login, clock=setup.clock, scrubber=setup.scrubber)


def kare_photos(setup: Setup, kare: Kare) -> PhotoSupport | None:
    """None unless the operator has switched photos on."""
    if not setup.config.photos:
        return None
    return PhotoSupport(to_send=photos_to_send, places=places, route=KareImages(kare, setup.store))

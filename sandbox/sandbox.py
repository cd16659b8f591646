"""The whole sandbox: Slack, Immoteur and KARE at one address, and the settings of a bot for it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from sandbox.catalogue import Catalogue
from sandbox.immoteur import Immoteur
from sandbox.kare import Kare
from sandbox.kare.api import EMAIL, PASSWORD
from sandbox.server import serve
from sandbox.slack import Slack, seed

IMMOTEUR_TOKEN = "imt_sandbox"


class Sandbox:
    """The three stand-ins, which share `clock` (UNIX seconds) and a catalogue.

    :param burst: messages that may follow each other in a channel before Slack's rate limit
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        *,
        burst: int = 4,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.catalogue = catalogue or Catalogue()
        self.slack = Slack(seed(clock=clock), burst=burst)
        self.immoteur = Immoteur(clock, token=IMMOTEUR_TOKEN, listings=self.catalogue)
        self.kare = Kare(clock, buildings=self.catalogue)
        self.url = ""
        self.api_urls: dict[str, str] = {}
        """Addresses of APIs that are served elsewhere, by "immoteur" and "kare"."""
        self.mounts: list[Callable[[web.Application], None]] = []
        """Functions that add more routes or middlewares before the sandbox is served."""

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve all three, and give the address. Port 0 takes any free port.

        :raises OSError: when the port is taken
        """
        # Ten photos of 10 MB, which a browser uploads at once.
        app = web.Application(client_max_size=128 * 2**20)
        self.slack.add_routes(app)
        self.immoteur.add_routes(app)
        self.kare.add_routes(app)
        for mount in self.mounts:
            mount(app)
        async with serve(app, host, port) as url:
            self.url = self.slack.base_url = url
            yield url

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a bot that works against this sandbox, without a database."""
        app = self.slack.workspace.app
        immoteur, kare = (self.api_urls.get(api, self.url) for api in ("immoteur", "kare"))
        return {
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_API_URL": f"{self.url}/slack/api/",
            "IMMOTEUR_API_URL": f"{immoteur}/immoteur/public/v1",
            "IMMOTEUR_TOKEN": IMMOTEUR_TOKEN,
            "KARE_API_URL": f"{kare}/kare/main",
            "KARE_EMAIL": EMAIL,
            "KARE_PASSWORD": PASSWORD,
        }

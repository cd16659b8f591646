"""The kind of report that `/anomaly` files with KARE."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.receipt import AnomalyReceipt
from bot.kare import listeners
from bot.kare.assembly import assembled
from bot.kare.client import Kare
from bot.kare.session import Login, ready_tokens
from bot.kind import AnyKind, Kind
from bot.setup import Setup


@asynccontextmanager
async def anomaly(setup: Setup) -> AsyncIterator[AnyKind]:
    """Without tokens or a login its form takes numbers only, and nothing can be sent."""
    form = AnomalyForm(setup.config.risk)
    kind = Kind(
        name="anomaly",
        command="/anomaly",
        shortcut="anomaly_from_message",
        api="kare",
        api_label="KARE",
        settings="KARE_ACCESS_TOKEN, KARE_SESSION_TOKEN / KARE_EMAIL, KARE_PASSWORD",
        form=form,
        gravity=form.gravity,
        receipt=AnomalyReceipt(),
        listeners=(listeners.not_set_up,),
    )
    if not setup.settings.kare_set_up:
        yield kind
        return
    async with setup.http_client(setup.settings.kare_api_url) as http:
        kare = _client(setup, http)
        parts = await assembled(form, kind.name, kare, setup)
        yield replace(
            kind,
            client=kare,
            form_data=parts.form_data,
            listeners=(
                listeners.of_draft(parts.draft_steps),
                listeners.of_site(parts.form_data),
            ),
            loops=(parts.loop,),
        )


def _client(setup: Setup, http: httpx.AsyncClient) -> Kare:
    settings = setup.settings
    access, session = settings.kare_access_token, settings.kare_session_token
    ready = None
    if access is not None and session is not None:
        ready = ready_tokens(access, session, setup.clock)
    login = None
    if settings.kare_email is not None and settings.kare_password is not None:
        login = Login(settings.kare_email, settings.kare_password)
    return Kare(http, ready, login, clock=setup.clock, scrubber=setup.scrubber)

"""The kind of report that `/anomaly` files with KARE."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from blocks.anomaly.duplicates import AnomalyDuplicates
from blocks.anomaly.form import AnomalyForm
from blocks.anomaly.receipt import AnomalyReceipt
from bot.kare import form_listeners
from bot.kare.assembly import assembled
from bot.kare.configured_client import kare_client, kare_photos
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
        receipt=AnomalyReceipt(setup.config.risk),
        duplicates=AnomalyDuplicates(),
        listeners=form_listeners.NOT_SET_UP,
    )
    if not setup.settings.kare_set_up:
        yield kind
        return
    async with setup.http_client(setup.settings.kare_api_url) as http:
        kare = kare_client(setup, http)
        parts = await assembled(form, kind.name, kare, setup)
        yield replace(
            kind,
            client=kare,
            photos=kare_photos(setup, kare),
            form_data=parts.form_data,
            labels=parts.labels,
            unsent=form_listeners.Unsent(parts.drafts, kind.name).of,
            listeners=form_listeners.of_form(form, parts),
            loops=(parts.catalogue.follow,),
            back_office_loops=(parts.catalogue.keep_fresh,),
        )

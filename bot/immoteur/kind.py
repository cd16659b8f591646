"""The kind of report that `/report-issue` files with Immoteur."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from blocks.issue.duplicates import IssueDuplicates
from blocks.issue.form import ReportIssueForm
from blocks.issue.receipt import IssueReceipt
from bot.immoteur import listeners
from bot.immoteur.assembly import assembled
from bot.immoteur.client import Immoteur
from bot.kind import AnyKind, Kind
from bot.setup import Setup


@asynccontextmanager
async def report_issue(setup: Setup) -> AsyncIterator[AnyKind]:
    """Without a token its form shows only typed values, and nothing can be sent."""
    kind = Kind(
        name="report_issue",
        command="/report-issue",
        shortcut="report_issue_from_message",
        api="immoteur",
        api_label="Immoteur",
        settings="IMMOTEUR_TOKEN",
        form=ReportIssueForm(),
        receipt=IssueReceipt(),
        duplicates=IssueDuplicates(),
        listeners=(listeners.register,),
    )
    token = setup.settings.immoteur_token
    if token is None:
        yield kind
        return
    alone = setup.config.classifieds_alone
    async with setup.http_client(setup.settings.immoteur_api_url) as http:
        immoteur = Immoteur(http, token, classifieds_alone=alone, scrubber=setup.scrubber)
        parts = await assembled(immoteur, setup)
        client = replace(immoteur, resolve=parts.listings.resolve)
        try:
            yield replace(
                kind,
                client=client,
                form_data=parts.form_data,
                labels=parts.labels,
                previews=parts.previews,
                photos=parts.photos,
            )
        finally:
            await parts.listings.close()

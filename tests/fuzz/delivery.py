"""One report sent to an API that answers oddly: its stored state, and all that people see of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks.answers import Answers
from blocks.receipt_facts import errors_by_field
from blocks.words import LANGUAGES, words
from bot.clock import Clock
from bot.config import Config, DeliveryLimits
from bot.delivery.api import Api
from bot.delivery.scope import DeliveryScope
from bot.delivery.sender import Sender
from bot.immoteur.assembly import assembled
from bot.immoteur.client import Immoteur
from bot.kare.client import Kare
from bot.kinds import KINDS, opened
from bot.receipt_drawer import Kinds, ReceiptDrawer
from bot.settings import Settings
from bot.setup import Setup
from bot.slack.users import Users
from sandbox.sandbox import Sandbox
from sandbox.slack.api_chat import LONGEST_UPDATE
from sandbox.slack.blockkit import check_blocks
from sandbox.slack.message_size import check_message_size
from storage import delivery_queue, receipts, reports
from storage.reports import NewReport
from storage.states import ALLOWED
from tests.blocks.forms import drawn
from tests.fuzz.answers import RawAnswer
from tests.fuzz.api_server import RawApi, raw_api

OWNER = "fuzz"
SECRETS = {
    "IMMOTEUR_TOKEN": "imt-Zq8w7Vt5Rk3Np1Lx",
    "KARE_EMAIL": "securite@residence.example",
    "KARE_PASSWORD": "Correct-Horse-7-Battery",
}
ACCESS, SESSION = "acc.Hy6Gt5Fr4De3Sw2", "ses.Mn8Bv7Cx6Zl5Kj4"
LOGGED_IN = RawAnswer(
    201, json.dumps({"data": {"accessToken": ACCESS, "sessionToken": SESSION}}).encode()
)
HIDDEN = (SECRETS["IMMOTEUR_TOKEN"], SECRETS["KARE_PASSWORD"], ACCESS, SESSION)


@dataclass(frozen=True)
class Tried:
    """A report after one try."""

    state: str
    stored: Mapping[str, Any]
    """Its row."""
    history: str
    """All that its audit trail and its log of calls say, as JSON."""
    shown: str
    """All messages and the form that people see, in every language, as JSON."""


@dataclass(frozen=True)
class Deliveries:
    """The bot's own client, decision, file and drawing, without the loops between them."""

    setup: Setup
    kinds: Kinds
    api: RawApi

    async def send(self, new: NewReport, answers: dict[str, RawAnswer]) -> Tried:
        """Store a report, send it once to an API with these answers, and draw what is shown."""
        self.api.expect(answers)
        self.setup.scrubber.renewed(ACCESS, SESSION)  # as a login before this report did
        store, clock, client = self.setup.store, self.setup.clock, await self.client(new.kind)
        await store.write(_put_aside)
        number, _ = await store.write(reports.add, new, now=clock.time())
        claim = await store.write(
            delivery_queue.claim, new.api, OWNER, now=clock.time(), lease=60, past_hold=True
        )
        assert claim.report is not None
        assert claim.report.number == number
        scope = DeliveryScope(
            client, store, clock, DeliveryLimits(), OWNER, lambda _: False, lambda _: None
        )
        sender = Sender(scope)
        decision, calls = await sender.send(claim.report)
        await sender.store(claim.report, decision, calls)
        shown = await self._drawn(number)
        row, history = await store.read(_told, number)
        return Tried(row["state"], row, history, shown)

    async def client(self, kind: str) -> Api:
        """A client that has learned nothing from earlier answers."""
        client = self.kinds[kind].client
        if isinstance(client, Immoteur):
            parts = await assembled(replace(client, resolve=None), self.setup)
            return replace(client, resolve=parts.listings.resolve)
        assert isinstance(client, Kare)
        return replace(client, session=None, _renewing=asyncio.Lock())

    async def _drawn(self, number: int) -> str:
        """Every message and the form of *Edit*, in every language; each is one that Slack takes."""
        store, clock = self.setup.store, self.setup.clock
        claim = await store.write(receipts.claim, OWNER, now=clock.time(), lease=60, busy=[])
        receipt, report = claim.receipt, claim.report
        assert receipt is not None
        assert report is not None
        assert report.number == number
        assert report.damaged == ()
        shown: list[Any] = []
        for language in LANGUAGES:
            users = Users(AsyncWebClient(), store, language, clock)
            drawer = ReceiptDrawer(users, self.kinds, lambda report: ALLOWED[report.state])
            messages = drawer.draw(report, receipt)
            for message in (*messages.own, *messages.further, messages.opener, messages.emptied):
                check_blocks(message.blocks)
                check_message_size(message.blocks)
                assert 0 < len(message.text.encode()) <= LONGEST_UPDATE
                shown.append([message.text, message.blocks])
            kind = self.kinds[report.kind]
            errors = errors_by_field(words(language), report.cause, kind.receipt)
            filled = Answers(kind.form.from_payload(report.payload))
            shown.append(
                drawn(kind.form, answers=filled, words=words(language), field_errors=errors)
            )
        return json.dumps(shown, ensure_ascii=False)


def _put_aside(db: Any) -> None:
    """Let no report of an earlier example be sent or shown."""
    db.execute("update reports set state = 'discarded' where state != 'discarded'")
    db.execute("update receipts set posted = version where posted < version")


def _told(db: Any, number: int) -> tuple[dict[str, Any], str]:
    row = dict(db.execute("select * from reports where number = ?", [number]).fetchone())
    events = [
        [dict(row) for row in db.execute(query, [number])]
        for query in (
            "select * from history where number = ?",
            "select * from calls where number = ?",
        )
    ]
    return row, json.dumps(events, ensure_ascii=False)


@asynccontextmanager
async def deliveries(folder: Path) -> AsyncIterator[Deliveries]:
    async with raw_api() as api:
        given = {
            **Sandbox().settings,
            **SECRETS,
            "CONSTAT_DB": str(folder / "constat.db"),
            "SLACK_API_URL": f"{api.url}/slack/api",
            "IMMOTEUR_API_URL": f"{api.url}/v1",
            "KARE_API_URL": f"{api.url}/kare",
        }
        settings = Settings.model_validate({name.lower(): value for name, value in given.items()})
        setup = Setup.of(settings, Config(), Clock())
        async with opened(KINDS, setup) as kinds:
            yield Deliveries(setup, {kind.name: kind for kind in kinds}, api)
        setup.store.close()

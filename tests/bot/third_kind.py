"""A third kind of report, complete, outside of the bot: `/lamp` reports a street lamp to Lumen.

It has an API of its own with its own answers and its own search, a form with its own state and
context, a searchable field, a button with its own listener, and its own lines on the receipt.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import block_kit
from blocks.answers import Answers, Value
from blocks.block_kit import Block
from blocks.form import FieldErrors, InvalidFormError, Report
from blocks.form_state import FormMetadata, FormState
from blocks.modal import modal
from blocks.receipt_facts import Labels, ReceiptFacts, Summary, Title
from blocks.words import Words
from bot.delivery.api import Found
from bot.delivery.http_client import Answer, Created, Cut, Exchange, NotSent, Outcome
from bot.kind import AnyKind, Kind
from bot.kinds import OpenKind
from bot.services import Services
from bot.setup import Setup
from bot.slack.payloads import Body, OpenForm
from storage.api_calls import Call

POLES = {"P-7": "Rue Verte 7", "P-12": "Rue Verte 12", "P-30": "Quai Nord 30"}
SENTENCES = {
    "lamp.short": "Street lamp",
    "command.usage_lamp": "{command} [pole] reports a street lamp.",
}
"""What both catalogues would hold for this kind."""


class LampState(FormState):
    nearest_asked: int = 0
    """How often the nearest pole was asked for."""


LampMetadata = FormMetadata[LampState]


@dataclass(frozen=True)
class LampContext:
    poles: Mapping[str, str]
    last: str | None = None
    """The pole that the person reported last."""


@dataclass(frozen=True)
class LampReport:
    pole: str
    fault: str

    def body(self) -> dict[str, Any]:
        return {"pole": self.pole, "fault": self.fault}

    def targets(self) -> tuple[str, ...]:
        return (self.pole,)


@dataclass(frozen=True)
class LampForm:
    callback_id: str = "lamp"
    metadata_type: type[LampMetadata] = LampMetadata
    redraws_on: tuple[str, ...] = ()
    heard_in: tuple[str, ...] = ()
    searched_in: tuple[str, ...] = ("pole",)

    def pressed(
        self, metadata: LampMetadata, answers: Answers, action: Mapping[str, Any]
    ) -> tuple[LampMetadata, Answers]:
        del action
        return metadata, answers

    def from_words(self, text: str) -> Mapping[str, Value]:
        return {"fault": text}

    def from_message(self, message: Mapping[str, Any], link: str | None) -> Mapping[str, Value]:
        return {"fault": f"{message['text']} {link}"}

    def draw(
        self,
        words: Words,
        metadata: LampMetadata,
        answers: Answers,
        *,
        now: float,
        context: LampContext | None = None,
        field_errors: FieldErrors | None = None,
    ) -> Block:
        del now
        lamp_context = context or LampContext({})
        pole = answers.text("pole")
        chosen = block_kit.option(lamp_context.poles.get(pole, pole), pole) if pole else None
        picker = block_kit.external_select(chosen, placeholder="Street")
        pole_id = answers.block_id("pole", metadata.redraws)
        text = block_kit.text_input(initial=answers.text("fault"), limit=500)
        asked = f"Nearest pole (asked {metadata.state.nearest_asked} times)"
        fields = [
            block_kit.field("pole", picker, label="Pole", hint="Where", block_id=pole_id),
            block_kit.actions([block_kit.button("lamp.nearest", asked)], block_id="nearest"),
            block_kit.field("fault", text, label="Fault", hint="What"),
        ]
        if lamp_context.last:
            fields.append(block_kit.context(block_kit.plain(f"Last: {lamp_context.last}")))
        return modal(
            "lamp", words, metadata, fields, heading="Street lamp", field_errors=field_errors
        )

    def from_payload(self, payload: Mapping[str, Any]) -> Mapping[str, Value]:
        return {"pole": payload["pole"], "fault": payload["fault"]}

    def read(
        self, words: Words, answers: Answers, *, now: float, context: LampContext | None = None
    ) -> LampReport:
        del words, now
        if answers.text("pole") not in (context or LampContext({})).poles:
            raise InvalidFormError({"pole": "There is no such pole."})
        return LampReport(answers.text("pole"), answers.text("fault"))

    def is_sent_again(
        self,
        stored: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        context: LampContext | None = None,
    ) -> bool:
        del context
        return dict(stored) == dict(body)


@dataclass
class LampData:
    last: dict[str, str] = field(default_factory=dict)

    def begin(self, user: str, metadata: LampMetadata, answers: Answers) -> None:
        del user, metadata, answers

    def prefill(self, user: str, metadata: LampMetadata, answers: Answers) -> Answers:
        del user, metadata
        return answers

    def context(self, user: str, metadata: LampMetadata, answers: Answers) -> LampContext:
        del metadata, answers
        return LampContext(POLES, self.last.get(user))

    async def refresh(
        self, user: str, metadata: LampMetadata, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        del user, metadata, answers
        return None

    async def before_read(self, user: str, metadata: LampMetadata, answers: Answers) -> None:
        del user, metadata, answers

    def draft(self, user: str, metadata: LampMetadata) -> None:
        del user, metadata

    def on_stored(
        self, user: str, metadata: LampMetadata, report: Report
    ) -> Coroutine[Any, Any, object] | None:
        del metadata
        self.last[user] = str(report.body()["pole"])
        return None

    def options(
        self, words: Words, name: str, query: str, user: str, metadata: LampMetadata
    ) -> Sequence[Block]:
        del words, name, user, metadata
        found = [pole for pole, street in POLES.items() if query.lower() in street.lower()]
        return [block_kit.option(POLES[pole], pole) for pole in found]


def lamp_labels(report: Report, earlier: Labels) -> Labels:
    """The street of the pole."""
    pole = str(report.body()["pole"])
    return {"street": POLES[pole]} if pole in POLES else earlier


class LampReceipt(ReceiptFacts):
    def title(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Title | None:
        del words
        return Title(payload["fault"], where=labels.get("street", payload["pole"]))

    def summary(self, words: Words, payload: Mapping[str, Any], labels: Labels) -> Summary:
        del words, labels
        return Summary((("Pole", payload["pole"]),), payload["fault"])

    def answered(self, words: Words, answer: Mapping[str, Any], api: str) -> Sequence[str]:
        del words
        return (f"{api} puts it at place {answer['queue']}.",)


@dataclass
class Lumen:
    """The API, as what it answers and what it holds."""

    cut: bool = False
    """Whether it keeps what it is sent, and cuts the connection."""
    refuses: bool = False
    held: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By its own reference."""

    def answer(self, request: httpx.Request) -> httpx.Response:
        body = httpx.Response(200, content=request.content)
        if request.method == "GET":
            rows = [{"ref": ref, **row} for ref, row in self.held.items()]
            return httpx.Response(200, json={"lamps": rows})
        if self.refuses:
            return httpx.Response(422, json={"errors": {"fault": ["Too vague."]}})
        ref = f"L-{len(self.held) + 1}"
        self.held[ref] = body.json()
        if self.cut:
            raise httpx.ReadError("cut", request=request)
        return httpx.Response(201, json={"lamp": {"ref": ref, "queue": len(self.held)}})


@dataclass(frozen=True)
class LumenClient:
    http: httpx.AsyncClient
    name: str = "lumen"
    setting: str = "LUMEN_TOKEN"

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        exchange = Exchange(self.name, self.http, calls)
        outcome = await exchange("POST", "/lamps", headers={}, body=dict(payload))
        if isinstance(outcome, Answer) and outcome.status == 201:
            lamp = outcome.body["lamp"]
            return Created(lamp["ref"], {"queue": lamp["queue"]})
        return outcome

    async def check(self, calls: list[Call]) -> Answer | NotSent | Cut:
        return await Exchange(self.name, self.http, calls)("GET", "/lamps", headers={})

    async def find(
        self, payload: Mapping[str, Any], since: float, calls: list[Call]
    ) -> Found | None:
        del since
        outcome = await self.check(calls)
        rows = outcome.body["lamps"] if isinstance(outcome, Answer) else []
        for place, row in enumerate(rows, start=1):
            if row["pole"] == payload["pole"]:
                return Found(row["ref"], {"queue": place})
        return None

    def same_things(self, payload: Mapping[str, Any]) -> frozenset[Hashable]:
        return frozenset({payload["pole"]})


def listen(app: AsyncApp, kind: Kind[LampContext, LampState], services: Services) -> None:
    @app.action({"action_id": "lamp.nearest", "type": "block_actions"})
    async def nearest(ack: AsyncAck, body: Body) -> None:
        form = OpenForm.of(kind.form, body, services.users.workspace)
        await ack()

        def change(metadata: LampMetadata, answers: Answers) -> tuple[LampMetadata, Answers]:
            asked = metadata.state.nearest_asked + 1
            return metadata.with_state(nearest_asked=asked), answers.changed({"pole": "P-7"})

        services.tasks.start(services.views.choice(kind, form, change))


def lamp_kind(lumen: Lumen | None) -> OpenKind:
    """:param lumen: None when it is not set up"""

    @asynccontextmanager
    async def opened(setup: Setup) -> AsyncIterator[AnyKind]:
        del setup
        kind: Kind[LampContext, LampState] = Kind(
            name="lamp",
            command="/lamp",
            shortcut="lamp_from_message",
            api="lumen",
            api_label="Lumen",
            settings="LUMEN_TOKEN",
            form=LampForm(),
            receipt=LampReceipt(),
            labels=lamp_labels,
            listeners=(listen,),
        )
        if lumen is None:
            yield kind
            return
        address, transport = "https://lumen.example/", httpx.MockTransport(lumen.answer)
        async with httpx.AsyncClient(base_url=address, transport=transport) as http:
            yield replace(kind, form_data=LampData(), client=LumenClient(http))

    return opened

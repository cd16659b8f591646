"""The basket of `/anomaly`: a finding is added, edited or removed, a basket gone on with."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import basket
from blocks.anomaly_answers import blank
from blocks.anomaly_known import Known
from blocks.form import Answers, Complaints, Faulty, Meta
from blocks.words import Words
from bot.kare.anomalies import AnomalyKnowledge
from bot.kare.recents import INSTALLATION, REPORT, SITE
from bot.kinds import Kind
from bot.screens import Change
from bot.services import Services
from storage.database import StorageError

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


def register(app: AsyncApp, kind: Kind, known: AnomalyKnowledge, services: Services) -> None:
    async def press(ack: AsyncAck, body: Body) -> None:
        await ack()
        services.tasks.start(_Press(kind, known, services, body).done())

    for name in (basket.ADD, basket.EDIT, basket.REMOVE, basket.CONTINUE, basket.DISCARD):
        app.action({"action_id": name, "type": "block_actions"})(press)


class _Refused(Exception):  # noqa: N818 - reads as what it says
    def __init__(self, complaints: Complaints) -> None:
        super().__init__("the basket stays as it is")
        self.complaints = complaints


@dataclass(frozen=True)
class _Press:
    """One press of a button. The basket changes in the file first; then the form is drawn."""

    kind: Kind
    known: AnomalyKnowledge
    services: Services
    body: Body

    async def done(self) -> None:
        steps = {
            basket.ADD: self._add,
            basket.EDIT: self._edit,
            basket.REMOVE: self._remove,
            basket.CONTINUE: self._go_on,
            basket.DISCARD: self._discard,
        }
        complaints: Complaints = {}
        change: Change = _same
        try:
            await self.known.baskets.fetch(self._user)
            change = await steps[self.body["actions"][0]["action_id"]]()
        except _Refused as refused:
            complaints = refused.complaints
        except StorageError:
            log.exception("a basket of %s could not be stored", self._user)
            complaints = {"basket": self._words("form.not_stored")}
        await self.services.screens.choice(self.kind, self.body, change, complaints)

    async def _add(self) -> Change:
        await self._put()
        return self._next

    async def _edit(self) -> Change:
        """What is in the fields is added first, so that nothing typed is lost."""
        number = int(self._value)
        wanted = self._shown.basket.get(number)
        if wanted is None:
            return _same
        if not blank(self._answers) and number != self._number:
            await self._put()

        def change(meta: Meta, answers: Answers) -> tuple[Meta, Answers]:
            held = meta.model_copy(update={"finding": number})
            return held, self.known.form.showing(answers, wanted)

        return change

    async def _remove(self) -> Change:
        number = int(self._value)
        await self.known.baskets.take_out(self._meta.key, number, who=self._user)
        return self._next if number == self._number else self._fewer

    async def _go_on(self) -> Change:
        to, channel = self._meta.key, self._meta.origin.channel
        await self.known.baskets.hand_over(self._value, to, who=self._user, channel=channel)
        taken = self.known.baskets.of(to)
        if taken is None:
            return _same

        def change(meta: Meta, answers: Answers) -> tuple[Meta, Answers]:
            head = {name: str(taken.head[name]) for name in (REPORT, SITE)}
            stays = self.known.stays(head[SITE], answers.text(INSTALLATION))
            answers = self.known.form.at_site(answers.changed(head), stays=stays)
            return meta.model_copy(update={"finding": max(taken.findings) + 1}), answers

        return change

    async def _discard(self) -> Change:
        await self.known.baskets.discard(self._value, who=self._user)
        return _same

    async def _put(self) -> None:
        """The finding in the fields, into the basket.

        :raises _Refused: with what is wrong with it
        """
        words, now = self._words, self.services.clock.time()
        try:
            one = self.known.form.read_one(words, self._answers, now=now, known=self._shown)
        except Faulty as faulty:
            raise _Refused(faulty.complaints) from faulty
        if not await self.known.put(self._user, self._meta, self._answers, {self._number: one}):
            raise _Refused({"basket": words("basket.lost")})

    def _next(self, meta: Meta, answers: Answers) -> tuple[Meta, Answers]:
        """A blank finding, with a number of its own."""
        there = self.known.baskets.of(meta.key)
        number = max(there.findings) + 1 if there else 1
        after = {"finding": number, "gathered": there is not None}
        return meta.model_copy(update=after), self.known.form.cleared(answers)

    def _fewer(self, meta: Meta, answers: Answers) -> tuple[Meta, Answers]:
        there = self.known.baskets.of(meta.key) is not None
        return meta.model_copy(update={"gathered": there}), answers

    @property
    def _user(self) -> str:
        return str(self.body["user"]["id"])

    @property
    def _words(self) -> Words:
        return self.services.people.words(self._user)

    @property
    def _value(self) -> str:
        return str(self.body["actions"][0]["value"])

    @property
    def _meta(self) -> Meta:
        return Meta.model_validate_json(self.body["view"]["private_metadata"])

    @property
    def _number(self) -> int:
        return self._meta.finding

    @property
    def _answers(self) -> Answers:
        return Answers.of_view(self.body["view"])

    @property
    def _shown(self) -> Known:
        return self.known.known(self._user, self._meta, self._answers)


def _same(meta: Meta, answers: Answers) -> tuple[Meta, Answers]:
    return meta, answers

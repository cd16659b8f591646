"""What is known to the form of `/anomaly`: lists to search, a basket, and what was used last."""

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from blocks.anomaly import AnomalyForm
from blocks.anomaly_known import Known, Offer
from blocks.anomaly_report import Anomaly
from blocks.choices import Choice
from blocks.form import Answers, Meta, Report
from bot.kare.baskets import Baskets
from bot.kare.buildings import Shelf
from bot.kare.catalogue import Catalogue
from bot.kare.recents import INSTALLATION, REPORT, SITE, Recents
from storage.catalogue import Name
from storage.database import StorageError

log = logging.getLogger(__name__)

LISTS: dict[str, Name] = {SITE: "sites", INSTALLATION: "installations", REPORT: "visits"}


class AnomalyKnowledge:
    def __init__(
        self, form: AnomalyForm, catalogue: Catalogue, baskets: Baskets, recents: Recents
    ) -> None:
        self.form, self.catalogue, self.baskets = form, catalogue, baskets
        self.recents = recents

    async def load(self) -> None:
        """What earlier runs left."""
        await self.catalogue.load()
        await self.baskets.load()
        await self.recents.catch_up()

    def ready(self, user: str, meta: Meta, answers: Answers) -> Answers:
        del user, meta
        return answers

    def known(self, user: str, meta: Meta, answers: Answers) -> Known:
        why_not = {name: self.catalogue.why_not(rows) for name, rows in LISTS.items()}
        site = _number(answers.text(SITE))
        here = self.catalogue.buildings.at_site(site)
        basket = self._basket(meta, answers)
        return Known(
            searchable=frozenset(name for name, why in why_not.items() if why is None),
            why_not={name: why for name, why in why_not.items() if why is not None},
            chosen=self._chosen(answers, here),
            none_here=site is not None and not here,
            finding=meta.finding,
            basket=basket,
            lost=meta.gathered and not basket,
            offer=None if basket or meta.edits else self._offer(user, meta),
        )

    async def look(
        self, user: str, meta: Meta, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """What other processes changed; KARE is asked behind this, and not waited for."""
        self.catalogue.want()
        before = self.known(user, meta, answers)
        try:
            brought = self.form.brought(answers)
            if brought and self.baskets.of(meta.key) is None:
                await self.put(user, meta, answers, brought)
            await self.recents.catch_up()
            await self.catalogue.load()
            await self.baskets.fetch(user)
        except StorageError:
            log.exception("what is known for %s could not be read", user)
            return None
        after = self.known(user, meta, answers)
        if (before.basket, before.offer) == (after.basket, after.offer):
            return None
        return lambda answers: answers

    def sent(self, user: str, meta: Meta, report: Report) -> Coroutine[Any, Any, object]:
        del meta, report
        return self.baskets.fetch(user)

    async def put(
        self, user: str, meta: Meta, answers: Answers, findings: Mapping[int, Anomaly]
    ) -> bool:
        """Into the form's basket, with what all have in common.

        :returns: False when the form was sent meanwhile: nothing was stored then
        """
        return await self.baskets.put(
            meta.key,
            {number: one.body() for number, one in findings.items()},
            who=user,
            channel=meta.origin.channel,
            head={name: answers.text(name) for name in (REPORT, SITE)},
            edits=meta.edits.number if meta.edits else None,
        )

    def search(self, name: str, query: str, user: str, meta: Meta) -> Sequence[Choice]:
        """What a field's list offers, from memory."""
        shelf, first = self._shelf(name, user, meta)
        found = shelf.search(query, first)
        if not any(one.listed for one in found):
            self.catalogue.want(old_too=True)
        return found

    def stays(self, site: str, installation: str) -> bool:
        """Whether an installation is at a site too, as far as the lists know the site."""
        here, number = _number(site), _number(installation)
        if here is None or number is None or not self.catalogue.buildings.knows(here):
            return True
        return self.catalogue.buildings.at_site(here).get(number) is not None

    def _shelf(self, name: str, user: str, meta: Meta) -> tuple[Shelf, Sequence[int]]:
        """What to search in, and what to offer first."""
        buildings, site = self.catalogue.buildings, _number(meta.site)
        if name == SITE:
            return buildings.sites, self.recents.of(user, SITE)
        if name == INSTALLATION:
            return buildings.at_site(site), self.recents.of(user, INSTALLATION)
        used = self.recents.of(meta.origin.channel, REPORT)
        return buildings.visits, [*used, *buildings.visits_at(site)]

    def _chosen(self, answers: Answers, here: Shelf) -> dict[str, Choice]:
        buildings = self.catalogue.buildings
        shelves = {SITE: buildings.sites, INSTALLATION: here, REPORT: buildings.visits}
        return {
            name: choice
            for name, shelf in shelves.items()
            if (number := _number(answers.text(name))) is not None
            and (choice := shelf.get(number)) is not None
        }

    def _basket(self, meta: Meta, answers: Answers) -> Mapping[int, Anomaly]:
        if basket := self.baskets.of(meta.key):
            return {n: Anomaly.model_validate(one) for n, one in basket.findings.items()}
        return self.form.brought(answers)

    def _offer(self, user: str, meta: Meta) -> Offer | None:
        channel = meta.origin.channel
        if (basket := self.baskets.unsent(user, channel)) is None:
            return None
        return Offer(
            key=basket.key,
            findings=len(basket.findings),
            report=str(basket.head.get(REPORT, "")),
            changed_at=basket.changed_at,
            elsewhere=basket.channel if basket.channel != channel else None,
        )


def _number(text: Any) -> int | None:
    """A number that a list may hold. Slack gives it as text."""
    try:
        return int(text) if text and len(text) <= 17 else None
    except ValueError:
        return None

"""What `/report-issue` knows of the links and ids in its form.

Each look-up is asked once for all who want it, kept in the file (a day when something was found,
minutes when it was not), and never waited for by a form longer than its budget: what comes later
is there for the next form, and for the worker.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from blocks import issue_listings, links
from blocks.form import Answers, Meta, Report
from blocks.listing import Findings, Listing
from bot.clock import Clock
from bot.listings import Listings, NotRead
from storage import lookups
from storage.calls import Call
from storage.database import StorageError
from storage.sending import log_calls
from storage.store import Store

log = logging.getLogger(__name__)

BUDGET = 2.5
"""Seconds that a form waits for its look-ups, all together."""
FOUND_FOR, NOT_FOUND_FOR, LATE_FOR = 86_400.0, 300.0, 20.0
"""Seconds for which a finding, a final refusal, and a missing answer count."""
AT_ONCE = 6
"""Requests at once."""
REMEMBERED = 5000
"""Findings in memory; the file has the rest."""
LAST_KIND = "issueKind"

Found = Listing | tuple[Listing, ...] | NotRead


@dataclass(frozen=True)
class _Known:
    found: Found
    until: float
    """UNIX seconds."""


class Lookups:
    """:param listings: makes look-ups whose calls are added to a list"""

    def __init__(
        self, listings: Callable[[list[Call]], Listings], store: Store, clock: Clock
    ) -> None:
        self._listings, self._store, self._clock = listings, store, clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asked: dict[str, asyncio.Task[Found]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._paused_until = 0.0
        self._last_kinds: dict[str, str] = {}

    async def load(self) -> None:
        self._last_kinds = dict(await self._store.run(lookups.habits, LAST_KIND))

    def known(self, user: str, meta: Meta, answers: Answers) -> Findings:
        """At once, from memory."""
        del meta
        properties, classifieds = issue_listings.named(answers)
        offered = _offered(answers)
        listings: dict[str, Listing] = {}
        troubles: dict[str, str] = {}
        looking = False
        for token, shown in self._tokens(properties.links, classifieds.links, classifieds.ids):
            match self._at_hand(token):
                case Listing() as listing:
                    listings[listing.classified_id] = listing
                case NotRead(why):
                    troubles[shown] = why
                case _:
                    looking = True
        for one in offered:
            left = self._at_hand(f"id:{one}")
            if isinstance(left, Listing):
                listings[one] = left
        siblings = {}
        for home in properties.ids if _splitting(answers) else ():
            if isinstance(found := self._at_hand(f"home:{home}"), tuple):
                siblings[home] = found
                listings |= {one.classified_id: one for one in found}
        return Findings(looking, listings, troubles, siblings, self._last_kinds.get(user))

    async def look(
        self, user: str, meta: Meta, answers: Answers
    ) -> Callable[[Answers], Answers] | None:
        """Look everything up side by side, within the budget; what is found takes the place of its
        link, and stands for the classifieds whose property nobody named.
        """
        del user, meta
        properties, classifieds = issue_listings.named(answers)
        wanted = self._tokens(properties.links, classifieds.links, classifieds.ids)
        splitting = _splitting(answers)
        if not wanted and not (splitting and len(properties.ids) == 1):
            return None
        ends = self._clock.time() + BUDGET
        await self._wait_for((token for token, _ in wanted), ends)
        if splitting:
            homes = issue_listings.named(self._filled(answers))[0].ids
            await self._wait_for((f"home:{one}" for one in homes[:1]), ends)
        return self._filled

    async def sent(self, user: str, meta: Meta, report: Report) -> None:
        del meta
        kind = str(report.body()["issueKind"])
        if self._last_kinds.get(user) != kind:
            self._last_kinds[user] = kind
            await self._store.run(lookups.remember_habit, user, LAST_KIND, kind)

    async def resolve(
        self, found_links: Sequence[str], classified_ids: Sequence[str]
    ) -> Mapping[str, Listing | NotRead]:
        """For the worker: each link and classified looked up, waited for as long as it takes.

        :returns: by the link as typed, or the id
        """
        tokens = self._tokens(found_links, (), classified_ids)
        answers = await asyncio.gather(*(self._get(token, again=True) for token, _ in tokens))
        made: dict[str, Listing | NotRead] = {}
        for (_, shown), found in zip(tokens, answers, strict=True):
            made[shown] = found if isinstance(found, (Listing, NotRead)) else NotRead("late")
        return made

    def _filled(self, answers: Answers) -> Answers:
        properties, classifieds = issue_listings.named(answers)
        homes, named = list(properties.ids), list(classifieds.ids)
        for token, _ in self._tokens(properties.links, classifieds.links, ()):
            if isinstance(listing := self._at_hand(token), Listing):
                homes.append(listing.property_id)
                named.append(listing.classified_id)
        if not homes:
            known = (self._at_hand(f"id:{one}") for one in named)
            homes = [one.property_id for one in known if isinstance(one, Listing)]
        resolved = {
            link
            for link in (*properties.links, *classifieds.links)
            if isinstance(self._at_hand(_link(link)), Listing)
        }
        return issue_listings.filled(answers, homes, named, without=resolved)

    @staticmethod
    def _tokens(
        in_properties: Sequence[str], in_classifieds: Sequence[str], ids: Sequence[str]
    ) -> list[tuple[str, str]]:
        """What is looked up, and how the person named it."""
        named = [(_link(one), one) for one in (*in_properties, *in_classifieds)]
        named = [(token, link) for token, link in named if links.fault(link) is None]
        return named[: links.MOST] + [(f"id:{one}", one) for one in ids[: links.MOST]]

    def _at_hand(self, token: str) -> Found | None:
        known = self._known.get(token)
        return known.found if known and known.until > self._clock.time() else None

    async def _wait_for(self, tokens: Iterable[str], ends: float) -> None:
        """Until the budget's end; what has not come then counts as late for a while."""
        missing = [token for token in tokens if self._at_hand(token) is None]
        tasks = {token: asyncio.ensure_future(self._get(token)) for token in missing}
        if not tasks:
            return
        left = self._clock.real(max(0.0, ends - self._clock.time()))
        await asyncio.wait(tasks.values(), timeout=left)
        for token, task in tasks.items():
            if not task.done():
                self._remember(token, NotRead("late"), self._clock.time() + LATE_FOR)

    async def _get(self, token: str, *, again: bool = False) -> Found:
        """From memory, the file, or Immoteur; one question for all who ask at once.

        :param again: do not take an earlier failure for an answer
        """
        known = self._at_hand(token)
        if known is not None and not (again and isinstance(known, NotRead)):
            return known
        if token not in self._asked:
            task = asyncio.ensure_future(self._ask(token, again=again))
            self._asked[token] = task
            task.add_done_callback(lambda _: self._asked.pop(token, None))
        # Who stops waiting does not stop the others.
        return await asyncio.shield(self._asked[token])

    async def _ask(self, token: str, *, again: bool) -> Found:
        kept = await self._from_file(token)
        if kept is not None and not (again and isinstance(kept.found, NotRead)):
            self._remember(token, kept.found, kept.until)
            return kept.found
        now = self._clock.time()
        if now < self._paused_until:
            return NotRead("busy", self._paused_until - now)
        calls: list[Call] = []
        async with self._slots:
            found = await self._question(token, calls)
        now = self._clock.time()
        if isinstance(found, NotRead) and found.wait:
            self._paused_until = now + found.wait
        lasts = FOUND_FOR
        if isinstance(found, NotRead):
            lasts = NOT_FOUND_FOR if found.final else LATE_FOR
        self._remember(token, found, now + lasts)
        await self._keep(token, found, now + lasts, calls)
        return found

    def _question(self, token: str, calls: list[Call]) -> Awaitable[Found]:
        kind, _, name = token.partition(":")
        listings = self._listings(calls)
        if kind == "home":
            return _as_tuple(listings.of_property(name))
        return listings.by_id(name) if kind == "id" else listings.by_link(name)

    async def _from_file(self, token: str) -> _Known | None:
        now = self._clock.time()
        try:
            kept = await self._store.run(lookups.get, token, now=now)
        except StorageError:
            log.exception("look-ups are asked anew")
            return None
        return _Known(_loaded(kept[0]), kept[1]) if kept else None

    async def _keep(self, token: str, found: Found, until: float, calls: list[Call]) -> None:
        now = self._clock.time()
        try:
            await self._store.run(log_calls, calls)
            if not isinstance(found, NotRead) or found.final:
                await self._store.run(lookups.keep, token, _dumped(found), until=until, now=now)
        except StorageError:
            log.exception("a look-up is not kept")

    def _remember(self, token: str, found: Found, until: float) -> None:
        self._known[token] = _Known(found, until)
        if isinstance(found, Listing):
            self._known[f"id:{found.classified_id}"] = self._known[token]
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def _link(link: str) -> str:
    return f"link:{links.same(link)}"


def _splitting(answers: Answers) -> bool:
    return answers.text("clusteringAction") == "split"


def _offered(answers: Answers) -> list[str]:
    """The classified ids of the boxes on screen, ticked or not."""
    boxes = (option for name in issue_listings.TAKEN for option in answers.offered.get(name, ()))
    return [str(one["value"]).partition("/")[0] for one in boxes]


async def _as_tuple(asked: Awaitable[Sequence[Listing] | NotRead]) -> Found:
    found = await asked
    return found if isinstance(found, NotRead) else tuple(found)


def _dumped(found: Found) -> Any:
    if isinstance(found, NotRead):
        return {"why": found.why}
    if isinstance(found, tuple):
        return [asdict(one) for one in found]
    return asdict(found)


def _loaded(kept: Any) -> Found:
    if isinstance(kept, list):
        return tuple(Listing(**one) for one in kept)
    return NotRead(kept["why"]) if "why" in kept else Listing(**kept)

"""Drafts that are being filled: kept in the file as they grow, and in memory for drawing."""

from collections.abc import Mapping
from typing import Any

from bot.clock import Clock
from storage import drafts
from storage.drafts import Draft
from storage.store import Store

EDITS_LAST = 7 * 86_400.0
"""Seconds after which the draft of an edit that was not sent is forgotten."""


class Drafts:
    """The file is right; what is in memory may be older by a moment, where processes share it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._known: dict[str, Draft] = {}

    async def load(self) -> None:
        await self._store.write(drafts.forget_edits, before=self._clock.time() - EDITS_LAST)
        self._known = {one.key: one for one in await self._store.read(drafts.everyone)}

    def of(self, key: str) -> Draft | None:
        """A form's draft; None when there is nothing in it."""
        return self._known.get(key)

    def unsent(self, who: str, channel: str) -> Draft | None:
        """A person's newest, of this channel if there is one."""
        theirs = [one for one in self._known.values() if one.who == who and one.edits is None]
        return max(theirs, key=lambda one: (one.channel == channel, one.changed_at), default=None)

    async def fetch(self, who: str) -> None:
        """Take over what the file holds of a person's."""
        theirs = await self._store.read(drafts.of_person, who)
        for key in [key for key, one in self._known.items() if one.who == who]:
            del self._known[key]
        self._known |= {one.key: one for one in theirs}

    async def put(
        self,
        key: str,
        findings: Mapping[int, Mapping[str, Any]],
        *,
        who: str,
        channel: str,
        head: Mapping[str, Any],
        edits: int | None,
    ) -> bool:
        """Add findings, each in the place of its number's.

        :returns: False when the form was sent meanwhile: nothing was stored then
        """
        added = Draft(key, who, channel, edits, head, self._clock.time(), findings)
        stored = await self._store.write_urgent(drafts.put, added)
        await self.fetch(who)
        return stored

    async def take_out(self, key: str, number: int, *, who: str) -> None:
        now = self._clock.time()
        await self._store.write_urgent(drafts.take_out, key, number, who=who, now=now)
        await self.fetch(who)

    async def hand_over(self, key: str, to: str, *, who: str, channel: str) -> None:
        """Give a draft to another form; nothing when it has one, or the draft is gone."""
        now = self._clock.time()
        await self._store.write_urgent(drafts.hand_over, key, to, who=who, channel=channel, now=now)
        await self.fetch(who)

    async def discard(self, key: str, *, who: str) -> None:
        await self._store.write_urgent(drafts.discard, key, who=who)
        await self.fetch(who)

"""The results of look-ups in the file, where they outlive a restart."""

import logging

from bot.immoteur.lookup import Lookup, Result, dumped, loaded
from bot.immoteur.lookup_api import LookupFailure
from storage import api_calls, cache
from storage.api_calls import Call
from storage.engine import StorageError
from storage.store import Store

log = logging.getLogger(__name__)


class ListingFile:
    """When the database fails, that is logged, and the result is looked up anew."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, lookup: Lookup, *, now: float) -> tuple[Result, float] | None:
        """A result that still counts, and until when: UNIX seconds."""
        try:
            row = await self._store.read(cache.get, lookup.key, now=now)
        except StorageError:
            log.exception("the cache of look-ups could not be read")
            return None
        return (loaded(row[0]), row[1]) if row else None

    async def keep(
        self, lookup: Lookup, result: Result, until: float, calls: list[Call], *, now: float
    ) -> None:
        """Store the calls, and the result unless it is a failure that may be over soon."""
        try:
            await self._store.write(api_calls.add, calls)
            if not isinstance(result, LookupFailure) or result.final:
                await self._store.write(
                    cache.keep, lookup.key, dumped(result), until=until, now=now
                )
        except StorageError:
            log.exception("a look-up could not be stored")

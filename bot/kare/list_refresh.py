"""One of KARE's lists, fetched and stored."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.clock import Clock
from bot.kare import lists
from bot.kare.paging import Asks
from storage import api_calls, catalogue
from storage.api_calls import Call
from storage.catalogue import Name
from storage.store import Store

Fetch = Callable[[Asks, list[Call]], Awaitable[list[Any]]]
LISTS: Mapping[Name, tuple[Fetch, Callable[..., None]]] = {
    "sites": (lists.sites, catalogue.replace_sites),
    "installations": (lists.installations, catalogue.replace_installations),
    "visits": (lists.visits, catalogue.replace_visits),
}


async def refresh(name: Name, kare: Asks, store: Store, clock: Clock) -> int:
    """Fetch a list, and replace KARE's rows in the database.

    :returns: the number of its rows
    :raises ListUnavailableError: when KARE did not give the whole list; the old rows stay
    :raises StorageError: when it could not be stored
    """
    fetch, replace = LISTS[name]
    calls: list[Call] = []
    try:
        rows = await fetch(kare, calls)
    except Exception:
        # No `finally`: an error of the store would take the place of a cancellation.
        await store.write(api_calls.add, calls)
        raise
    await store.write(api_calls.add, calls)
    await store.write(replace, "kare", rows, now=clock.time())
    return len(rows)

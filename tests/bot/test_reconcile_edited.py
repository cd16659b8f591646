"""A look for a report in doubt is for what was sent then, and not for what an edit made of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.api import Found
from bot.delivery.http_client import Outcome
from sandbox.patience import PATIENCE
from storage import reports, undo
from storage.api_calls import Call
from storage.reports import Change
from storage.states import State
from storage.store import Store
from tests.bot.library import Library, becomes, book, lending, report

pytestmark = pytest.mark.usefixtures("on_both_engines")


class SlowLibrary(Library):
    """Something happens before its first search is answered."""

    def __init__(self, shelf: Mapping[str, str]) -> None:
        super().__init__(shelf, logs=True)
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self.sent: list[str] = []
        self.searched: list[str] = []

    async def file(self, payload: Mapping[str, Any], calls: list[Call]) -> Outcome:
        self.sent.append(payload["book"])
        return await super().file(payload, calls)

    async def find(
        self, payload: Mapping[str, Any], since: float, calls: list[Call]
    ) -> Found | None:
        found = await super().find(payload, since, calls)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        self.searched.append(payload["book"])
        return found


async def edited(store: Store, title: str) -> None:
    """A person replaces the report in doubt, and that is sent without an answer too."""
    now = (await report(store, 1)).changed_at
    assert await store.write(reports.edit, 1, "e1", {"book": title}, [], who="U0", now=now)
    await unknown_again(store)


async def unknown_again(store: Store) -> None:
    async with asyncio.timeout(PATIENCE):
        while (stored := await report(store, 1)).state != "unknown" or stored.attempts < 2:
            await asyncio.sleep(0.01)


async def test_what_was_sent_before_an_edit_files_no_edited_report(tmp_path: Path) -> None:
    library = SlowLibrary({"Emma": "L-7"})
    async with lending(tmp_path, library, book("Emma", "1")) as store:
        library.meanwhile = lambda: edited(store, "Persuasion")
        async with asyncio.timeout(PATIENCE):
            while library.searched.count("Persuasion") < 3:
                await asyncio.sleep(0.01)
        assert library.sent == ["Emma", "Persuasion"]
        assert (await report(store, 1)).state == "unknown"
        assert library.searched.count("Emma") == 1


async def test_an_edited_report_is_looked_for_although_its_first_version_still_is(
    tmp_path: Path,
) -> None:
    library = SlowLibrary({"Persuasion": "L-8"})
    async with lending(tmp_path, library, book("Emma", "1")) as store:
        library.meanwhile = lambda: edited(store, "Persuasion")
        stored = await becomes(store, 1, "filed")
    assert stored.payload == {"book": "Persuasion"}
    assert stored.remote_id == "L-8"


async def test_a_report_that_is_discarded_during_a_look_and_restored_is_looked_for_again(
    tmp_path: Path,
) -> None:
    shelf: dict[str, str] = {}
    library = SlowLibrary(shelf)

    async def discarded() -> None:
        now = (await report(store, 1)).changed_at
        change = Change(State.DISCARDED, {"why": "discarded", "by": "U0"}, who="U0")
        assert await store.write(reports.decide, 1, [State.UNKNOWN], change, now=now)

    async with lending(tmp_path, library, book("Emma", "1")) as store:
        library.meanwhile = discarded
        async with asyncio.timeout(PATIENCE):
            while not library.searched:
                await asyncio.sleep(0.01)
        now = (await report(store, 1)).changed_at
        assert await store.write(undo.restore, 1, who="U0", press="p2", now=now)
        shelf["Emma"] = "L-7"
        assert (await becomes(store, 1, "filed")).remote_id == "L-7"

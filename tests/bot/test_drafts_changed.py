"""A form is stored with its draft as that is stored, although it changes while the form is sent."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.seed import BOB, SECURITE
from storage import drafts, reports, revisions
from storage.engine import Database
from tests.bot.anomalies import add, filed, fill, open_with, opened, stored, titles
from tests.world import World

Change = Callable[[Database], object]


def before(
    bot: World, monkeypatch: pytest.MonkeyPatch, job: Callable[..., Any], *changes: Change
) -> None:
    """The form was read, and jobs for its draft come before the one that stores it."""
    store, left = bot.runtime.services.store, list(changes)
    write = store.write_urgent

    async def after_a_change(work: Any, *values: Any, **named: Any) -> Any:
        if work is job and left:
            await write(left.pop(0))
        return await write(work, *values, **named)

    monkeypatch.setattr(store, "write_urgent", after_a_change)


def key_of(bot: World) -> str:
    return str(bot.rows("select key from drafts")[0]["key"])


def removed(key: str, number: int) -> Change:
    return lambda db: drafts.take_out(db, key, number, who=BOB, now=0.0)


def handed_over(key: str, to: str) -> Change:
    return lambda db: drafts.hand_over(db, key, to, who=BOB, channel=SECURITE, now=0.0)


async def test_an_anomaly_that_was_removed_right_before_send_is_not_sent(
    bot: World, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_with(bob, "Exit blocked", "Lamp out")
    before(bot, monkeypatch, reports.add_unless_known, removed(key_of(bot), 1))
    assert (await bob.submit()).kind == "closed"
    await bot.state(1, "filed")
    assert filed(bot) == ["Lamp out"]


async def test_an_anomaly_that_was_removed_right_before_an_edit_is_sent_is_not_sent(
    bot: World, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.sandbox.kare.faults.next(1, ApiFault("400"))
    await open_with(bob, "Exit blocked", "Lamp out")
    await bob.submit()
    await bob.press(await bot.receipt(SECURITE, says="Not filed"), "edit")
    await bob.until(lambda view: len(titles(view)) == 2)
    await bot.until(lambda: stored(bot))
    before(bot, monkeypatch, revisions.unless_outdated, removed(key_of(bot), 2))
    assert (await bob.submit()).kind == "closed"
    await bot.state(1, "filed")
    assert filed(bot) == ["Exit blocked"]


async def test_a_draft_that_another_form_took_over_is_not_sent_and_stays(
    bot: World, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_with(bob, "Exit blocked")
    before(bot, monkeypatch, reports.add_unless_known, handed_over(key_of(bot), "other"))
    assert (await bob.submit()).kind != "closed"
    assert bot.rows("select 1 from reports") == []
    assert stored(bot) == [(1, "Exit blocked")]


async def test_a_draft_that_the_form_took_over_right_before_send_is_sent(
    bot: World, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person pressed *Continue*, and *Send* before the form was drawn again."""
    await open_with(bob, "Exit blocked")
    unsent = key_of(bot)
    await bob.close()
    await opened(bob)
    await fill(bob, "Lamp out")
    others = "select key from drafts where key <> ? and unfinished like '%Lamp out, seen today%'"
    [form] = await bot.until(lambda: bot.rows(others, unsent))
    before(bot, monkeypatch, reports.add_unless_known, handed_over(unsent, form["key"]))
    assert (await bob.submit()).kind == "closed"
    await bot.state(1, "filed")
    assert filed(bot) == ["Exit blocked", "Lamp out"]
    assert bot.rows("select 1 from drafts") == []


async def test_a_draft_that_changes_at_each_reading_leaves_the_form_open(
    bot: World, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_with(bob, "Exit blocked", "Lamp out", "Cable bare")
    await add(bob, "Door open")
    key = key_of(bot)
    changes = [removed(key, number) for number in (1, 2, 3)]
    before(bot, monkeypatch, reports.add_unless_known, *changes)
    outcome = await bob.submit()
    assert "could not be saved" in str(outcome.errors)
    assert stored(bot) == [(4, "Door open")]
    assert (await bob.submit()).kind == "closed"

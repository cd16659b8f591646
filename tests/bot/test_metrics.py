"""`/metrics`: what a scrape shows is what happened."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from bot.health import HealthApp
from bot.metrics_page import MetricsPage
from sandbox.patience import PATIENCE
from sandbox.slack import BotLink
from sandbox.slack.seed import ANNONCES, BOB
from sandbox.slack.socket_mode import SocketMode
from storage.states import State
from tests.bot.process_reports import connected_to, file_an_issue
from tests.bot.scripted_api import Scripted, ScriptedImmoteur, world_with
from tests.docs.pages import code, rows
from tests.fast_clock import FastClock
from tests.promises import all_become, promise, promised
from tests.world import World

KINDS = ("report_issue", "anomaly")
Labels = Mapping[str, str]
Scrape = Callable[[], "asyncio.Future[list[Sample]]"]


def page_of(bot: World) -> MetricsPage:
    async def missing() -> list[str]:
        return bot.runtime.missing()

    return MetricsPage(bot.runtime, missing)


async def scrape(bot: World) -> list[Sample]:
    """What a monitor gets now, over HTTP."""
    page = page_of(bot)
    transport = httpx.ASGITransport(HealthApp(page._missing, page))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return list(samples(answer.text))


def samples(text: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(text):
        yield from family.samples


def value(found: list[Sample], name: str, **labels: str) -> float:
    """The value of one time series; 0 if there is none yet."""
    values = [sample.value for sample in found if sample.name == name and sample.labels == labels]
    assert len(values) <= 1, f"{name} {labels} is there twice"
    return sum(values)


async def grown(bot: World, before: list[Sample], name: str, **labels: str) -> None:
    """Wait until a counter is above its value before, and check that it is one above it.

    A person sees an answer before the bot counts it."""
    expected = value(before, name, **labels) + 1
    async with asyncio.timeout(PATIENCE):
        while (found := value(await scrape(bot), name, **labels)) < expected:
            await asyncio.sleep(0.01)
    assert found == expected


async def test_reports_are_shown_by_kind_and_state(bot: World) -> None:
    await file_an_issue(bot.sandbox, bot.link)
    await bot.state(1, "filed")
    found = await scrape(bot)
    assert value(found, "constat_reports", kind="report_issue", state="filed") == 1


async def test_each_state_of_each_kind_is_there_before_the_first_report(bot: World) -> None:
    """An alert on a time series that does not exist yet never fires."""
    found = await scrape(bot)
    shown = {
        (sample.labels["kind"], sample.labels["state"])
        for sample in found
        if sample.name == "constat_reports"
    }
    assert shown == {(kind, state.value) for kind in KINDS for state in State}


async def test_the_age_of_the_oldest_unsent_report_grows_until_it_is_filed(tmp_path: Path) -> None:
    clock = FastClock(60)
    api = ScriptedImmoteur(Scripted(401), clock=clock)
    api.auth = Scripted(401)
    async with world_with(tmp_path, api, clock=clock) as bot:
        before = await scrape(bot)
        await promise(bot, promised("first"))
        await all_become(bot, "held", 1)
        stored_at = bot.rows("select created_at from reports")[0]["created_at"]
        await bot.until(lambda: clock.time() > stored_at + 30)
        after = await scrape(bot)
        latest = clock.time() - stored_at
    name = "constat_oldest_unsent_seconds"
    assert value(before, name, api="immoteur") == 0
    assert 30 <= value(after, name, api="immoteur") <= latest
    assert value(after, name, api="kare") == 0


async def test_a_call_of_an_api_is_counted_and_timed_by_its_status(bot: World) -> None:
    before = await scrape(bot)
    await file_an_issue(bot.sandbox, bot.link)
    await bot.state(1, "filed")
    after = await scrape(bot)
    for part in ("count", "sum"):
        name = f"constat_api_call_duration_seconds_{part}"
        labels = {"api": "immoteur", "status": "201"}
        assert value(after, name, **labels) > value(before, name, **labels)


@pytest.mark.parametrize("mode", ["HTTP mode", "Socket Mode"])
@pytest.mark.parametrize("type_", ["command", "view_submission"])
async def test_answers_to_slack_are_counted_by_type_in_both_modes(
    bot: World, mode: str, type_: str
) -> None:
    name, labels = "constat_slack_answer_duration_seconds_count", {"type": type_, "status": "200"}
    before = await scrape(bot)
    async with connected_to(bot):
        socket: SocketMode = bot.slack.socket
        await socket.connected()
        link = {"HTTP mode": bot.link, "Socket Mode": BotLink(socket=socket)}[mode]
        await file_an_issue(bot.sandbox, link)
    await grown(bot, before, name, **labels)


async def test_calls_of_slack_are_counted_by_method_and_result(bot: World) -> None:
    name = "constat_slack_call_duration_seconds_count"
    labels = {"method": "views.open", "result": "ok"}
    before = await scrape(bot)
    await file_an_issue(bot.sandbox, bot.link)
    await grown(bot, before, name, **labels)


async def test_each_loop_is_alive_until_it_ends(bot: World) -> None:
    await bot.until(lambda: not bot.runtime.missing())
    before = await scrape(bot)
    next(task for task in asyncio.all_tasks() if task.get_name() == "receipts").cancel()
    await bot.until(bot.runtime.missing)
    after = await scrape(bot)
    loops = {
        sample.labels["loop"]: sample.value
        for sample in before
        if sample.name == "constat_loop_alive"
    }
    assert {"the check of Slack", "receipts", "deliveries to kare"} <= set(loops)
    assert set(loops.values()) == {1.0}
    assert value(before, "constat_ready") == 1
    assert value(after, "constat_loop_alive", loop="receipts") == 0
    assert value(after, "constat_loop_alive", loop="deliveries to kare") == 1
    assert value(after, "constat_ready") == 0


async def test_the_file_and_the_build_are_shown(bot: World) -> None:
    found = await scrape(bot)
    assert value(found, "constat_file_size_bytes", file="database") > 0
    builds = [sample.labels for sample in found if sample.name == "constat_build_info"]
    assert [set(labels) for labels in builds] == [{"version", "python"}]


async def test_a_file_that_cannot_be_read_hides_only_its_own_numbers(bot: World) -> None:
    page = page_of(bot)
    await page()
    bot.runtime.services.store._reader.close()
    page._read_at = float("-inf")
    found = {sample.name for sample in samples((await page()).decode())}
    assert "constat_reports" not in found
    assert {"constat_ready", "constat_loop_alive", "constat_build_info"} <= found


async def test_the_file_is_read_once_a_second_however_often_somebody_asks(bot: World) -> None:
    page = page_of(bot)
    first = await page()
    await bot.runtime.services.store.write(lambda db: db.execute("delete from receipts") and None)
    await file_an_issue(bot.sandbox, bot.link)
    await bot.state(1, "filed")
    page._read_at = bot.runtime.services.clock.monotonic()
    again = await page()
    page._read_at = float("-inf")
    later = await page()
    labels = {"kind": "report_issue", "state": "filed"}
    shown = [
        value(list(samples(text.decode())), "constat_reports", **labels)
        for text in (first, again, later)
    ]
    assert shown == [0, 0, 1]


async def test_no_label_holds_what_a_person_wrote_or_who_it_was(bot: World) -> None:
    bob = bot.person(BOB)
    await bob.command("/report-issue", "other a very secret word", channel=ANNONCES)
    await bob.view()
    text = (await page_of(bot)()).decode()
    assert "secret word" not in text
    assert BOB not in text
    assert ANNONCES not in text


async def test_the_documentation_has_every_metric_and_its_labels(bot: World) -> None:
    await file_an_issue(bot.sandbox, bot.link)
    await bot.state(1, "filed")
    text = (await page_of(bot)()).decode()
    shown: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        shown[family.name] = {name for sample in family.samples for name in sample.labels} - {"le"}
    own = {name: labels for name, labels in shown.items() if name.startswith("constat_")}
    table = {code(row[0])[0]: set(code(row[1])) for row in rows("docs/operating.md", "Metrics")}
    assert own == table

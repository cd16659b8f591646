"""Bots are killed at random moments while they send photos, and KARE cuts connections: no photo is
sent twice, none is lost, and the receipts say what became of each.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.photos import fill
from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Person, files
from sandbox.slack.seed import BOB, SECURITE
from storage.database import open_for_reading
from tests.forked import bot_process

pytestmark = pytest.mark.slow
FORMS, PER_FORM, KILLS = 3, 10, 5
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
"""It is sent as it is, so that most of the time goes by between the bot and KARE."""
FILED = "select number from reports where state = 'filed'"
IMAGES = "POST /anomalies/v2/rs/9"
"""Not the route that files reports: KARE's stand-in numbers anomalies from 900001 on."""


def rows(db: Path, sql: str) -> list[dict[str, Any]]:
    file = open_for_reading(db)
    try:
        return [dict(row) for row in file.execute(sql)]
    finally:
        file.close()


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(300):
        while not true():
            await asyncio.sleep(0.1)


def unsettled(db: Path) -> int:
    photos = "select count(*) as n from photos where state in ('waiting', 'sending')"
    receipts = "select count(*) as n from receipts where posted < version"
    return sum(int(rows(db, sql)[0]["n"]) for sql in (photos, receipts))


async def test_no_photo_is_sent_twice_however_often_the_bot_dies(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    sandbox = Sandbox(burst=1000)
    files.allow(sandbox.slack.workspace)
    catalogue = sandbox.kare.buildings
    catalogue.establishments, catalogue.installations, catalogue.commissions = [], [], []
    sandbox.kare.faults.mix({"cut": 0.1, "cut_before": 0.05, 503: 0.1}, on=IMAGES)
    db, config, log = (tmp_path / name for name in ("constat.db", "constat.toml", "bot.log"))
    config.write_text("photos = true\n[receipts]\nper_second = 1000\nburst = 1000\n", "utf-8")
    async with sandbox.serve():
        settings = {**sandbox.settings, "CONSTAT_CONFIG": str(config)}
        async with bot_process(settings, db, log=log) as bot:
            await bot.ready()
            bob = Person(sandbox.slack, BOB, BotLink(bot.url), ack_timeout=30)
            for number in range(FORMS):
                await fill(bob, f"Exit {number} blocked", PER_FORM, DRAWING)
            # A report that is killed on its way is unknown, and its photos wait for a person.
            await until(lambda: len(rows(db, FILED)) == FORMS)
            bot.process.kill()
        for _ in range(KILLS):
            async with bot_process(settings, db, log=log) as bot:
                await bot.ready()
                await asyncio.sleep(chance.uniform(0.1, 1.0))
                bot.process.kill()
        sandbox.kare.faults.stop()
        async with bot_process(settings, db, log=log) as bot:
            await bot.ready()
            await until(lambda: not unsettled(db))
    photos = rows(db, "select * from photos")
    assert len(photos) == FORMS * PER_FORM
    told = Counter(image.image.upload_id for image in sandbox.kare.images.all.values())
    assert [upload for upload, times in told.items() if times > 1] == []
    assert {photo["state"] for photo in photos} <= {"sent", "unclear"}
    stored = {image.image.upload_id for image in sandbox.kare.images.stored}
    sent = [photo for photo in photos if photo["state"] == "sent"]
    assert {f"constat-{photo['number']}-{photo['id']}" for photo in sent} <= stored
    by_report = Counter(photo["number"] for photo in sent)
    texts = "\n".join(
        message.text for message in sandbox.slack.workspace.messages[SECURITE].values()
    )
    for sent_of_report in by_report.values():
        assert f"{sent_of_report} of {PER_FORM} photos were sent to KARE." in texts

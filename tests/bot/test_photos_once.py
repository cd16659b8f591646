"""A photo is sent to the right anomaly, once, whatever KARE, Slack and the bot do meanwhile."""

from pathlib import Path

import pytest

from sandbox.faults import ApiFault
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import SECURITE
from storage import photo_queue
from tests.bot.others_clock import HOUR, OthersClock
from tests.bot.pictures import images, photo_sandbox, photo_world, photos, picture, report_with
from tests.fast_clock import FastClock

ANOMALIES = "GET /anomalies/v3/rs"
IMAGES = "POST /anomalies/v2/rs/900001/images"


async def test_an_anomaly_that_cannot_be_found_keeps_its_photos_waiting(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.always(500, on=ANOMALIES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bot.receipt(SECURITE, says="The anomaly cannot be found in KARE for certain")
        assert images(bot) == []


async def test_an_anomaly_of_the_same_title_keeps_its_photos_waiting(tmp_path: Path) -> None:
    """Two anomalies that cannot be told apart: a photo at the wrong one is worse than none."""
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.next(1, "slow_after")
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bot.until(lambda: bot.sandbox.kare.anomalies)
        bot.sandbox.kare.anomalies.append(bot.sandbox.kare.anomalies[0])
        await photos(bot, "waiting", "choose")
        assert images(bot) == []


@pytest.mark.parametrize("title", ["Exit blocked", "EXIT  blocked"])
async def test_an_anomaly_that_another_report_may_have_created_keeps_its_photos_waiting(
    tmp_path: Path, title: str
) -> None:
    """Of two reports of the same, KARE's list has one row: nobody knows whose it is."""
    async with photo_world(tmp_path) as bot:
        kare = bot.sandbox.kare
        kare.faults.always(500, on=ANOMALIES)
        await (await report_with(bot, title=title)).submit()
        await bot.state(1, "filed")
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bob.click("file_anyway")
        await photos(bot, "waiting", "not_found")
        kare.anomalies.pop()
        kare.faults.stop()
        await photos(bot, "waiting", "choose")
        assert images(bot) == []


async def test_a_photo_is_not_sent_again_after_kare_was_asked_without_an_answer(
    tmp_path: Path,
) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.next(1, "cut", on=IMAGES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "unclear", "cut")
        await bot.receipt(SECURITE, says="We do not know whether KARE received it: a.jpg.")
        assert len(images(bot)) == 1


@pytest.mark.parametrize(
    ("fault", "times", "why"),
    # After a 401 the bot logs in and asks once more.
    [(429, 1, "api"), (503, 1, "api"), (401, 2, "token")],
)
async def test_a_photo_is_sent_once_after_kare_took_nothing(
    tmp_path: Path, fault: int, times: int, why: str
) -> None:
    clock = FastClock(1)
    async with photo_world(tmp_path, clock=clock) as bot:
        bot.sandbox.kare.faults.next(times, fault, on=IMAGES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "waiting", why)
        assert images(bot) == []
        clock.speed = 50
        await photos(bot, "sent")
        assert len(images(bot)) == 1


async def test_a_photo_that_kare_refuses_is_not_sent_again(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.next(1, 422, on=IMAGES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "refused", "refused")
        await bot.receipt(SECURITE, says="KARE refused it: a.jpg.")


async def test_an_upload_that_is_refused_is_not_unclear(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.images.refuses = True
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "refused", "upload")


async def test_an_upload_that_was_cut_and_is_there_is_unclear(tmp_path: Path) -> None:
    """The store takes the bytes once: a second try cannot say whether they are the same."""
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.images.cuts = 1
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "unclear", "cut")
        assert len(bot.sandbox.kare.images.stored) == 1


async def test_a_form_that_is_sent_twice_has_its_photos_once(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bob.submit_again()
        await photos(bot, "sent")
        assert len(images(bot)) == 1


@pytest.mark.parametrize("step", [-HOUR, HOUR])
@pytest.mark.parametrize("reached", ["target", "begun_at"])
async def test_a_photo_in_hand_is_sent_once_when_the_date_is_set(
    tmp_path: Path, reached: str, step: float
) -> None:
    clock = FastClock(1)
    sandbox = photo_sandbox(OthersClock(clock))
    async with photo_world(tmp_path, clock=clock, sandbox=sandbox) as bot:
        bot.slack.faults.set("files.info", SlackFault("slow", seconds=0.5), times=1)
        bot.sandbox.kare.faults.next(1, ApiFault("slow", seconds=0.5), on=IMAGES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bot.until(
            lambda: [row for row in bot.rows("select * from photos") if row[reached] is not None]
        )
        clock.set_date(step)
        bot.runtime.services.news_of("kare", SECURITE)  # otherwise it is seen at the next poll
        await photos(bot, "sent")
        assert len(images(bot)) == 1


async def test_a_bot_that_starts_again_sends_what_its_predecessor_left(tmp_path: Path) -> None:
    sandbox = photo_sandbox()
    async with photo_world(tmp_path, sandbox=sandbox) as bot:
        sandbox.slack.workspace.files.refuses = True
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await photos(bot, "waiting", "no_access")
    sandbox.slack.workspace.files.refuses = False
    async with photo_world(tmp_path, sandbox=sandbox) as bot:
        await photos(bot, "sent")
        assert len(images(bot)) == 1


async def test_a_photo_of_a_bot_that_died_after_it_asked_kare_is_unclear(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.always(500, on=ANOMALIES)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        [waiting] = await photos(bot, "waiting", "not_found")
        # Right when it is due: the bot takes a photo back whose lease ends in the far future.
        write, now = bot.runtime.services.store.write, waiting["next_try"]
        photo = await write(photo_queue.claim, "dead", now=now, lease=1.0)
        assert photo is not None
        assert await write(photo_queue.begin, photo, "dead", now=now)
        await write(photo_queue.free_claims, "new", now=now, lease=60.0)
        bot.runtime.services.news_of("kare", SECURITE)  # otherwise it is seen at the next poll
        await bot.receipt(SECURITE, says="The bot was stopped while it sent this")
        await photos(bot, "unclear", "died")


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("constat.db*"))


async def test_the_bytes_of_a_photo_are_not_kept(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        content = picture(size=(200, 200))
        bob = await report_with(bot, ("a.jpg", content))
        await bob.submit()
        await photos(bot, "sent")
        [image] = images(bot)
        assert image.content is not None
        stored = everything_in(tmp_path)
        assert content[100:200] not in stored
        assert image.content[100:200] not in stored

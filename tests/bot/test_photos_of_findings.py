"""Each finding of a report has its own photos."""

from pathlib import Path

from sandbox.slack.seed import SECURITE
from tests.bot.anomalies import ADD, LIST, fill_own, lines, show_list
from tests.bot.anomalies import opened as form_opened
from tests.bot.pictures import images, photo_world, photos, picture, report_with

ANOMALIES = "GET /anomalies/v3/rs"
IMAGES = "POST /anomalies/v2/rs/900001/images"


async def test_each_finding_of_a_report_gets_its_own_photos(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("first.jpg", picture()))
        await bob.click(ADD)
        view = await bob.until(lambda view: LIST in view.buttons and not view.value("title"))
        assert view.value("photos") == []
        await fill_own(bob, "Cable open")
        bob.upload("photos", ("second.jpg", picture()))
        await bob.submit()
        await photos(bot, "sent")
        await bot.receipt(SECURITE, says="2 of 2 photos were sent to KARE.")
        titles = {saved.id: saved.body["title"] for saved in bot.sandbox.kare.anomalies}
        sent = [(titles[image.anomaly_id], image.image.name) for image in images(bot)]
        assert sorted(sent) == [("Cable open", "second.jpg"), ("Exit blocked", "first.jpg")]


async def test_a_draft_that_goes_on_in_another_form_keeps_its_photos(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("first.jpg", picture()))
        await bob.click(ADD)
        await bob.until(lambda view: LIST in view.buttons)
        await bob.close()
        await form_opened(bob)
        await bob.click("draft_continue")
        await bob.until(lambda view: LIST in view.buttons)
        assert "1 photo" in lines(await show_list(bob))[0]
        await bob.submit()
        await photos(bot, "sent")
        assert [image.image.name for image in images(bot)] == ["first.jpg"]


async def test_photos_without_a_finding_are_not_lost_silently(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot)
        await bob.click(ADD)
        await bob.until(lambda view: LIST in view.buttons)
        bob.upload("photos", ("a.jpg", picture()))
        outcome = await bob.submit()
        assert "This cannot be left blank." in outcome.errors.values()


async def test_photos_stay_with_their_finding_when_an_edit_takes_another_one_out(
    tmp_path: Path,
) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.always(422)
        bob = await report_with(bot, ("first.jpg", picture()))
        await bob.click(ADD)
        await bob.until(lambda view: LIST in view.buttons and not view.value("title"))
        await fill_own(bob, "Cable open")
        bob.upload("photos", ("second.jpg", picture()))
        await bob.submit()
        receipt = await bot.receipt(SECURITE, says="KARE refused")
        bot.sandbox.kare.faults.stop()
        await bob.press(receipt, "edit")
        await bob.until(lambda view: view.callback_id == "anomaly")
        await bob.click("remove_anomaly")
        await bob.until(lambda view: not view.value("title"))
        await bob.submit()
        await photos(bot, "sent")
        assert [saved.body["title"] for saved in bot.sandbox.kare.anomalies] == ["Cable open"]
        assert [image.image.name for image in images(bot)] == ["second.jpg"]

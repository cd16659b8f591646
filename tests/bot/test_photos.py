"""Photos of a form and of a message reach KARE once, and the receipt says so truly."""

from pathlib import Path

import pytest

from sandbox.slack.seed import ALICE, ANNONCES, BOB, GENERAL, SECURITE
from tests.bot.anomalies import fill
from tests.bot.others_clock import HOUR, OthersClock
from tests.bot.pictures import photo_sandbox, photo_world, photos, picture, report_with
from tests.fast_clock import FastClock
from tests.world import FAST, ID

ANOMALIES = "GET /anomalies/v3/rs"
IMAGES = "POST /anomalies/v2/rs/900001/images"


async def test_a_photo_is_sent_to_the_anomaly_of_its_report(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("exit.jpg", picture()))
        await bob.submit()
        await photos(bot, "sent")
        await bot.receipt(SECURITE, says="The photo was sent to KARE.")
        [image] = bot.sandbox.kare.images.stored
        assert image.anomaly_id == bot.sandbox.kare.anomalies[0].id
        assert image.image.name == "exit.jpg"


async def test_the_receipt_counts_the_photos_that_were_sent(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        names = ("a.jpg", "b.jpg", "c.jpg", "d.jpg")
        bob = await report_with(bot, *((name, picture()) for name in names))
        files = bot.slack.workspace.files
        last = [file for file in files.all.values() if file.name == "d.jpg"]
        files.change(last[0].id, error="file_deleted")
        await bob.submit()
        await bot.until(lambda: len(bot.sandbox.kare.images.stored) == 3)
        receipt = await bot.receipt(SECURITE, says="3 of 4 photos were sent to KARE.")
        assert "The file was deleted, or the bot cannot see it: d.jpg." in receipt.text
        assert len(bot.sandbox.kare.images.stored) == 3


async def test_the_receipt_says_it_in_french(tmp_path: Path) -> None:
    async with photo_world(tmp_path, settings={"CONSTAT_LANGUAGE": "fr"}) as bot:
        bob = await report_with(bot, ("a.jpg", picture()), ("b.jpg", picture()))
        await bob.submit()
        await photos(bot, "sent")
        await bot.receipt(SECURITE, says="2 photos sur 2 ont été envoyées à KARE.")


async def test_the_report_is_filed_while_slack_gives_no_file(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.slack.workspace.files.refuses = True
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bot.receipt(SECURITE, says="Filed")
        await bot.state(1, "filed")


async def test_photos_wait_while_the_report_is_not_filed(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.always(422)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bot.receipt(SECURITE, says="Sent once the report is filed: a.jpg")
        assert bot.slack.workspace.files.downloads == []


async def test_a_refused_report_that_is_edited_takes_its_photos_along(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.always(422)
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        receipt = await bot.receipt(SECURITE, says="KARE refused")
        bot.sandbox.kare.faults.stop()
        await bob.press(receipt, "edit")
        await bob.until(lambda view: view.callback_id == "anomaly")
        bob.upload("photos", ("b.jpg", picture()))
        await bob.submit()
        await photos(bot, "sent")
        await bot.receipt(SECURITE, says="2 of 2 photos were sent to KARE.")
        names = [image.image.name for image in bot.sandbox.kare.images.stored]
        assert sorted(names) == ["a.jpg", "b.jpg"]


async def test_the_photos_of_a_message_are_ticked_and_sent(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = bot.person(BOB)
        files = [("a.jpg", picture()), ("b.png", picture("PNG")), ("notes.txt", b"words")]
        message = bob.say("The exit is blocked", channel=SECURITE, files=files)
        await bob.shortcut("anomaly_from_message", message)
        view = await bob.until(lambda view: view.callback_id == "anomaly")
        assert list(view.options("message_photos").values()) == ["a.jpg", "b.png"]
        await bob.choose("message_photos", [next(iter(view.options("message_photos")))])
        await bob.enter("reportId", "1204")
        await fill(bob, "Exit blocked")
        await bob.submit()
        await photos(bot, "sent")
        assert [image.image.name for image in bot.sandbox.kare.images.stored] == ["a.jpg"]


async def test_photos_that_were_unticked_stay_unticked_when_the_form_is_drawn_again(
    tmp_path: Path,
) -> None:
    async with photo_world(tmp_path) as bot:
        bob = bot.person(BOB)
        message = bob.say("Look", channel=SECURITE, files=[("a.jpg", picture())])
        await bob.shortcut("anomaly_from_message", message)
        await bob.until(lambda view: view.callback_id == "anomaly")
        await bob.choose("message_photos", [])
        await bob.choose("risk", "3")
        view = await bob.until(lambda view: "location.room" in view.fields)
        assert view.value("message_photos") == []


async def test_photos_of_a_channel_without_the_bot_ask_for_an_invitation(tmp_path: Path) -> None:
    clock = FastClock(1)
    async with photo_world(tmp_path, clock=clock) as bot:
        bob = bot.person(BOB)
        bot.slack.workspace.files.refuses = True
        message = bob.say("Look", channel=GENERAL, files=[("a.jpg", picture())])
        await bob.shortcut("anomaly_from_message", message)
        await bob.until(lambda view: view.callback_id == "anomaly")
        await bob.enter("reportId", "1204")
        await fill(bob, "Exit blocked")
        await bob.submit()
        await photos(bot, "waiting", "no_access")
        clock.speed = 100
        await photos(bot, "refused", "no_access")


@pytest.mark.parametrize("step", [-HOUR, HOUR])
async def test_a_person_may_choose_if_the_date_was_set_after_the_report_was_sent(
    tmp_path: Path, step: float
) -> None:
    clock = FastClock(1)
    sandbox = photo_sandbox(OthersClock(clock))
    async with photo_world(tmp_path, clock=clock, sandbox=sandbox) as bot:
        clock.set_date(-step)
        sandbox.kare.faults.always(500, on="GET /anomalies")
        bob = await report_with(bot, ("a.jpg", picture()))
        await bob.submit()
        await bot.state(1, "filed")
        # A date that is set there and back before the worker looks is no step to it.
        await photos(bot, "waiting", "not_found")
        clock.set_date(step)
        clock.speed = 20
        sandbox.kare.faults.stop()
        await photos(bot, "waiting", "choose")
        assert sandbox.kare.images.all == {}


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_an_issue_has_the_addresses_of_its_photos_in_its_comment(
    tmp_path: Path, language: str
) -> None:
    lines = {
        "en": "Photos in Slack (only members of the workspace can open them):",
        "fr": "Photos dans Slack (seuls les membres de l’espace de travail peuvent les"
        " ouvrir)\u00a0:",
    }
    async with photo_world(tmp_path) as bot:
        person = bot.person({"en": BOB, "fr": ALICE}[language])
        await bot.runtime.services.users.learn(person.user.id)
        await person.command("/report-issue", ID, channel=ANNONCES)
        await person.until(lambda view: view.callback_id == "report_issue")
        await person.choose("issueFacets", ["media"])
        await person.type("comment", "Wrong photos")
        person.upload("photos", ("a.jpg", picture()))
        await person.submit()
        await bot.state(1, "filed")
        [file] = bot.slack.workspace.files.all.values()
        [report] = bot.sandbox.immoteur.issues
        link = f"https://atelier.slack.com/files/{person.user.id}/{file.id}/a.jpg"
        assert report.body["comment"] == f"Wrong photos\n{lines[language]}\n{link}"
        assert bot.rows("select * from photos") == []


async def test_nothing_of_photos_is_shown_unless_they_are_switched_on(tmp_path: Path) -> None:
    async with photo_world(tmp_path, config=FAST) as bot:
        bob = bot.person(BOB)
        message = bob.say("Look", channel=SECURITE, files=[("a.jpg", picture())])
        await bob.shortcut("anomaly_from_message", message)
        view = await bob.until(lambda view: view.callback_id == "anomaly")
        assert [name for name in view.fields if "photos" in name] == []


async def test_a_file_that_is_no_photo_is_refused_in_the_form(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot, ("a.jpg", picture()))
        value = bot.slack.views.screens[BOB].top.form.values["photos", "photos"]
        value["files"][0]["mimetype"] = "video/mp4"
        outcome = await bob.submit()
        assert "not photos or documents" in outcome.errors["photos"]
        assert bot.rows("select * from reports") == []


async def test_a_null_in_the_place_of_files_is_no_file(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await report_with(bot)
        bot.slack.views.screens[BOB].top.form.values["photos", "photos"]["files"] = None
        await bob.submit()
        await bot.state(1, "filed")
        assert bot.rows("select * from photos") == []

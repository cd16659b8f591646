"""Photos of a form and of a message reach KARE once, and the receipt says so truly."""

from pathlib import Path

from sandbox.slack.seed import BOB, SECURITE
from tests.bot.anomalies import fill, opened
from tests.bot.pictures import GPS, UPRIGHT, photo_world, picture
from tests.bot.pictures import opened as opened_picture


async def test_a_photo_of_the_form_is_sent_to_the_anomaly_of_its_report(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = bot.person(BOB)
        await opened(bob)
        await fill(bob, "Exit blocked")
        bob.upload("photos", ("exit.jpg", picture()))
        await bob.submit()
        await bot.receipt(SECURITE, says="The photo was sent to KARE.")
        [image] = bot.sandbox.kare.images.stored
        assert image.anomaly_id == bot.sandbox.kare.anomalies[0].id
        assert image.image.name == "exit.jpg"
        sent = opened_picture(image.content or b"")
        assert sent.size == (20, 40)
        assert UPRIGHT not in sent.getexif()
        assert GPS not in sent.getexif()

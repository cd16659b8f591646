"""Photos in the page: chosen in a form, shown in a message, and counted by the receipt."""

from pathlib import Path
from typing import Any

from playwright.async_api import expect

from sandbox.slack.seed import BOB, SECURITE
from tests.bot.pictures import picture
from tests.page.conftest import in_chromium
from tests.page.test_reporting import fill_anomaly
from tests.page.window import SECONDS, open_sandbox

pytestmark = in_chromium


async def test_photos_of_a_message_and_of_the_form_are_sent(browser: Any, tmp_path: Path) -> None:
    config = tmp_path / "constat.toml"
    config.write_text("photos = true\n", "utf-8")
    settings = {"CONSTAT_CONFIG": str(config)}
    async with open_sandbox(browser, tmp_path / "constat.db", settings=settings) as sandbox:
        await sandbox.lists_of_kare()
        bob = await sandbox.window(BOB, SECURITE)
        shown = bob.conversation.locator("article img")
        await expect(shown).to_have_js_property("naturalWidth", 320)
        await bob.shortcut("Report an anomaly", of="Emergency exit")
        await bob.fill("reportId", "88001")
        await fill_anomaly(bob)
        await bob.choice("0").check()
        await bob.modal.locator("input[type=file]").set_input_files(
            {"name": "plan.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        )
        await expect(bob.modal.locator("img[alt='plan.jpg']")).to_be_visible(timeout=SECONDS)
        await bob.send_and_close()
        await bob.open_thread()
        await bob.receipt("2 of 2 photos were sent to KARE.")
        stored = sandbox.state.sandbox.kare.images.stored
        assert [image.image.name for image in stored] == ["exit.jpg", "plan.jpg"]
        assert bob.errors == []

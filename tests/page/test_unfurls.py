"""Posted links unfold on the page, and their button opens the form."""

import re

from playwright.async_api import expect

from sandbox.catalogue import Catalogue
from sandbox.slack.seed import ANNONCES, BOB
from tests.page.conftest import in_chromium
from tests.page.window import SECONDS, OpenSandbox

pytestmark = in_chromium


async def test_a_posted_link_unfolds_and_its_button_opens_the_form_for_it(
    sandbox: OpenSandbox,
) -> None:
    window = await sandbox.window(BOB, ANNONCES)
    await window.write(f"what about {Catalogue.sample_link}")
    unfurl = window.conversation.locator(".attachment").last
    await expect(unfurl).to_contain_text("65 m²", timeout=SECONDS)
    await unfurl.get_by_role("button", name="Report").click()
    await expect(window.modal).to_be_visible(timeout=SECONDS)
    await expect(window.field("propertyIds")).to_have_value(Catalogue.sample_link)
    await expect(window.modal).to_contain_text(re.compile("65 m²"), timeout=SECONDS)
    assert window.errors == []
    await window.close()


async def test_a_message_to_the_bot_is_answered(sandbox: OpenSandbox) -> None:
    channel = sandbox.state.sandbox.slack.workspace.dm_with_bot(BOB).id
    window = await sandbox.window(BOB, channel)
    await window.write("hello")
    answer = window.conversation.locator(".by-app").last
    await expect(answer).to_contain_text("Each button opens a form", timeout=SECONDS)
    await window.close()

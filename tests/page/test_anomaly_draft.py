"""The draft of /anomaly in the page: anomalies are added, and edited or removed by their menus."""

from playwright.async_api import expect

from sandbox.slack.seed import BOB, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import SECONDS, OpenSandbox, Window

pytestmark = in_chromium


async def add_anomaly(window: Window, title: str) -> None:
    await window.fill("technicalInstallationId", "301")
    await window.choice("0").check()
    await window.fill("title", title)
    await window.fill("description", "Since Monday")
    await window.modal.get_by_role("button", name="Save and add another").click()
    await expect(window.modal.get_by_role("button", name="Show the")).to_be_visible(timeout=SECONDS)
    await expect(window.field("title")).to_have_value("", timeout=SECONDS)


async def choose_in_menu(window: Window, position: int, option: str) -> None:
    """:param position: of the anomaly in the form, from 0 on"""
    await window.modal.get_by_label("More actions").nth(position).click()
    await window.page.locator(".items:popover-open").get_by_text(option, exact=True).click()


async def test_an_anomaly_of_a_draft_is_edited_and_another_removed_by_its_menu(
    sandbox: OpenSandbox,
) -> None:
    bob = await sandbox.window(BOB, SECURITE)
    await bob.command("/anomaly 88001")
    await bob.fill("siteId", "20001")
    for title in ("Exit blocked", "Lamp out", "Cable bare"):
        await add_anomaly(bob, title)
    await bob.modal.get_by_role("button", name="Show the 3 findings").click()
    await expect(bob.modal.get_by_text("Lamp out")).to_be_visible(timeout=SECONDS)
    await choose_in_menu(bob, 1, "Remove")
    await expect(bob.modal.get_by_text("Lamp out")).to_have_count(0, timeout=SECONDS)
    await choose_in_menu(bob, 0, "Edit")
    await expect(bob.field("title")).to_have_value("Exit blocked", timeout=SECONDS)
    await bob.fill("title", "Exit locked")
    await bob.send_and_close()
    await bob.open_thread()
    await bob.receipt("Filed with KARE")
    titles = [anomaly.body["title"] for anomaly in sandbox.state.sandbox.kare.anomalies]
    assert titles == ["Exit locked", "Cable bare"]

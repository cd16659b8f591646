"""Unread marks and notifications: a new message that mentions a person, and no edit."""

from dataclasses import replace

from playwright.async_api import expect

from sandbox.slack.seed import ALICE, ANNONCES, BOB, GENERAL, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import SECONDS, OpenSandbox
from tests.sandbox_slack.factories import actions, button, plain

pytestmark = in_chromium
NEWS = f"<@{BOB}> Not filed: refused by KARE."


async def test_only_a_new_message_with_a_mention_notifies(quiet_sandbox: OpenSandbox) -> None:
    workspace = quiet_sandbox.state.sandbox.slack.workspace
    bob = await quiet_sandbox.window(BOB, ANNONCES)
    line = bob.page.locator("#sidebar .line", has_text="securite")
    receipt = quiet_sandbox.post(SECURITE, "Saved.")
    await expect(line).to_have_class("line unread", timeout=SECONDS)
    await expect(line.locator(".badge")).to_have_count(0)
    workspace.put(replace(receipt, text=NEWS, pings=(f"<@{BOB}>",), edited=workspace.new_ts()))
    quiet_sandbox.post(GENERAL, "Later")
    general = bob.page.locator("#sidebar .line", has_text="general")
    await expect(general).to_have_class("line unread", timeout=SECONDS)
    await expect(bob.page.locator(".notification")).to_have_count(0)
    quiet_sandbox.post(SECURITE, NEWS, thread=receipt.ts)

    notification = bob.page.locator(".notification")
    await expect(notification).to_contain_text("refused by KARE", timeout=SECONDS)
    await expect(line.locator(".badge")).to_have_text("1")
    await notification.get_by_role("link").click()
    await expect(bob.thread).to_contain_text("refused by KARE", timeout=SECONDS)
    await expect(bob.page.locator(".badge")).to_have_count(0, timeout=SECONDS)


async def test_a_confirm_object_is_a_dialog_with_its_own_words(quiet_sandbox: OpenSandbox) -> None:
    confirm = {
        "title": plain("Discard this report?"),
        "text": plain("Nothing will be sent."),
        "confirm": plain("Discard"),
        "deny": plain("Back"),
        "style": "danger",
    }
    quiet_sandbox.post(ANNONCES, "A report", actions(button("discard", confirm=confirm)))
    bob = await quiet_sandbox.window(BOB, ANNONCES)
    dialog = bob.page.locator("#confirm")
    discard = bob.conversation.get_by_role("button", name="Discard")
    pressed = quiet_sandbox.state.traffic.exchanges
    await discard.click()
    await expect(dialog).to_contain_text("Nothing will be sent.")
    await expect(dialog.get_by_role("button", name="Discard")).to_have_class("button danger")
    await dialog.get_by_role("button", name="Back").click()
    await expect(dialog).to_be_hidden()
    await discard.click()
    await bob.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert list(pressed) == []

    await discard.click()
    await dialog.get_by_role("button", name="Discard").click()
    await expect(bob.page.locator(".toast")).to_be_visible(timeout=SECONDS)
    assert [exchange.title for exchange in pressed] == ["block_actions"]


async def test_the_page_of_a_french_person_is_french(quiet_sandbox: OpenSandbox) -> None:
    alice = await quiet_sandbox.window(ALICE, ANNONCES, panel="faults")
    await expect(alice.page.locator("#sidebar")).to_contain_text("Vous êtes")
    await expect(alice.page.get_by_role("link", name="En coulisses")).to_be_visible()
    await expect(alice.page.locator("#panel")).to_contain_text("est injoignable")
    await expect(alice.conversation.locator(".day")).to_have_text("Aujourd’hui")
    await alice.write("/anomalie")
    toast = alice.page.locator(".toast")
    await expect(toast).to_contain_text("/anomalie n’est pas une commande", timeout=SECONDS)
    await expect(alice.page.locator("#commands:visible")).to_have_count(0)


async def test_what_a_person_types_is_drawn_with_its_marks(quiet_sandbox: OpenSandbox) -> None:
    bob = await quiet_sandbox.window(BOB, ANNONCES)
    await bob.write("*Done* :tada: @alice")
    last = bob.conversation.locator("article").last
    await expect(last.locator("b", has_text="Done")).to_be_visible(timeout=SECONDS)
    await expect(last).to_contain_text("🎉")
    await expect(last.locator(".mention")).to_have_text("@alice")


async def test_a_long_message_of_the_app_is_folded_and_opens(quiet_sandbox: OpenSandbox) -> None:
    parent = quiet_sandbox.post(ANNONCES, "A report")
    lines = "\n".join(f"Finding {number}" for number in range(80))
    quiet_sandbox.post(ANNONCES, f"Refused\n{lines}", thread=parent.ts)
    bob = await quiet_sandbox.window(BOB, ANNONCES)
    await bob.open_thread()
    await expect(bob.thread.get_by_text("Refused")).to_be_in_viewport(timeout=SECONDS)
    content = bob.thread.locator(".content").last
    before = await content.bounding_box()
    await content.get_by_role("button", name="See more").click()
    after = await content.bounding_box()

    assert before is not None
    assert after is not None
    assert before["height"] == 420
    assert after["height"] > 1000

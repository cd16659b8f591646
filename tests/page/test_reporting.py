"""Each command and each shortcut, from typing to the confirmation in the thread."""

import re

from playwright.async_api import expect

from sandbox.slack.seed import ALICE, ANNONCES, BOB, CAROL, GENERAL, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import ID, OTHER_ID, SECONDS, OpenSandbox, Window

pytestmark = in_chromium


async def fill_anomaly(window: Window) -> None:
    """Fill the fields that /anomaly has whatever the risk, once the report has filled the site."""
    await expect(window.field("siteId")).to_have_value(re.compile("20001"), timeout=SECONDS)
    await window.fill("technicalInstallationId", "301")
    await window.fill("title", "Exit blocked")
    await window.fill("description", "Pallets <since Monday> & bins")


async def test_a_slash_completes_the_command_and_the_report_is_filed(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(BOB, ANNONCES)
    box = bob.page.locator("#conversation .box textarea")
    await box.press_sequentially("/rep")
    await bob.page.get_by_role("option", name="/report-issue").click()
    await expect(box).to_have_value("/report-issue ")

    await bob.page.keyboard.type(f"data {ID} the price is last year's")
    await bob.page.keyboard.press("Enter")
    await expect(bob.modal).to_be_visible(timeout=SECONDS)
    await bob.choice("price").check()
    await bob.send_and_close()
    await bob.open_thread()

    receipt = await bob.receipt()
    missing = [
        text
        for text in ("No. 1", "Price", "Lyon 3e", "the price is last year's")
        if text not in receipt
    ]
    assert missing == []
    assert bob.errors == []


async def test_an_anomaly_with_a_due_date_is_filed(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(BOB, SECURITE)
    await bob.command("/anomaly 88001 Exit blocked")
    await fill_anomaly(bob)
    await bob.choice("2").check()
    day = bob.modal.locator("input[type=date]")
    await day.fill("2040-01-31")
    await bob.modal.locator("input[type=time]").fill("18:30")
    await bob.send_and_close()
    await bob.open_thread()
    await bob.receipt("Filed with KARE")

    # New York is five hours behind UTC in January.
    [created] = sandbox.state.sandbox.kare.anomalies
    assert (created.body["dueAt"], created.body["description"]) == (
        "2040-01-31T23:30:00.000Z",
        "Pallets <since Monday> & bins",
    )


async def test_a_shortcut_on_a_message_is_answered_in_its_thread(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(BOB, ANNONCES)
    await bob.shortcut("Report a data issue", of="Deux fois le même appartement")
    await bob.choice("clustering").check()
    await bob.choice("merge").check()
    await bob.send_and_close()
    await bob.open_thread()

    receipt = await bob.receipt()
    [issue] = sandbox.state.sandbox.immoteur.issues
    assert (issue.body["clusteringAction"], sorted(issue.body["propertyIds"])) == (
        "merge",
        [ID, OTHER_ID],
    )
    assert "No. 1" in receipt
    assert "Deux fois" in await bob.thread.locator("article").first.inner_text()


async def test_the_anomaly_shortcut_takes_the_words_of_the_message(sandbox: OpenSandbox) -> None:
    carol = await sandbox.window(CAROL, SECURITE)
    await carol.shortcut("Report an anomaly", of="Emergency exit on the ground floor")
    description = carol.field("description")
    start = "Emergency exit on the ground floor is blocked again <by pallets> & bins."
    await expect(description).to_have_value(re.compile(re.escape(start)), timeout=SECONDS)
    await carol.fill("reportId", "88001")
    await expect(carol.field("siteId")).to_have_value(re.compile("20001"), timeout=SECONDS)
    await carol.fill("technicalInstallationId", "301")
    await carol.fill("title", "Exit blocked")
    await carol.choice("0").check()
    await carol.send_and_close()
    await carol.open_thread()

    assert "Risk" in await carol.receipt("Filed with KARE")


async def test_help_is_seen_by_the_asker_only(sandbox: OpenSandbox) -> None:
    bob, carol = await sandbox.window(BOB), await sandbox.window(CAROL)
    await bob.write("/anomaly help")

    await expect(bob.conversation.locator(".ephemeral")).to_contain_text(
        "/anomaly", timeout=SECONDS
    )
    assert await carol.conversation.locator(".ephemeral").count() == 0


async def test_a_command_in_a_thread_is_refused_as_slack_does(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    message = bob.conversation.locator("article").first
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await message.get_by_text("Reply in thread").click()
    await bob.write("/report-issue", where="#thread")

    await expect(bob.page.locator(".toast")).to_contain_text("not supported in threads")


async def test_a_report_from_where_the_bot_is_not_comes_as_a_direct_message(
    sandbox: OpenSandbox,
) -> None:
    bob = await sandbox.window(BOB, GENERAL)
    await bob.command(f"/report-issue other {ID} nobody answers")
    await bob.send_and_close()
    await bob.page.locator("#sidebar .line", has_text="constat").click()

    await expect(bob.conversation).to_contain_text("nobody answers", timeout=SECONDS)


async def test_two_people_see_one_workspace_in_their_own_language(sandbox: OpenSandbox) -> None:
    alice, bob = await sandbox.window(ALICE), await sandbox.window(BOB)
    await alice.command(f"/report-issue other {ID} page vide")
    await expect(alice.modal).to_contain_text("Signaler un problème", timeout=SECONDS)
    await expect(alice.modal).to_contain_text("collez un lien")
    await expect(alice.modal.get_by_role("button", name="Fermer")).to_be_visible()
    await alice.send_and_close()

    await bob.open_thread()
    assert "page vide" in await bob.receipt()
    await expect(alice.conversation.locator(".replies").last).to_have_text(
        "1 réponse", timeout=SECONDS
    )


async def test_a_person_is_changed_by_a_click(sandbox: OpenSandbox) -> None:
    window = await sandbox.window(BOB)
    await window.page.locator("#sidebar .people a", has_text="alice").click()

    await expect(window.page.locator("#sidebar")).to_contain_text("Canaux")
    assert "as=U0ALICE001" in window.page.url

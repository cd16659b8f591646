"""The panel: requests and answers, changed rows, faults to switch on."""

from playwright.async_api import expect

from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, OpenSandbox, Window

pytestmark = in_chromium


async def report(window: Window, words: str = "something") -> None:
    await window.command(f"/report-issue other {ID} {words}")
    await window.send_and_close()


async def test_every_request_and_answer_can_be_read_as_json(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(panel="requests")
    await report(bob, "to be read")
    filing = bob.page.locator("#panel details", has_text="POST /public/v1/issues")
    await expect(filing.locator(".status")).to_have_text("201", timeout=SECONDS)
    await filing.locator("summary").click()

    await expect(filing).to_contain_text("to be read", timeout=SECONDS)
    await expect(filing).to_contain_text("reportId")
    titles = {exchange.title for exchange in sandbox.state.traffic.exchanges}
    assert {"/report-issue", "views.open", "view_submission", "chat.postMessage"} <= titles
    assert "sandbox-password" not in str(sandbox.state.traffic.exchanges)


async def test_an_opened_request_stays_open_while_more_arrive(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(panel="requests")
    await bob.command("/anomaly")
    opening = bob.page.locator("#panel details", has_text="views.open").last
    await opening.locator("summary").click()
    await expect(opening.locator("pre").first).to_be_visible(timeout=SECONDS)
    await bob.choice("1").check()
    update = bob.page.locator("#panel details", has_text="views.update")
    await expect(update.first).to_be_visible(timeout=SECONDS)

    assert await opening.locator("pre").first.is_visible()


async def test_rows_that_changed_are_listed(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(panel="rows")
    await report(bob)
    row = bob.page.locator("#panel details", has_text="reports 1").last
    await row.locator("summary").click(timeout=SECONDS)

    await expect(row).to_contain_text("report_issue", timeout=SECONDS)


async def test_a_refusal_switched_on_is_what_the_person_reads(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(panel="faults")
    await bob.page.locator(".switch", has_text="Immoteur").locator("select").select_option("422")
    await expect(bob.page.locator("#switch-immoteur-422")).to_be_visible(timeout=SECONDS)
    await report(bob)
    await bob.page.locator("#panel .close").click()
    await bob.open_thread()

    assert "Cannot be reported" in await bob.receipt("refused")


async def test_the_page_shows_that_the_bot_is_stopped_and_starts_it_again(
    sandbox: OpenSandbox,
) -> None:
    bob = await sandbox.window(panel="faults")
    switch = bob.page.locator(".switch", has_text="constat").locator("select")
    await switch.select_option("stopped")
    await expect(bob.page.locator("#bot")).to_have_text("constat is stopped.", timeout=SECONDS)
    await bob.write("/anomaly")
    await expect(bob.page.locator(".toast")).to_contain_text("dispatch_failed", timeout=SECONDS)
    await bob.page.locator(".switch", has_text="constat").locator("select").select_option("well")
    await expect(bob.page.locator("#bot")).to_have_text("", timeout=SECONDS)

    await bob.command("/anomaly")


async def test_a_form_survives_a_restart_of_the_bot(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.command(f"/report-issue other {ID} before the restart")
    await sandbox.state.supervisor.stop()
    await expect(bob.page.locator("#bot")).to_have_text("constat is stopped.", timeout=SECONDS)
    await bob.send()
    await expect(bob.modal).to_contain_text("trouble connecting", timeout=SECONDS)
    await sandbox.state.supervisor.start()
    await bob.send_and_close()
    await bob.open_thread()

    assert "before the restart" in await bob.receipt()


async def test_a_report_on_a_deleted_message_has_a_receipt(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(BOB, SECURITE)
    await sandbox.switch("slack", "orphan")
    await bob.shortcut("Report a data issue", of="Emergency exit")
    await bob.choice("other").check()
    await bob.fill("propertyIds", ID)
    await bob.send_and_close()

    await expect(bob.page.locator("body")).to_contain_text("No. 1", timeout=SECONDS)


async def test_a_bot_that_left_the_channel_writes_to_the_person(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(BOB, ANNONCES)
    await sandbox.switch("slack", "not_in_channel")
    await report(bob, "told directly")
    await bob.page.locator("#sidebar .line", has_text="constat").click()

    await expect(bob.conversation).to_contain_text("told directly", timeout=SECONDS)


async def test_a_report_to_an_api_that_is_down_is_saved_and_filed_later(
    sandbox: OpenSandbox,
) -> None:
    bob = await sandbox.window()
    await sandbox.switch("immoteur", "down")
    await report(bob, "while nothing connects")
    await bob.open_thread()
    await bob.receipt("Saved, not sent yet")
    await sandbox.switch("immoteur", "well")
    await bob.thread.get_by_role("button", name="Try now").click()

    await bob.receipt()
    assert len(sandbox.state.sandbox.immoteur.issues) == 1

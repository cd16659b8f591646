"""The Home tab of the app on the page: what was published last, and its buttons."""

from playwright.async_api import expect

from sandbox.slack.seed import ALICE, ANNONCES, BOB
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, OpenSandbox, Window

pytestmark = in_chromium


async def at_home(sandbox: OpenSandbox, user: str = BOB) -> Window:
    """A window on the person's Home."""
    channel = sandbox.state.sandbox.slack.workspace.dm_with_bot(user).id
    window = await sandbox.window(user, channel)
    await window.page.locator(".tabs a").first.click()
    # Until then the messages are on screen, and a new one is read at once.
    await expect(window.conversation.locator(".home")).to_be_visible(timeout=SECONDS)
    return window


async def report(sandbox: OpenSandbox, words: str) -> None:
    window = await sandbox.window(BOB, ANNONCES)
    await window.command(f"/report-issue other {ID} {words}")
    await window.send_and_close()
    await window.close()


async def test_the_home_is_published_when_it_is_opened(sandbox: OpenSandbox) -> None:
    window = await at_home(sandbox)
    home = window.conversation.locator(".home")
    await expect(home).to_contain_text("Report a data issue", timeout=SECONDS)
    assert window.errors == []
    await window.close()


async def test_it_is_in_the_persons_language(sandbox: OpenSandbox) -> None:
    window = await at_home(sandbox, ALICE)
    home = window.conversation.locator(".home")
    await expect(home).to_contain_text("Signalez", timeout=SECONDS)
    await window.close()


async def test_a_form_opens_from_the_home_and_its_report_comes_to_it(sandbox: OpenSandbox) -> None:
    window = await at_home(sandbox)
    home = window.conversation.locator(".home")
    await home.get_by_role("button", name="Report a data issue").click(timeout=SECONDS)
    await expect(window.modal).to_be_visible(timeout=SECONDS)
    await window.page.keyboard.press("Escape")
    await report(sandbox, "the link is dead")
    await expect(home).to_contain_text("Filed", timeout=SECONDS)
    await window.close()


async def test_a_refused_report_can_be_discarded_there(sandbox: OpenSandbox) -> None:
    await sandbox.switch("immoteur", "422")
    window = await at_home(sandbox)
    await report(sandbox, "the link is dead")
    home = window.conversation.locator(".home")
    await home.get_by_role("button", name="Discard").first.click(timeout=SECONDS)
    await window.page.locator("#confirm button[value=yes]").click()
    await expect(home).to_contain_text("Discarded", timeout=SECONDS)
    await window.close()


async def test_a_menu_of_the_home_limits_the_list(sandbox: OpenSandbox) -> None:
    await report(sandbox, "the link is dead")
    window = await at_home(sandbox)
    home = window.conversation.locator(".home")
    await expect(home).to_contain_text("the link is dead", timeout=SECONDS)
    await home.locator("select").first.select_option("refused")
    await expect(home).to_contain_text("No report of yours fits", timeout=SECONDS)
    await window.close()


async def test_messages_stay_unread_while_the_home_is_shown(sandbox: OpenSandbox) -> None:
    window = await at_home(sandbox)
    channel = sandbox.state.sandbox.slack.workspace.dm_with_bot(BOB).id
    sandbox.post(channel, "your report waits")
    unread = window.conversation.locator(".tabs a.unread")
    await expect(unread).to_have_text("Messages", timeout=SECONDS)
    await unread.click()
    await expect(window.conversation).to_contain_text("your report waits", timeout=SECONDS)
    await expect(window.conversation.locator(".tabs a.unread")).to_have_count(0)
    await window.close()

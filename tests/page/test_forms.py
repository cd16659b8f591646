"""Forms in a browser: redrawn, refused, sent twice, left and found again."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from sandbox.page.traffic_log import Exchange
from sandbox.slack.seed import ALICE, BOB, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, OpenSandbox
from tests.sandbox_slack.factories import field, options, text_field

pytestmark = in_chromium


async def exchange(sandbox: OpenSandbox, title: str) -> Exchange:
    """Wait for a request with this title."""
    async with asyncio.timeout(SECONDS / 1000):
        while True:
            for logged in sandbox.state.traffic.exchanges:
                if logged.title == title:
                    return logged
            await asyncio.sleep(0.02)


async def test_another_kind_redraws_the_form_and_what_was_typed_stays(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.command(f"/report-issue {ID}")
    comment = bob.field("comment")
    await comment.press_sequentially("typed by hand")
    await bob.choice("clustering").check()
    await expect(bob.choice("merge")).to_be_visible(timeout=SECONDS)
    await comment.press_sequentially(", and after")
    await bob.choice("other").check()

    await expect(bob.choice("merge")).to_have_count(0, timeout=SECONDS)
    assert await comment.input_value() == "typed by hand, and after"
    screen = sandbox.state.person(BOB).screen
    assert screen is not None
    assert screen.value("comment") == "typed by hand, and after"


@pytest.mark.parametrize(
    ("risk", "floors", "warnings"), [("0", 0, 0), ("1", 1, 0), ("2", 1, 0), ("3", 1, 1)]
)
async def test_a_higher_risk_asks_for_more_and_warns(
    sandbox: OpenSandbox, risk: str, floors: int, warnings: int
) -> None:
    bob = await sandbox.window(BOB, SECURITE)
    await bob.command("/anomaly 88001 Exit blocked")
    await bob.choice("1").check()
    await expect(bob.field("location.floor")).to_have_count(1, timeout=SECONDS)
    await bob.choice(risk).check()

    await expect(bob.field("location.floor")).to_have_count(floors, timeout=SECONDS)
    warning = bob.modal.locator(".notice.warning")
    await expect(warning).to_have_count(warnings, timeout=SECONDS)
    assert await bob.field("title").input_value() == "Exit blocked"


async def test_the_highest_risk_has_a_due_date_from_the_start(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window(BOB, SECURITE)
    await bob.command("/anomaly 88001 Exit blocked")
    await bob.choice("3").check()

    date = bob.modal.locator("input[type=date]")
    await expect(date).to_have_value(re.compile(r"\d{4}-\d{2}-\d{2}"), timeout=SECONDS)


async def test_slacks_client_shows_errors_in_the_readers_language(sandbox: OpenSandbox) -> None:
    alice = await sandbox.window(ALICE)
    await alice.command(f"/report-issue data {ID}")
    await expect(alice.modal).to_contain_text("Signaler un problème", timeout=SECONDS)
    await alice.send()

    error = alice.modal.locator("[data-block=issueFacets] .error")
    await expect(error).to_have_text("Veuillez remplir ce champ obligatoire.", timeout=SECONDS)


async def test_an_error_of_the_bot_shows_below_its_field(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.command("/report-issue other something")
    await bob.fill("propertyIds", "not-an-id")
    await bob.send()

    error = bob.modal.locator("[data-block=propertyIds] .error")
    await expect(error).to_contain_text("neither a link nor an id: not-an-id", timeout=SECONDS)
    assert await bob.field("propertyIds").input_value() == "not-an-id"


async def test_a_double_click_sends_once(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.command(f"/report-issue other {ID} twice")
    await bob.modal.locator("button.submit").dblclick()
    await bob.open_thread()
    await bob.receipt()

    assert len(sandbox.state.sandbox.immoteur.issues) == 1


async def test_an_answer_after_three_seconds_says_so_and_trying_again_is_one_report(
    sandbox: OpenSandbox,
) -> None:
    bob = await sandbox.window()
    await bob.command(f"/report-issue other {ID} slowly")
    await sandbox.switch("bot", "late")
    await bob.send()
    await expect(bob.modal).to_contain_text("We had some trouble connecting", timeout=SECONDS)
    await sandbox.switch("bot", "well")
    await bob.send_and_close()
    await bob.open_thread()
    await bob.receipt()

    assert len(sandbox.state.sandbox.immoteur.issues) == 1


async def test_a_closed_browser_finds_its_form_and_its_words_again(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.command(f"/report-issue {ID}")
    await bob.field("comment").fill("not lost")
    await bob.choice("price").check()
    await asyncio.sleep(0.4)
    await bob.close()

    again = await sandbox.window()
    assert await again.field("comment").input_value() == "not lost"
    assert await again.choice("price").is_checked()


async def test_two_browsers_of_one_person_show_one_form(sandbox: OpenSandbox) -> None:
    first, second = await sandbox.window(), await sandbox.window()
    await first.command(f"/report-issue {ID}")
    await first.field("comment").press_sequentially("from the first")
    other = second.field("comment")
    await expect(other).to_have_value("from the first", timeout=SECONDS)
    await second.choice("price").check()

    await expect(first.choice("price")).to_be_checked(timeout=SECONDS)
    await second.send_and_close()
    await expect(first.modal).to_have_count(0, timeout=SECONDS)


async def test_escape_closes_the_form(sandbox: OpenSandbox) -> None:
    bob = await sandbox.window()
    await bob.command("/report-issue")
    await bob.page.keyboard.press("Escape")

    await expect(bob.modal).to_have_count(0, timeout=SECONDS)


async def test_what_is_entered_right_before_sending_is_sent(quiet_sandbox: OpenSandbox) -> None:
    """Although the fields have dispatch_action, and their own actions may still be on their way."""
    config = {"trigger_actions_on": ["on_character_entered"]}
    title = text_field("title", dispatch_action_config=config)
    risk = field("risk", {"type": "radio_buttons", "options": options(2)})
    quiet_sandbox.open_form(*(block | {"dispatch_action": True} for block in (title, risk)))
    bob = await quiet_sandbox.window()
    await bob.field("title").fill("Exit blocked")
    await bob.choice("v1").check()
    await bob.send()

    submission = await exchange(quiet_sandbox, "view_submission")
    values = submission.request["view"]["state"]["values"]
    assert values["title"]["title"]["value"] == "Exit blocked"
    assert values["risk"]["risk"]["selected_option"]["value"] == "v1"

"""Forms in a browser: redrawn, refused, sent twice, left and found again."""

import asyncio

from playwright.async_api import expect

from sandbox.slack.seed import ALICE, BOB, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, Place

pytestmark = in_chromium


async def test_another_kind_redraws_the_form_and_what_was_typed_stays(place: Place) -> None:
    bob = await place.window()
    await bob.command(f"/report-issue {ID}")
    comment = bob.field("comment")
    await comment.press_sequentially("typed by hand")
    await bob.choice("clustering").check()
    await expect(bob.choice("merge")).to_be_visible(timeout=SECONDS)
    await comment.press_sequentially(", and after")
    await bob.choice("other").check()

    await expect(bob.choice("merge")).to_have_count(0, timeout=SECONDS)
    assert await comment.input_value() == "typed by hand, and after"
    held = place.desk.person(BOB).screen.value("comment")
    assert held == "typed by hand, and after"


async def test_another_risk_asks_for_more_and_warns(place: Place) -> None:
    bob = await place.window(BOB, SECURITE)
    await bob.command("/anomaly 88001 Exit blocked")
    seen = []
    for risk in ("0", "1", "2", "3"):
        await bob.choice(risk).check()
        dated = 0 if risk == "0" else 1
        await expect(bob.modal.locator("input[type=date]")).to_have_count(dated, timeout=SECONDS)
        await asyncio.sleep(0.3)
        seen.append(
            (
                await bob.field("location.floor").count(),
                await bob.modal.locator(".notice.warning").count(),
                bool(dated and await bob.modal.locator("input[type=date]").input_value()),
            )
        )

    assert seen == [(0, 0, False), (1, 0, False), (1, 0, False), (1, 1, True)]
    assert await bob.field("title").input_value() == "Exit blocked"


async def test_slacks_client_complains_in_the_readers_language(place: Place) -> None:
    alice = await place.window(ALICE)
    await alice.command(f"/report-issue data {ID}")
    await expect(alice.modal).to_contain_text("Signaler un problème", timeout=SECONDS)
    await alice.send()

    error = alice.modal.locator("[data-block=issueFacets] .error")
    await expect(error).to_have_text("Veuillez remplir ce champ obligatoire.", timeout=SECONDS)


async def test_the_bots_complaint_stands_below_its_field(place: Place) -> None:
    bob = await place.window()
    await bob.command("/report-issue other something")
    await bob.fill("propertyIds", "not-an-id")
    await bob.send()

    error = bob.modal.locator("[data-block=propertyIds] .error")
    await expect(error).to_contain_text("not an id: not-an-id", timeout=SECONDS)
    assert await bob.field("propertyIds").input_value() == "not-an-id"


async def test_a_double_click_sends_once(place: Place) -> None:
    bob = await place.window()
    await bob.command(f"/report-issue other {ID} twice")
    await bob.modal.locator("button.submit").dblclick()
    await bob.open_thread()
    await bob.receipt()

    assert len(place.desk.sandbox.immoteur.issues) == 1


async def test_an_answer_after_three_seconds_says_so_and_trying_again_is_one_report(
    place: Place,
) -> None:
    bob = await place.window()
    await bob.command(f"/report-issue other {ID} slowly")
    await place.switch("bot", "late")
    await bob.send()
    await expect(bob.modal).to_contain_text("We had some trouble connecting", timeout=SECONDS)
    await place.switch("bot", "well")
    await bob.sent()
    await bob.open_thread()
    await bob.receipt()

    assert len(place.desk.sandbox.immoteur.issues) == 1


async def test_a_closed_browser_finds_its_form_and_its_words_again(place: Place) -> None:
    bob = await place.window()
    await bob.command(f"/report-issue {ID}")
    await bob.field("comment").fill("not lost")
    await bob.choice("price").check()
    await asyncio.sleep(0.4)
    await bob.close()

    again = await place.window()
    assert await again.field("comment").input_value() == "not lost"
    assert await again.choice("price").is_checked()


async def test_two_browsers_of_one_person_show_one_form(place: Place) -> None:
    first, second = await place.window(), await place.window()
    await first.command(f"/report-issue {ID}")
    await first.field("comment").press_sequentially("from the first")
    other = second.field("comment")
    await expect(other).to_have_value("from the first", timeout=SECONDS)
    await second.choice("price").check()

    await expect(first.choice("price")).to_be_checked(timeout=SECONDS)
    await second.sent()
    await expect(first.modal).to_have_count(0, timeout=SECONDS)


async def test_escape_closes_the_form(place: Place) -> None:
    bob = await place.window()
    await bob.command("/report-issue")
    await bob.page.keyboard.press("Escape")

    await expect(bob.modal).to_have_count(0, timeout=SECONDS)

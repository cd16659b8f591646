"""The selects of a form: every one searches, one list is open at a time, and keys work."""

import pytest
from playwright.async_api import Locator, expect

from sandbox.slack.seed import ALICE, BOB, SECURITE
from tests.page.conftest import in_chromium
from tests.page.window import ID, SECONDS, OpenSandbox, Window
from tests.sandbox_slack.factories import field, option, text_field

pytestmark = in_chromium
TOWNS = [option("lyon", "Lyon"), option("evry", "Évry"), option("lille", "Lille")]


def select(name: str, *, several: bool = False) -> dict[str, object]:
    kind = "multi_static_select" if several else "static_select"
    return field(name, {"type": kind, "options": TOWNS}, optional=True)


def options(picker: Locator) -> Locator:
    return picker.locator(".item:visible")


async def form(sandbox: OpenSandbox, *, width: int = 1280, user: str = BOB) -> Window:
    """A form with a select, a multi select and a text field."""
    sandbox.open_form(select("town"), select("towns", several=True), text_field("name"), user=user)
    window = await sandbox.window(user, width=width)
    await expect(window.modal).to_be_visible(timeout=SECONDS)
    return window


async def test_every_picker_of_a_form_searches_for_what_is_typed_in_its_own_box(
    sandbox: OpenSandbox,
) -> None:
    await sandbox.lists_of_kare()
    bob = await sandbox.window(BOB, SECURITE)
    await bob.command("/anomaly")
    await bob.fill("siteId", "20001")
    for name, query, found in (
        ("technicalInstallationId", "asc", "Ascenseurs"),
        ("reportId", "jean jau", "Jean Jaurès"),
        ("siteId", "lyon", "Lyon"),
    ):
        box, picker = bob.field(name), bob.picker(name)
        await expect(box).to_have_attribute("role", "combobox", timeout=SECONDS)
        await box.fill(query)
        await expect(picker.locator(".picker-list")).to_have_attribute(
            "data-query", query, timeout=SECONDS
        )
        labels = await options(picker).all_inner_texts()
        assert labels != []
        assert [label for label in labels if found not in label] == []
        await box.press("Escape")
    await bob.field("reportId").fill("no such report")
    await expect(bob.picker("reportId").locator(".none")).to_have_text(
        "No results", timeout=SECONDS
    )


def add_listings(sandbox: OpenSandbox, count: int) -> None:
    """Give a property so many more listings, each with a price of its own."""
    catalogue = sandbox.state.sandbox.catalogue
    home = catalogue.properties[ID]
    first = catalogue.classifieds[home["classifieds"][0]["id"]]
    for number in range(count):
        id_ = f"c1a551f1-0002-4c3d-9e2f-{number:012x}"
        price = {**first["transaction"], "price": {"current": 200_000 + 1000 * number}}
        catalogue.classifieds[id_] = {**first, "id": id_, "transaction": price}
        home["classifieds"].append(catalogue.classifieds[id_])


async def test_the_picker_of_a_property_with_many_listings_searches(sandbox: OpenSandbox) -> None:
    """The only picker of /report-issue: up to ten listings are boxes to tick."""
    add_listings(sandbox, 12)
    bob = await sandbox.window(BOB)
    await bob.command(f"/report-issue split {ID}")
    name = "classifiedIds.choose"
    box, picker = bob.field(name), bob.picker(name)
    await expect(box).to_have_attribute("role", "combobox", timeout=SECONDS)
    await box.fill("211,000")
    await expect(options(picker)).to_have_count(1, timeout=SECONDS)
    await expect(options(picker)).to_contain_text("€211,000")
    await options(picker).click()
    await expect(picker.locator(".chip")).to_contain_text("€211,000", timeout=SECONDS)


async def test_the_chosen_value_is_in_the_box_and_several_are_chips(
    quiet_sandbox: OpenSandbox,
) -> None:
    bob = await form(quiet_sandbox)
    await bob.fill("town", "Lille")
    await bob.fill("towns", "Lyon")
    await bob.fill("towns", "Évry")

    await expect(bob.field("town")).to_have_value("Lille", timeout=SECONDS)
    chips = bob.picker("towns").locator(".chip")
    await expect(chips).to_have_text(["Lyon×", "Évry×"], timeout=SECONDS)
    await expect(bob.field("towns")).to_have_value("")
    await bob.picker("town").get_by_role("button", name="Remove Lille").click()
    await expect(bob.field("town")).to_have_value("", timeout=SECONDS)
    screen = quiet_sandbox.state.person(BOB).screen
    assert screen is not None
    assert screen.value("town") is None
    assert screen.value("towns") == ["lyon", "evry"]


async def test_one_list_is_open_at_a_time_and_moves_nothing(quiet_sandbox: OpenSandbox) -> None:
    bob = await form(quiet_sandbox)
    before = await bob.field("name").bounding_box()
    await bob.field("town").click()
    await bob.field("towns").press("ArrowDown")

    await expect(bob.page.locator(".picker-list:visible")).to_have_count(1)
    await expect(options(bob.picker("towns"))).to_have_count(3)
    assert await bob.field("name").bounding_box() == before


async def test_arrows_and_enter_choose_an_option_and_send_nothing(
    quiet_sandbox: OpenSandbox,
) -> None:
    bob = await form(quiet_sandbox)
    box = bob.field("town")
    await box.press("ArrowDown")
    await box.press("ArrowDown")
    await box.press("Enter")

    await expect(box).to_have_value("Évry", timeout=SECONDS)
    await expect(bob.modal).to_be_visible()
    titles = [exchange.title for exchange in quiet_sandbox.state.traffic.exchanges]
    assert titles == []


@pytest.mark.parametrize(("user", "sentence"), [(BOB, "No results"), (ALICE, "Aucun résultat")])
async def test_words_without_accents_find_and_no_result_is_said(
    quiet_sandbox: OpenSandbox, user: str, sentence: str
) -> None:
    window = await form(quiet_sandbox, user=user)
    picker = window.picker("town")
    await window.field("town").fill("evry")
    await expect(options(picker)).to_have_text(["Évry"])
    await window.field("town").fill("paris")

    await expect(picker.locator(".none")).to_be_visible()
    await expect(picker.locator(".none")).to_have_text(sentence)


async def test_escape_closes_the_list_first_and_then_the_form(quiet_sandbox: OpenSandbox) -> None:
    bob = await form(quiet_sandbox)
    await bob.field("town").fill("li")
    await bob.page.keyboard.press("Escape")

    await expect(bob.page.locator(".picker-list:visible")).to_have_count(0)
    await expect(bob.modal).to_be_visible()
    await expect(bob.field("town")).to_have_value("")
    await bob.page.keyboard.press("Escape")
    await expect(bob.modal).to_have_count(0, timeout=SECONDS)


async def test_on_a_telephone_a_list_has_the_whole_screen(quiet_sandbox: OpenSandbox) -> None:
    bob = await form(quiet_sandbox, width=390)
    await bob.field("town").click()
    picker = bob.picker("town")
    assert await picker.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    await options(picker).filter(has_text="Lyon").click()

    await expect(bob.field("town")).to_have_value("Lyon", timeout=SECONDS)
    await expect(bob.page.locator(".picker-list:visible")).to_have_count(0)

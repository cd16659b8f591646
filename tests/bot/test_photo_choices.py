"""A person decides about photos that wait for their anomaly, or that may have arrived."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.commands.reasons import REASONS
from sandbox.slack import Person
from sandbox.slack.seed import ALICE, BOB, SECURITE
from storage import audit, photo_queue
from tests.bot.anomalies import ADD, LIST, fill_own
from tests.bot.pictures import PHOTOS_ON, images, photo_world, photos, picture, report_with
from tests.world import World

BUTTON, FORM = "choose_anomaly", "choose_anomaly"
ADMIN = PHOTOS_ON.model_copy(update={"admins": frozenset({ALICE})})


async def doubtful_report(bot: World, *, findings: int = 1) -> Person:
    """Bob's report is filed, and KARE has a second anomaly like each of its findings."""
    bot.sandbox.kare.faults.next(1, "slow_after")
    bob = await report_with(bot, ("first.jpg", picture()))
    for number in range(1, findings):
        await bob.click(ADD)
        await bob.until(lambda view: LIST in view.buttons and not view.value("title"))
        await fill_own(bob, f"Cable {number} open")
        bob.upload("photos", (f"cable{number}.jpg", picture()))
    await bob.submit()
    await bot.until(lambda: len(bot.sandbox.kare.anomalies) == findings)
    kare = bot.sandbox.kare
    kare.anomalies += [replace(saved, id=saved.id + 50) for saved in kare.anomalies]
    await photos(bot, "waiting", "choose")
    return bob


async def open_choice(bot: World, person: Person) -> Any:
    receipt = await bot.receipt(SECURITE, says="you can choose it")
    await person.press(receipt, BUTTON)
    return await person.until(lambda view: view.callback_id == FORM)


def history(bot: World, why: str) -> list[dict[str, Any]]:
    sql = "select who, cause from history where json_extract(cause, '$.why') = ?"
    return bot.rows(sql, why)


def buttons(blocks: Iterable[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "actions":
            yield from (element["action_id"] for element in block["elements"])


async def test_the_photos_go_to_the_anomaly_that_a_person_chose(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot)
        view = await open_choice(bot, bob)
        assert sorted(view.options("target").items()) == [
            ("900001", "No. 900001: Exit blocked"),
            ("900051", "No. 900051: Exit blocked"),
            ("none", "None of these: do not send the photos"),
        ]
        await bob.choose("target", "900051")
        assert (await bob.submit()).kind == "closed"
        await photos(bot, "sent")
        assert [image.anomaly_id for image in images(bot)] == [900051]
        receipt = await bot.receipt(SECURITE, says="The photo was sent to KARE.")
        assert BUTTON not in buttons(receipt.blocks)
        [row] = history(bot, "photos_chosen")
        assert row["who"] == BOB


async def test_photos_of_no_row_are_not_sent_and_the_receipt_says_who_decided(
    tmp_path: Path,
) -> None:
    async with photo_world(tmp_path, config=ADMIN) as bot:
        await doubtful_report(bot)
        alice = bot.person(ALICE)
        await open_choice(bot, alice)
        await alice.choose("target", "none")
        await alice.submit()
        await photos(bot, "refused", "not_wanted")
        receipt = await bot.receipt(SECURITE, says=f"Not sent, as <@{ALICE}> decided: first.jpg")
        assert BUTTON not in buttons(receipt.blocks)
        assert images(bot) == []


async def test_each_finding_has_its_own_choice(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot, findings=2)
        await open_choice(bot, bob)
        await bob.choose("target", "900051", block_id="0")
        await bob.choose("target", "none", block_id="1")
        await bob.submit()
        await bot.receipt(SECURITE, says="1 of 2 photos were sent to KARE.")
        [image] = images(bot)
        assert image.image.name == "first.jpg"
        assert image.anomaly_id == 900051


async def test_two_findings_cannot_have_the_same_anomaly(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot, findings=2)
        await open_choice(bot, bob)
        for place in ("0", "1"):
            await bob.choose("target", "900051", block_id=place)
        outcome = await bob.submit()
        assert outcome.errors == {
            "1": "Another finding of this report has anomaly no. 900051 already."
            " Choose another one, or none of these."
        }
        assert history(bot, "photos_chosen") == []
        await bob.choose("target", "none", block_id="1")
        assert (await bob.submit()).kind == "closed"


async def test_an_anomaly_that_another_finding_got_before_cannot_be_chosen(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot, findings=2)
        await open_choice(bot, bob)
        await bot.runtime.services.store.write(
            lambda db: db.execute("update photos set target = '900051' where thing = 0")
        )
        await bob.choose("target", "900001", block_id="0")
        await bob.choose("target", "900051", block_id="1")
        assert list((await bob.submit()).errors) == ["1"]


async def test_a_french_person_is_asked_in_french(tmp_path: Path) -> None:
    async with photo_world(tmp_path, config=ADMIN) as bot:
        await doubtful_report(bot)
        alice = bot.person(ALICE)
        await open_choice(bot, alice)
        view = await alice.until(lambda view: view.title == "Choisir l’anomalie")
        assert view.options("target")["none"] == "Aucune\u00a0: ne pas envoyer les photos"
        assert view.labels["target"] == "Quelle anomalie ces photos montrent-elles\u00a0?"


async def test_somebody_else_may_not_choose(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        await doubtful_report(bot)
        alice = bot.person(ALICE)
        receipt = await bot.receipt(SECURITE, says="you can choose it")
        await alice.press(receipt, BUTTON)
        await bot.until(lambda: "Seule la personne qui a fait" in str(alice.ephemerals))
        assert history(bot, "photos_chosen") == []


async def test_the_right_to_choose_is_asked_again_at_the_submission(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot)
        await open_choice(bot, bob)
        await bot.runtime.services.store.write(
            lambda db: db.execute("update reports set who = ?", [ALICE])
        )
        await bob.choose("target", "900001")
        assert (await bob.submit()).kind == "updated"
        assert "Only the person who made" in str((await bob.view()).blocks)
        await photos(bot, "waiting", "choose")


async def test_a_choice_that_is_sent_twice_counts_once(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot)
        await open_choice(bot, bob)
        await bob.choose("target", "900001")
        await bob.submit()
        assert (await bob.submit_again()).kind == "closed"
        await photos(bot, "sent")
        assert len(images(bot)) == 1
        assert len(history(bot, "photos_chosen")) == 1


async def test_the_second_of_two_people_is_told_that_it_is_decided(tmp_path: Path) -> None:
    async with photo_world(tmp_path, config=ADMIN) as bot:
        bob = await doubtful_report(bot)
        alice = bot.person(ALICE)
        await open_choice(bot, bob)
        await open_choice(bot, alice)
        await alice.until(lambda view: view.title == "Choisir l’anomalie")
        await bob.choose("target", "900001")
        await alice.choose("target", "900051")
        await bob.submit()
        assert (await alice.submit()).kind == "updated"
        assert "n’attend plus cette décision" in str((await alice.view()).blocks)
        await photos(bot, "sent")
        assert [image.anomaly_id for image in images(bot)] == [900001]


async def test_a_choice_made_while_the_bot_looks_for_the_anomaly_is_taken_at_once(
    tmp_path: Path,
) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await doubtful_report(bot)
        await open_choice(bot, bob)
        store, now = bot.runtime.services.store, bot.runtime.services.clock.time()
        photo = await store.write(photo_queue.claim, "slow", now=now + 3600, lease=7200.0)
        assert photo is not None
        await bob.choose("target", "900051")
        assert (await bob.submit()).kind == "closed"
        # The search found another one in the meantime: the person's choice stays.
        assert not await store.write(photo_queue.set_target, photo, "900001")
        await store.write(
            photo_queue.postpone, photo, "slow", {"why": "not_found"}, until=now + 900, now=now
        )
        bot.runtime.back_office.news_of("kare", None)
        await photos(bot, "sent")
        assert [image.anomaly_id for image in images(bot)] == [900051]


async def test_a_form_of_long_titles_fits_what_slack_takes(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bot.sandbox.kare.faults.next(1, "slow_after")
        bob = await report_with(bot, ("a.jpg", picture()), title="&<" * 50)
        await bob.submit()
        await bot.until(lambda: bot.sandbox.kare.anomalies)
        first = bot.sandbox.kare.anomalies[0]
        bot.sandbox.kare.anomalies += [replace(first, id=first.id + n) for n in range(1, 20)]
        await photos(bot, "waiting", "choose")
        view = await open_choice(bot, bob)
        assert len(view.options("target")) == 16


async def unclear_photo(bot: World) -> Person:
    bot.sandbox.kare.faults.next(1, "cut", on="POST /anomalies/v2/rs/900001/images")
    bob = await report_with(bot, ("a.jpg", picture()))
    await bob.submit()
    await photos(bot, "unclear", "cut")
    return bob


async def test_a_photo_in_doubt_that_a_person_found_counts_as_sent(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await unclear_photo(bot)
        receipt = await bot.receipt(SECURITE, says="We do not know whether KARE received it")
        assert list(buttons(receipt.blocks)) == ["photos_there", "photos_again"]
        await bob.press(receipt, "photos_there")
        await photos(bot, "sent", "confirmed")
        receipt = await bot.receipt(SECURITE, says=f"because <@{BOB}> found them in KARE: a.jpg")
        assert list(buttons(receipt.blocks)) == []
        assert len(images(bot)) == 1
        [row] = history(bot, "photos_there")
        assert row["who"] == BOB


async def test_a_photo_in_doubt_is_sent_again_once_on_request(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await unclear_photo(bot)
        receipt = await bot.receipt(SECURITE, says="We do not know whether KARE received it")
        [again] = [
            element
            for block in receipt.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"] == "photos_again"
        ]
        assert "they will be there twice" in str(again["confirm"])
        await bob.press(receipt, "photos_again")
        await photos(bot, "sent")
        assert len(bot.sandbox.kare.images.stored) == 1
        assert len(history(bot, "photos_again")) == 1


async def test_somebody_else_may_not_settle_a_photo_in_doubt(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        await unclear_photo(bot)
        alice = bot.person(ALICE)
        receipt = await bot.receipt(SECURITE, says="We do not know whether KARE received it")
        await alice.press(receipt, "photos_again")
        await bot.until(lambda: "Seule la personne qui a fait" in str(alice.ephemerals))
        await photos(bot, "unclear", "cut")


async def test_the_audit_trail_fits_after_a_decision_about_photos(tmp_path: Path) -> None:
    async with photo_world(tmp_path) as bot:
        bob = await unclear_photo(bot)
        receipt = await bot.receipt(SECURITE, says="We do not know whether KARE received it")
        await bob.press(receipt, "photos_there")
        await photos(bot, "sent", "confirmed")
        assert await bot.runtime.services.store.read(lambda db: list(audit.faults(db))) == []


@pytest.mark.parametrize("why", ["photos_chosen", "photos_there", "photos_again"])
def test_the_log_says_each_decision_in_words(why: str) -> None:
    assert why in REASONS

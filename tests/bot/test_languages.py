"""Each person reads their own language; a channel reads the workspace's."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from sandbox.slack import Person
from sandbox.slack.faults import SlackFault
from sandbox.slack.seed import ALICE, ANNONCES, BOB, DIRECTION
from storage import users as stored
from tests.world import ID, World, world

FRENCH, ENGLISH = "Signaler un problème", "Report a data issue"


async def test_a_person_not_known_yet_is_drawn_the_form_again_in_their_language(
    bot: World, alice: Person
) -> None:
    bot.slack.faults.set("users.info", SlackFault("slow", seconds=0.1), times=1)
    await alice.command("/report-issue", f"other {ID} fermé", channel=ANNONCES)
    first = await alice.view()
    await alice.type("comment", "fermé depuis mars")
    then = await alice.until(lambda view: view.title == FRENCH)
    assert (first.title, then.value("comment"), then.value("propertyIds")) == (
        ENGLISH,
        "fermé depuis mars",
        ID,
    )


async def test_a_person_known_already_gets_the_form_in_their_language_at_once(
    bot: World, alice: Person
) -> None:
    await alice.command("/report-issue", channel=ANNONCES)
    await alice.until(lambda view: view.title == FRENCH)
    await alice.close()
    await alice.command("/report-issue", channel=ANNONCES)
    view = await alice.view()
    assert (view.title, len(bot.slack.calls_of("users.info"))) == (FRENCH, 1)


async def test_a_language_is_remembered_by_the_next_start(tmp_path: Path) -> None:
    async with world(tmp_path) as first:
        alice = first.person(ALICE)
        await alice.command("/anomaly", channel=ANNONCES)
        await alice.until(lambda view: view.title == "Signaler une anomalie")
        await alice.close()
        sandbox = first.sandbox
    async with world(tmp_path, sandbox=sandbox) as second:
        alice = second.person(ALICE)
        await alice.command("/anomaly", channel=ANNONCES)
        assert (await alice.view()).title == "Signaler une anomalie"


async def test_a_choice_made_before_the_language_was_known_ends_in_that_language(
    bot: World, alice: Person
) -> None:
    bot.slack.faults.set("users.info", SlackFault("slow", seconds=0.1), times=1)
    await alice.command("/report-issue", ID, channel=ANNONCES)
    await alice.view()
    await alice.choose("issueKind", "other")
    view = await alice.until(lambda view: view.title == FRENCH and "issueFacets" not in view.fields)
    assert (view.value("issueKind"), view.value("propertyIds")) == ("other", ID)


async def test_two_people_of_two_languages_at_once_each_get_their_own(
    bot: World, alice: Person, bob: Person
) -> None:
    for person in (alice, bob):
        await person.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await alice.until(lambda view: view.title == FRENCH)
    await bob.until(lambda view: view.title == ENGLISH)
    outcomes = await asyncio.gather(alice.submit(raw=True), bob.submit(raw=True))
    assert [outcome.errors for outcome in outcomes] == [
        {"comment": "Décrivez le problème en quelques mots."},
        {"comment": "Describe the problem in a few words."},
    ]


async def test_a_channel_reads_the_workspaces_language_whoever_reports(tmp_path: Path) -> None:
    async with world(tmp_path, settings={"CONSTAT_LANGUAGE": "fr"}) as bot:
        bob = bot.person(BOB)
        await bob.command("/report-issue", f"other {ID} gone", channel=ANNONCES)
        await bob.until(lambda view: view.title == ENGLISH)
        await bob.submit()
        receipt = await bot.receipt(ANNONCES, says="Transmis à Immoteur")
        assert "gone" in bob.read(receipt)


async def test_a_direct_message_is_in_the_persons_language(bot: World, alice: Person) -> None:
    await alice.command("/report-issue", f"other {ID} fermé", channel=DIRECTION)
    await alice.until(lambda view: view.title == FRENCH)
    await alice.submit()
    messages = await bot.until(
        lambda: [
            message for message in alice.direct_messages if "Transmis à Immoteur" in message.text
        ]
    )
    assert "car je ne peux pas écrire" in alice.read(messages[0])


async def test_a_person_whose_language_slack_does_not_tell_gets_the_workspaces(
    bot: World, alice: Person
) -> None:
    bot.slack.faults.set("users.info", SlackFault("error", error="missing_scope"))
    await alice.command("/report-issue", channel=ANNONCES)
    await bot.slack.called("users.info")
    await alice.choose("issueKind", "other")
    view = await alice.until(lambda view: "issueFacets" not in view.fields)
    assert view.title == ENGLISH


async def test_a_choice_whose_message_was_lost_counts_after_the_next_sign_in(bot: World) -> None:
    """Another process has stored it, and the connection for messages was lost just then."""
    services = bot.runtime.services
    await services.store.write(stored.choose_language, BOB, "fr")
    assert services.users.chosen_language(BOB) == ""
    await services.users.sign_in()
    assert services.users.chosen_language(BOB) == "fr"


@pytest.mark.parametrize("language", ["fr", ""])
async def test_a_choice_that_comes_while_all_are_read_is_kept(
    bot: World, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = bot.runtime.services
    await services.users.choose_language(BOB, "en")
    read = services.store.read

    async def and_then_a_choice(work: Any, *values: Any, **named: Any) -> Any:
        found = await read(work, *values, **named)
        if work is stored.chosen_languages:
            await services.users.choose_language(BOB, language)
        return found

    monkeypatch.setattr(services.store, "read", and_then_a_choice)
    await services.users.sign_in()
    assert services.users.chosen_language(BOB) == language

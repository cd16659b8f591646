"""What an API answered is told in the thread, with what a person typed shown as they typed it."""

from typing import Any

import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Message, Person
from sandbox.slack.seed import ANNONCES, SECURITE
from tests.world import ID, World

UNKNOWN = "Nothing is sent again automatically"


async def issue(person: Person, comment: str = "gone") -> None:
    await person.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await person.view()
    await person.type("comment", comment)
    await person.submit()


async def anomaly(person: Person) -> None:
    await person.command("/anomaly", "1204 Exit blocked", channel=SECURITE)
    await person.view()
    for name, text in (
        ("siteId", "31"),
        ("technicalInstallationId", "7"),
        ("description", "Boxes before the door"),
    ):
        await person.enter(name, text)
    await person.choose("risk", "0")
    await person.submit()


def now(bot: World, message: Message) -> Message:
    shown: Message = bot.slack.workspace.messages[message.channel][message.ts]
    return shown


async def test_a_commands_report_opens_a_thread_and_keeps_one_receipt_true(
    bot: World, bob: Person
) -> None:
    await issue(bob)
    receipt = await bot.receipt(ANNONCES, says="Filed with Immoteur")
    opener, *replies = bot.slack.workspace.thread(ANNONCES, receipt.thread_ts)
    filed = bot.sandbox.immoteur.issues[0]
    read = bob.read(receipt)
    await bot.until(lambda: "✅" in now(bot, opener).text)
    line = bob.read(now(bot, opener))
    assert line.startswith("Another problem: gone · property 0f8fad5b… · reported by @bob · ")
    assert "✅ filed today" in line
    assert [reply.ts for reply in replies] == [receipt.ts]
    assert f"Ref. {filed.report_id}" in read


async def test_a_filed_anomaly_says_its_report(bot: World, bob: Person) -> None:
    await anomaly(bob)
    read = bob.read(await bot.receipt(SECURITE, says="Filed with KARE"))
    assert "Report: No. 1204" in read
    assert "Warning" not in read


async def test_fewer_created_than_sent_is_told_loudly(bot: World, bob: Person) -> None:
    bot.sandbox.kare.insert_only = 0
    await anomaly(bob)
    read = bob.read(await bot.receipt(SECURITE, says="Filed with KARE"))
    assert "Warning: KARE created only 0 of the 1 findings sent." in read


TYPED = "<!channel> <@U0ALICE001> *bold* _it_ ~no~ `x` &amp; <https://x.fr|y> https://x.fr :fire:"


async def test_what_a_person_typed_is_shown_to_the_letter_and_disturbs_nobody(
    bot: World, bob: Person
) -> None:
    await issue(bob, TYPED)
    receipt = await bot.receipt(ANNONCES, says="Filed with Immoteur")
    posted = bot.slack.workspace.thread(ANNONCES, receipt.thread_ts)
    pings = {ping for message in posted for ping in message.pings} - {"<@U0BOB00001>"}
    assert TYPED in bob.read(receipt)
    assert pings == set()
    assert [message.unfurls for message in posted] == [False, False]


async def test_4000_characters_are_shown_in_full(bot: World, bob: Person) -> None:
    await bob.command("/report-issue", f"other {ID}", channel=ANNONCES)
    await bob.view()
    await bob.type("comment", "<&> " * 750)
    await bob.click("comment.more.show")
    await bob.until(lambda view: "comment.more" in view.fields)
    await bob.type("comment.more", "é" * 999)
    await bob.submit()
    read = bob.read(await bot.receipt(ANNONCES, says="Filed with Immoteur"))
    assert (read.count("<&>"), read.count("é")) == (750, 999)


async def test_every_message_has_a_text_beside_its_blocks(bot: World, bob: Person) -> None:
    await issue(bob)
    await bot.receipt(ANNONCES, says="Filed with Immoteur")
    calls = [*bot.slack.calls_of("chat.postMessage"), *bot.slack.calls_of("chat.update")]
    filled = [(bool(call.args["text"].strip()), bool(call.args["blocks"])) for call in calls]
    assert filled == [(True, True)] * len(calls)


ANSWERS: list[tuple[str, Any, str, list[str]]] = [
    ("422", ApiFault("422"), "refused",
     ["Not filed: Immoteur refused it",
      "Press *Edit* to correct it.",
      "Immoteur says about “Listing or property”: “Cannot be reported”",
      "Immoteur answered 422"]),
    ("409", ApiFault("409"), "refused",
     ["Data access of our account is not configured in Immoteur",
      "https://immoteur.com/dashboard/settings/data-access"]),
    ("401", ApiFault("401"), "held",
     ["Saved, on hold", "Immoteur does not let the bot in."]),
    ("403", ApiFault("403"), "refused", ["Not filed", "answered 403", "Ask the account"]),
    ("404", ApiFault("404"), "refused", ["Not filed", "answered 404"]),
    ("a page", ApiFault("html"), "unknown", [UNKNOWN, "answered 200"]),
    ("nothing", ApiFault("empty"), "unknown", [UNKNOWN, "answered 201"]),
    ("nonsense", ApiFault("nonsense"), "unknown", [UNKNOWN, "answered 201"]),
    ("500", ApiFault("500"), "unknown", [UNKNOWN, "answered 500"]),
    ("504", ApiFault("504"), "unknown", [UNKNOWN, "answered 504"]),
    ("no answer", ApiFault("cut"), "unknown", ["no answer came", UNKNOWN]),
    ("busy", ApiFault("503", retry_after=600), "waiting", ["is busy. Next try:"]),
    ("limited", ApiFault("429", retry_after=600), "waiting", ["is busy. Next try:"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "state", "says"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
async def test_what_immoteur_answered_is_told_and_the_text_kept(
    bot: World, bob: Person, fault: ApiFault, state: str, says: list[str]
) -> None:
    bot.sandbox.immoteur.faults.always(fault)
    if fault.kind == "401":
        bot.sandbox.immoteur.faults.always(fault, on="GET /auth")
    await issue(bob, "kept <word> for word")
    row = await bot.state(1, state)
    receipt = await bot.receipt(ANNONCES, says=says[0])
    read = bob.read(now(bot, receipt))
    assert [text for text in says if text not in read] == []
    assert "kept <word> for word" in read
    assert "kept <word> for word" in row["payload"]


KARES: list[tuple[str, ApiFault, str, list[str]]] = [
    ("400", ApiFault("400"), "refused", ["Not filed: KARE refused it", "KARE answered 400"]),
    ("a page", ApiFault("html"), "unknown", [UNKNOWN]),
    ("nothing", ApiFault("empty"), "unknown", [UNKNOWN]),
    ("502", ApiFault("502"), "unknown", [UNKNOWN, "answered 502"]),
    (
        "403",
        ApiFault("403"),
        "refused",
        ["Not filed", "answered 403", "Ask the account"],
    ),
]


@pytest.mark.parametrize(
    ("fault", "state", "says"), [case[1:] for case in KARES], ids=[case[0] for case in KARES]
)
async def test_what_kare_answered_is_told(
    bot: World, bob: Person, fault: ApiFault, state: str, says: list[str]
) -> None:
    bot.sandbox.kare.faults.always(fault)
    bot.sandbox.kare.faults.always("500", on="GET /anomalies/v3/rs")
    await anomaly(bob)
    await bot.state(1, state)
    read = bob.read(await bot.receipt(SECURITE, says=says[0]))
    assert [text for text in says if text not in read] == []


async def test_a_report_on_hold_is_said_to_be_safe_without_names_of_settings(
    bot: World, bob: Person
) -> None:
    bot.sandbox.kare.login_refused = True
    await anomaly(bob)
    await bot.state(1, "held")
    read = bob.read(await bot.receipt(SECURITE, says="Saved, on hold"))
    assert "Your report is safe" in read
    assert "KARE_" not in read


async def test_a_report_that_kare_forbids_does_not_hold_up_the_next(
    bot: World, bob: Person
) -> None:
    bot.sandbox.kare.faults.next(2, "403")
    await anomaly(bob)
    await bot.state(1, "refused")
    await anomaly(bob)
    if (view := bob.screen) is not None and "file_anyway" in view.buttons:
        await bob.submit()
    assert (await bot.state(2, "filed"))["remote_id"] == "1204"

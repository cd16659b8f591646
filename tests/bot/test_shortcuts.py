"""A message's menu: what the form takes from the message, and where its receipt is told."""

import pytest

from sandbox.slack import Message, Person
from sandbox.slack.seed import ANNONCES, BOB, DIRECTION, GENERAL, PRIVATE_TALK
from tests.world import ID, OTHER_ID, World

LISTING = f"https://immoteur.com/p/{ID}"


def say(bot: World, text: str, channel: str = ANNONCES, **more: object) -> Message:
    message: Message = bot.slack.workspace.say(channel, BOB, text, **more)
    return message


def link_to(bot: World, message: Message) -> str:
    link: str = bot.slack.workspace.permalink(message.channel, message.ts)
    return link


async def opened(person: Person, message: Message, name: str = "report_issue") -> None:
    await person.shortcut(f"{name}_from_message", message)
    await person.until(lambda view: view.callback_id == name)


async def file_other(person: Person, message: Message) -> None:
    await opened(person, message)
    await person.choose("issueKind", "other")
    await person.until(lambda view: "issueFacets" not in view.fields)
    await person.submit()


async def test_the_form_takes_a_messages_ids_text_and_link(bot: World, bob: Person) -> None:
    message = say(bot, f"<@{BOB}> {LISTING}?a=1&b=2 & {OTHER_ID} are < the same >")
    await opened(bob, message)
    view = bob.screen
    assert view is not None
    assert (view.value("propertyIds"), view.value("comment")) == (
        f"{ID}\n{OTHER_ID}",
        f"@{BOB} {LISTING}?a=1&b=2 & {OTHER_ID} are < the same >\n{link_to(bot, message)}",
    )


@pytest.mark.parametrize(
    "attachment",
    [
        {"from_url": LISTING},
        {"original_url": LISTING},
        {"title": "A flat", "title_link": LISTING},
        {"is_share": True, "text": f"see <{LISTING}|this flat>"},
        {"actions": [{"type": "button", "text": "Open", "url": LISTING}]},
    ],
    ids=["from_url", "original_url", "title_link", "forwarded", "button"],
)
async def test_ids_are_found_in_what_hangs_on_a_message(
    bot: World, bob: Person, attachment: dict[str, object]
) -> None:
    await opened(bob, say(bot, "look", attachments=(attachment,)))
    view = bob.screen
    assert view is not None
    assert view.value("propertyIds") == ID


async def test_an_anomaly_takes_a_messages_text_and_link_as_its_description(
    bot: World, bob: Person
) -> None:
    message = say(bot, "boxes & bikes before the exit")
    await opened(bob, message, "anomaly")
    view = bob.screen
    assert view is not None
    assert view.value("description") == f"boxes & bikes before the exit\n{link_to(bot, message)}"


async def test_a_message_longer_than_both_fields_is_cut_with_a_mark_before_its_link(
    bot: World, bob: Person
) -> None:
    message = say(bot, "word " * 1500)
    await opened(bob, message)
    view = bob.screen
    assert view is not None
    whole = f"{view.value('comment')}\n{view.value('comment.more')}"
    assert 3900 < len(whole) <= 4000
    assert whole.endswith(f" word…\n{link_to(bot, message)}")


async def test_a_receipt_is_told_under_the_message(bot: World, bob: Person) -> None:
    message = say(bot, f"wrong: {ID}")
    await file_other(bob, message)
    receipt = await bot.receipt(ANNONCES, says="Filed with Immoteur", under=message.ts)
    posted = [call.args.get("thread_ts") for call in bot.slack.calls_of("chat.postMessage")]
    assert (receipt.thread_ts, posted) == (message.ts, [message.ts])


async def test_a_shortcut_in_a_thread_is_told_in_that_thread(bot: World, bob: Person) -> None:
    parent = say(bot, "any news?")
    reply = say(bot, f"wrong: {ID}", thread_ts=parent.ts)
    await file_other(bob, reply)
    receipt = await bot.receipt(ANNONCES, says="Filed with Immoteur", under=parent.ts)
    sent = bot.sandbox.immoteur.issues[0].body["comment"]
    assert (receipt.thread_ts, sent.split("\n")[1]) == (
        parent.ts,
        f"{link_to(bot, reply)}?thread_ts={parent.ts}&cid={ANNONCES}",
    )


@pytest.mark.parametrize(
    "channel", [GENERAL, DIRECTION, PRIVATE_TALK], ids=["out", "private", "dm"]
)
async def test_where_the_bot_is_not_the_person_is_told_directly_with_a_link(
    bot: World, bob: Person, channel: str
) -> None:
    message = say(bot, f"wrong: {ID}", channel)
    await file_other(bob, message)
    messages = await bot.until(
        lambda: [
            message for message in bob.direct_messages if "Filed with Immoteur" in message.text
        ]
    )
    assert len(bob.direct_messages) == 1
    assert link_to(bot, message) in bob.read(messages[0])
    assert "because I cannot post in" in bob.read(messages[0])


async def test_a_command_where_the_bot_is_not_is_told_directly_with_the_channel(
    bot: World, bob: Person
) -> None:
    await bob.command("/report-issue", f"other {ID} gone", channel=GENERAL)
    await bob.view()
    await bob.submit()
    messages = await bot.until(
        lambda: [
            message for message in bob.direct_messages if "Filed with Immoteur" in message.text
        ]
    )
    assert "I cannot post in #general" in bob.read(messages[0])


async def test_an_archived_channel_is_told_directly(bot: World, bob: Person) -> None:
    message = say(bot, f"wrong: {ID}")
    await opened(bob, message)
    bot.slack.workspace.archive(ANNONCES)
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.submit()
    messages = await bot.until(
        lambda: [
            message for message in bob.direct_messages if "Filed with Immoteur" in message.text
        ]
    )
    assert link_to(bot, message) in bob.read(messages[0])


async def test_a_message_deleted_meanwhile_does_not_keep_the_receipt_back(
    bot: World, bob: Person
) -> None:
    """Slack then posts into the channel, without an error."""
    message = say(bot, f"wrong: {ID}")
    await opened(bob, message)
    bot.slack.workspace.delete(ANNONCES, message.ts)
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.submit()
    space = bot.slack.workspace
    messages = await bot.until(
        lambda: [
            message for message in space.history(ANNONCES) if "Filed with Immoteur" in message.text
        ]
    )
    assert len(messages) == 1

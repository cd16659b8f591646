"""Posted links in tests: a sandbox that takes them, and what became of them."""

from typing import Any

from sandbox.slack import Message, Person
from tests.world import World, without_lists

Json = dict[str, Any]
DOMAINS = ("seloger.com", "pap.fr", "bienici.com", "orpi.com")
BUTTON = "report_link.report_issue"
MANY = 15
"""Messages with a link. The same test with 40 of them waits for Slack's limit."""


def with_links(*domains: str) -> Any:
    sandbox = without_lists()
    workspace = sandbox.slack.workspace
    workspace.app = workspace.app.with_links(*(domains or DOMAINS))
    return sandbox


def current(bot: World, message: Message) -> Message:
    found: Message = bot.slack.workspace.messages[message.channel][message.ts]
    return found


async def unfurled(bot: World, message: Message, count: int = 1) -> Message:
    """The message once so many of its links are unfurled."""
    await bot.until(lambda: len(current(bot, message).attachments) >= count)
    return current(bot, message)


async def idle(bot: World) -> None:
    """Wait until nothing is being unfurled any more."""
    tasks = bot.runtime.services.tasks
    await bot.until(lambda: not tasks._running)


async def report(bob: Person, message: Message) -> None:
    await bob.press_unfurl(message, BUTTON)
    await bob.view()
    await bob.choose("issueKind", "other")
    await bob.until(lambda view: "issueFacets" not in view.fields)
    await bob.type("comment", "the page is empty")
    await bob.submit()

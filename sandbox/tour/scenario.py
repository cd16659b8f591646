"""The sandbox and the bot of a tour, and what its steps do and print alike."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from sandbox.sandbox import Sandbox
from sandbox.slack import BotLink, Message, Person
from sandbox.slack.reader import Reader
from sandbox.slack.screen import render_message, render_thread
from sandbox.slack.seed import BOB

TIMEOUT = 15.0
"""Seconds within which a receipt must say its words, and a link must unfold."""
FILED = ("Filed with", "Transmis à")
"""The words of a receipt, in the language of the channel."""
PHOTO_SENT = ("The photo was sent to", "La photo a été envoyée à")


@dataclass
class Scenario:
    """The sandbox and the bot of a tour."""

    sandbox: Sandbox
    bot: BotLink
    printed: set[str] = field(default_factory=set)
    """The threads that were printed already, by the ts of their parent."""

    def person(self, user: str) -> Person:
        return Person(self.sandbox.slack, user, self.bot)

    async def thread(
        self, channel: str, *, under: str | None = None, says: Sequence[str] = FILED
    ) -> list[Message]:
        """The thread under a message, or the newest of the channel, once its receipt has one of
        the texts in `says`.

        :raises TimeoutError: after TIMEOUT seconds
        """
        workspace = self.sandbox.slack.workspace
        ends = time.monotonic() + TIMEOUT
        while time.monotonic() < ends:
            history = workspace.history(channel)
            fresh = [message.ts for message in history if message.ts not in self.printed]
            parent = under or (fresh[-1] if fresh else "")
            messages = workspace.thread(channel, parent)
            if len(messages) > 1 and any(words in messages[-1].text for words in says):
                self.printed.add(parent)
                return messages
            await asyncio.sleep(0.05)
        raise TimeoutError(f"no receipt in {channel} says {says[0]!r}")

    async def unfurled(self, message: Message) -> Message:
        """The message, once the bot has unfolded a link in it.

        :raises TimeoutError: after TIMEOUT seconds
        """
        messages = self.sandbox.slack.workspace.messages[message.channel]
        ends = time.monotonic() + TIMEOUT
        while time.monotonic() < ends:
            if messages[message.ts].attachments:
                return messages[message.ts]
            await asyncio.sleep(0.05)
        raise TimeoutError(f"no link in {message.channel} has unfolded")

    def show_thread(self, messages: list[Message]) -> None:
        reader = Reader(self.sandbox.slack.workspace, self.person(BOB).user)
        print("\n--- the thread\n" + render_thread(messages, reader))

    def show_message(self, message: Message) -> None:
        reader = Reader(self.sandbox.slack.workspace, self.person(BOB).user)
        print("\n--- the message\n" + render_message(message, reader))


Step = Callable[[Scenario], Awaitable[None]]


def print_step(text: str) -> None:
    print(f"\n=== {text}")


def text_on_screen(person: Person) -> str:
    """The open form of a person.

    :raises RuntimeError: when no form is open
    """
    if person.screen is None:
        raise RuntimeError(f"{person.user.name} has no form open")
    return person.screen.text()


async def submit(person: Person) -> None:
    """Print the form and send it, also where it warns of an earlier report.

    :raises RuntimeError: when the bot refuses the form
    """
    print("\n--- the form\n" + text_on_screen(person))
    outcome = await person.submit()
    if outcome.kind == "updated" and person.screen and "file_anyway" in person.screen.buttons:
        print("\n--- it was reported before; the form asks whether to file it")
        print(text_on_screen(person))
        outcome = await person.submit()
    if outcome.kind != "closed":
        raise RuntimeError(f"the form was not accepted: {outcome}")

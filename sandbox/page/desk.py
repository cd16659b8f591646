"""What the page stands on: one sandbox, one bot, and what Slack's client remembers of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.page.bell import Bell
from sandbox.page.glass import Glass, WatchedLink
from sandbox.page.keeper import Keeper
from sandbox.page.ledger import Ledger
from sandbox.page.manifest import Manifest
from sandbox.page.pen import Pen
from sandbox.page.switches import Switches
from sandbox.page.tab import Place, Tab, place_of
from sandbox.page.tongue import Tongue
from sandbox.page.words import Writer
from sandbox.sandbox import Sandbox
from sandbox.slack import Channel, Person
from sandbox.slack.form import Key
from sandbox.slack.reader import Reader
from sandbox.slack.seed import ALICE, ANNONCES

FieldOf = tuple[str, Key]
"""The id of a view, and one of its fields."""


@dataclass
class Desk:
    """One for a sandbox; `keeper` is None where a test runs the bot itself."""

    sandbox: Sandbox
    link: WatchedLink
    bell: Bell
    glass: Glass
    ledger: Ledger
    manifest: Manifest
    keeper: Keeper | None = None
    authors: dict[FieldOf, str] = field(default_factory=dict)
    """The browser that changed a field last."""
    found: dict[FieldOf, dict[str, str]] = field(default_factory=dict)
    """What the last search of an external select found: labels by value."""
    drafts: dict[tuple[str, str, str | None], str] = field(default_factory=dict)
    """What stands in a message box, by person, conversation and thread."""
    said: dict[tuple[str, str, str | None], str] = field(default_factory=dict)
    """What was sent last from there."""
    read: dict[str, int] = field(default_factory=dict)
    """How many of Slack's notices a person has seen."""

    def __post_init__(self) -> None:
        self._people: dict[str, Person] = {}
        self.switches = Switches(self.sandbox, self.link, self.keeper)
        for user in self.sandbox.slack.workspace.users:
            self.sandbox.slack.workspace.dm_with_bot(user)

    def place(self, query: Mapping[str, str]) -> Place:
        """The place an address names, or the nearest one that there is."""
        place = place_of(query, user=ALICE, channel=ANNONCES)
        if place.user not in self.sandbox.slack.workspace.users:
            place = place.but(user=ALICE)
        seen = {one.id for one in self.channels_of(place.user)}
        return place if place.channel in seen else place.but(channel=ANNONCES, thread=None)

    def person(self, user: str) -> Person:
        """One for each, however many browsers are theirs: their notices are in it."""
        if user not in self._people:
            self._people[user] = Person(self.sandbox.slack, user, self.link)
        return self._people[user]

    def pen(self, tab: Tab) -> Pen:
        space = self.sandbox.slack.workspace
        reader = Reader(space, space.users[tab.place.user])
        writer = Writer(reader, tab.place, space.team.domain)
        return Pen(writer, Tongue(reader.language), tab)

    def channels_of(self, user: str) -> list[Channel]:
        """What a person's list of conversations shows."""
        channels = self.sandbox.slack.workspace.channels.values()
        return [one for one in channels if one.kind == "public" or user in one.members]

    def name_of(self, channel: Channel, user: str) -> str:
        """A direct message is named after the other."""
        if channel.kind != "im":
            return channel.name
        space = self.sandbox.slack.workspace
        reader = Reader(space, space.users[user])
        return ", ".join(reader.name_of(one) for one in sorted(channel.members - {user}))

    def in_modal(self, user: str) -> bool:
        """Whether a modal covers everything else."""
        return bool(self.sandbox.slack.views.screens[user].stack)

    def notices(self, user: str) -> list[str]:
        return self.person(user).notices[self.read.get(user, 0) :]

    def forget_notices(self, user: str) -> None:
        self.read[user] = len(self.person(user).notices)


def make_desk(
    sandbox: Sandbox,
    link: WatchedLink,
    db: Path,
    manifest: Manifest,
    keeper: Keeper | None = None,
    bell: Bell | None = None,
) -> Desk:
    bell = bell or Bell()
    clock = sandbox.slack.workspace.clock
    glass = Glass(bell, clock)
    link.glass = glass
    return Desk(sandbox, link, bell, glass, Ledger(db, bell, clock), manifest, keeper)

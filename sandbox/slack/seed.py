"""A small workspace: three people, four channels, one private conversation."""

import time
from collections.abc import Callable

from sandbox.slack.model import App, Channel, User
from sandbox.slack.workspace import Workspace

ALICE, BOB, CAROL = "U0ALICE001", "U0BOB00001", "U0CAROL001"
ANNONCES, SECURITE, DIRECTION, GENERAL = "C0ANNONCES", "C0SECURITE", "C0DIRECTIO", "C0GENERAL1"
PRIVATE_TALK = "D0ALICEBOB"


def seed(*, app: App | None = None, clock: Callable[[], float] = time.time) -> Workspace:
    """Alice (French), Bob and Carol; the bot is in #annonces and #securite only.

    #direction is private and #general public, both without the bot; Alice and Bob have a DM.
    """
    workspace = Workspace(app=app, clock=clock)
    workspace.add_user(User(ALICE, "alice", locale="fr-FR", tz="Europe/Paris"))
    workspace.add_user(User(BOB, "bob", locale="en-US", tz="America/New_York"))
    workspace.add_user(User(CAROL, "carol", locale="en-GB", tz="Europe/London"))
    people = frozenset({ALICE, BOB, CAROL})
    with_bot = people | {workspace.app.bot_user_id}
    workspace.add_channel(Channel(ANNONCES, "annonces", members=with_bot))
    workspace.add_channel(Channel(SECURITE, "securite", members=with_bot))
    workspace.add_channel(Channel(DIRECTION, "direction", kind="private", members=people))
    workspace.add_channel(Channel(GENERAL, "general", members=people))
    workspace.add_channel(Channel(PRIVATE_TALK, "", kind="im", members=frozenset({ALICE, BOB})))
    return workspace

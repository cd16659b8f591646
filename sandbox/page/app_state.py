"""The state of the page: a sandbox, a bot, and what Slack's client keeps for a person."""

from collections import defaultdict
from pathlib import Path

from sandbox.page import manifest
from sandbox.page.api_ports import ApiPort
from sandbox.page.bot_supervisor import BotSupervisor
from sandbox.page.change_event import ChangeEvent
from sandbox.page.fault_switches import FaultSwitches
from sandbox.page.field_view import Search
from sandbox.page.row_watcher import RowWatcher
from sandbox.page.traffic_log import LoggedBotLink, TrafficLog
from sandbox.page.unread import Unread
from sandbox.sandbox import Sandbox
from sandbox.slack import Person
from sandbox.slack.seed import BOB

ViewField = tuple[str, tuple[str, str]]
"""The id of a view, and the key of one of its fields."""
Box = tuple[str, str, str | None]
"""A message box: a person, a conversation, a thread."""


class AppState:
    """The state of one page.

    last_editors    the id of the tab that changed a field last
    searches        the last search of an external select
    first_user      the person of an address that names nobody
    unread          the messages that somebody has not seen
    drafts          the text in a message box
    sent_texts      the last text that was sent from a message box
    """

    def __init__(self, sandbox: Sandbox, db: Path, *, bot_port: int, first_user: str = BOB) -> None:
        self.sandbox = sandbox
        self.first_user = first_user
        self.unread = Unread(sandbox.slack.workspace)
        self.changes = ChangeEvent()
        self.traffic = TrafficLog(self.changes, sandbox.slack.workspace.clock)
        self.rows = RowWatcher(db, self.changes, sandbox.slack.workspace.clock)
        self.manifest = manifest.read()
        self.link = LoggedBotLink(self.traffic, f"http://127.0.0.1:{bot_port}")
        self.supervisor = BotSupervisor(
            db, log=db.with_suffix(".log"), changes=self.changes, port=bot_port
        )
        self.ports = {
            "immoteur": ApiPort(sandbox.immoteur.add_routes, self.traffic),
            "kare": ApiPort(sandbox.kare.add_routes, self.traffic),
        }
        self.switches = FaultSwitches(sandbox, self.link, self.supervisor, self.ports)
        self.last_editors: dict[ViewField, str] = {}
        self.searches: dict[ViewField, Search] = {}
        self.drafts: dict[Box, str] = {}
        self.sent_texts: dict[Box, str] = {}
        self._people: dict[str, Person] = {}
        self._read_notices: dict[str, int] = defaultdict(int)
        for user in sandbox.slack.workspace.users:
            sandbox.slack.workspace.dm_with_bot(user)

    def person(self, user: str) -> Person:
        """The same object for all tabs of a person, because it keeps their notices."""
        if user not in self._people:
            self._people[user] = Person(self.sandbox.slack, user, self.link)
        return self._people[user]

    def has_modal(self, user: str) -> bool:
        """Whether a modal covers everything else."""
        return bool(self.sandbox.slack.views.screens[user].stack)

    def notices(self, user: str) -> list[str]:
        """Slack's notices that the person has not dismissed."""
        return self.person(user).notices[self._read_notices[user] :]

    def forget_notices(self, user: str) -> None:
        self._read_notices[user] = len(self.person(user).notices)

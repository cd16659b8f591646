"""Trouble on demand: what can be switched on for each API, for Slack, and for the bot."""

from collections.abc import Mapping

from sandbox.faults import ApiFault, ApiFaults
from sandbox.page.glass import WatchedLink
from sandbox.page.keeper import Keeper
from sandbox.sandbox import Sandbox
from sandbox.slack.faults import SlackFault

WELL = "well"
API_KINDS = {
    WELL: "answers well",
    "down": "down: no connection",
    "slow": "slow: 5 s",
    "cut": "cut: done, no answer",
    "401": "401 not let in",
    "409": "409 not configured",
    "422": "422 refused",
    "429": "429 too often",
    "500": "500 broken",
    "html": "HTML page",
}
SLACK_KINDS = {
    WELL: "answers well",
    "429": "429 too often",
    "not_in_channel": "the bot is in no channel",
    "orphan": "thread's parent deleted",
}
BOT_KINDS = {WELL: "answers at once", "late": "takes more than 3 s", "stopped": "is stopped"}
EVERYTHING = frozenset({"down", "slow"})
"""Kinds that happen to every request; the others to the one that files a report."""
POSTING = ("chat.postMessage", "chat.update")


class Switches:
    """One for each party; `now` is the kind that is on."""

    def __init__(self, sandbox: Sandbox, link: WatchedLink, keeper: Keeper | None) -> None:
        self.offered: dict[str, dict[str, str]] = {
            "immoteur": API_KINDS,
            "kare": API_KINDS,
            "slack": SLACK_KINDS,
            "bot": BOT_KINDS if keeper else {k: v for k, v in BOT_KINDS.items() if k != "stopped"},
        }
        self._set = dict.fromkeys(self.offered, WELL)
        self._slack, self._link, self._keeper = sandbox.slack, link, keeper
        self._apis: Mapping[str, ApiFaults] = {
            "immoteur": sandbox.immoteur.faults,
            "kare": sandbox.kare.faults,
        }
        self._left: list[str] = []

    @property
    def now(self) -> dict[str, str]:
        """A bot that ended by itself shows as stopped, too."""
        ended = self._keeper is not None and self._keeper.state == "stopped"
        return self._set | ({"bot": "stopped"} if ended else {})

    async def turn(self, party: str, kind: str) -> None:
        """:raises KeyError: for what is not offered"""
        _ = self.offered[party][kind]
        if party in self._apis:
            self._turn_api(self._apis[party], kind)
        elif party == "slack":
            self._turn_slack(kind)
        else:
            await self._turn_bot(kind)
        self._set[party] = kind

    def _turn_api(self, faults: ApiFaults, kind: str) -> None:
        faults.stop()
        if kind != WELL:
            fault = ApiFault(kind, seconds=5.0) if kind == "slow" else ApiFault(kind)
            faults.always(fault, on="* /" if kind in EVERYTHING else None)

    def _turn_slack(self, kind: str) -> None:
        self._slack.faults.clear()
        space = self._slack.workspace
        while self._left:
            space.invite_bot(self._left.pop())
        if kind == "429":
            for method in POSTING:
                self._slack.faults.set(method, SlackFault("429", seconds=2))
        if kind == "orphan":
            self._slack.faults.set("chat.postMessage", SlackFault("orphan"))
        if kind == "not_in_channel":
            self._left = [
                one.id for one in space.channels.values() if one.name and space.bot_is_in(one)
            ]
            for channel in self._left:
                space.remove_bot(channel)

    async def _turn_bot(self, kind: str) -> None:
        self._link.late = kind == "late"
        if self._keeper is None:
            return
        if kind == "stopped":
            await self._keeper.stop()
        else:
            await self._keeper.start()

"""Faults that the page can switch on: for each API, for Slack, and for the bot."""

from collections.abc import Mapping

from sandbox.faults import ApiFault, ApiFaults
from sandbox.page.api_ports import ApiPort
from sandbox.page.bot_supervisor import BotSupervisor
from sandbox.page.traffic_log import LoggedBotLink
from sandbox.sandbox import Sandbox
from sandbox.slack.faults import SlackFault

NO_FAULT = "well"
API_KINDS = {
    NO_FAULT: "answers well",
    "down": "is down: nothing connects",
    "slow": "is slow: 5 s for each answer",
    "cut": "hangs up: takes the report, gives no answer",
    "401": "refuses our access (401)",
    "409": "is not configured (409)",
    "422": "refuses the report (422)",
    "429": "is busy: try later (429)",
    "500": "has an error of its own (500)",
    "html": "answers with a web page",
}
SLACK_KINDS = {
    NO_FAULT: "answers well",
    "429": "is busy: try later (429)",
    "not_in_channel": "has the bot in no channel",
    "orphan": "has lost the thread's first message",
}
BOT_KINDS = {NO_FAULT: "answers at once", "late": "takes more than 3 s", "stopped": "is stopped"}
POSTING = ("chat.postMessage", "chat.update")


class FaultSwitches:
    """A switch for each party. `kinds` are the kinds of fault on offer, with their labels."""

    def __init__(
        self,
        sandbox: Sandbox,
        link: LoggedBotLink,
        supervisor: BotSupervisor,
        ports: Mapping[str, ApiPort],
    ) -> None:
        self.kinds: dict[str, dict[str, str]] = {
            "immoteur": API_KINDS,
            "kare": API_KINDS,
            "slack": SLACK_KINDS,
            "bot": BOT_KINDS,
        }
        self._set = dict.fromkeys(self.kinds, NO_FAULT)
        self._slack, self._link, self._supervisor = sandbox.slack, link, supervisor
        self._apis: Mapping[str, ApiFaults] = {
            "immoteur": sandbox.immoteur.faults,
            "kare": sandbox.kare.faults,
        }
        self._ports = ports
        self._left_channels: list[str] = []

    @property
    def current(self) -> dict[str, str]:
        """The kind that is on, by party. A bot that ended by itself is stopped, too."""
        stopped = self._supervisor.state == "stopped"
        return self._set | ({"bot": "stopped"} if stopped else {})

    async def switch(self, party: str, kind: str) -> None:
        """:raises KeyError: for a party or a kind that is not on offer"""
        _ = self.kinds[party][kind]
        if party in self._apis:
            await self._switch_api(party, kind)
        elif party == "slack":
            self._switch_slack(kind)
        else:
            await self._switch_bot(kind)
        self._set[party] = kind

    async def _switch_api(self, party: str, kind: str) -> None:
        """ "slow" is for every request, "down" for every connection, the others for a filing."""
        faults = self._apis[party]
        faults.stop()
        if kind == "down":
            await self._ports[party].close()
            return
        await self._ports[party].open()
        if kind == "slow":
            faults.always(ApiFault(kind, seconds=5.0), on="* /")
        elif kind != NO_FAULT:
            faults.always(ApiFault(kind))

    def _switch_slack(self, kind: str) -> None:
        self._slack.faults.clear()
        workspace = self._slack.workspace
        while self._left_channels:
            workspace.invite_bot(self._left_channels.pop())
        if kind == "429":
            for method in POSTING:
                self._slack.faults.set(method, SlackFault("429", seconds=2))
        if kind == "orphan":
            self._slack.faults.set("chat.postMessage", SlackFault("orphan"))
        if kind == "not_in_channel":
            self._left_channels = [
                channel.id
                for channel in workspace.channels.values()
                if channel.name and workspace.bot_is_in(channel)
            ]
            for channel_id in self._left_channels:
                workspace.remove_bot(channel_id)

    async def _switch_bot(self, kind: str) -> None:
        self._link.late = kind == "late"
        if kind == "stopped":
            await self._supervisor.stop()
        else:
            await self._supervisor.start()

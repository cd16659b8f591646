"""Whether Slack and the APIs take our tokens: asked at the start, and again from time to time."""

import logging
from collections.abc import Mapping

from bot.background import Alarm, repeat
from bot.clock import Clock
from bot.delivery.api import Api, accepts, refuses
from bot.delivery.http_client import Answer
from bot.slack import web_api
from bot.slack.users import Users
from storage import api_calls
from storage.api_calls import Call
from storage.store import Store

log = logging.getLogger(__name__)

CHECK_EVERY = 30.0
"""Seconds between two checks of a token that is refused."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two checks while there is no connection; the pause doubles each time."""
CHECK_AGAIN_EVERY = 3600.0
"""Seconds between two checks of a token that was taken."""
ACCEPTED = "a token is accepted"
REFUSED = "a token is refused"
UNCHECKED = "a token could not be checked"


class Access:
    """The sentences of `/readyz` about our tokens."""

    def __init__(
        self,
        users: Users,
        apis: Mapping[str, Api],
        store: Store,
        clock: Clock,
        slack_alarm: Alarm,
    ) -> None:
        """:param slack_alarm: set when Slack's token has to be checked now"""
        self._users, self.apis, self._store, self._clock = users, apis, store, clock
        self._faults: dict[str, str] = {"Slack": "Slack has not accepted SLACK_BOT_TOKEN yet"}
        self._logged: dict[str, str] = {}
        self._pauses: dict[str, float] = {}
        self._slack_alarm = slack_alarm
        self._alarms = {name: Alarm(clock) for name in apis}
        self._checks_apis = False
        """Whether this process is the back office, which checks the APIs' tokens."""
        self.slack_refuses = False
        """Whether Slack refused the bot's token at the last check that it answered."""

    def missing(self) -> list[str]:
        """A sentence for each token that is not taken."""
        return list(self._faults.values())

    def refused_by_apis(self) -> list[str]:
        """A sentence for each API that refuses our token. Forms are taken all the same."""
        return [fault for name, fault in self._faults.items() if name in self.apis]

    def refused(self, name: str) -> None:
        """An API has refused our token while a report was sent. A process that sends what it has
        claimed, and is not the back office any more, leaves the check to the other.
        """
        if not self._checks_apis:
            return
        self._refused(self.apis[name])
        self._alarms[name].set()

    def refused_by_slack(self) -> None:
        """Slack has refused the bot's token for a message."""
        self._slack_alarm.set()

    def check_apis(self) -> None:
        """This process checks the APIs from now on: `watch_api` runs for each."""
        self._checks_apis = True

    def forget_apis(self) -> None:
        """Another process checks the APIs from now on."""
        self._checks_apis = False
        for name in self.apis:
            self._faults.pop(name, None)

    async def watch_slack(self) -> None:
        """Check Slack's token until cancelled."""
        await repeat("the check of Slack", self._slack, self._slack_alarm, log)

    async def watch_api(self, name: str) -> None:
        """Check the token of one API until cancelled."""

        async def step() -> float:
            return await self._api(self.apis[name])

        await repeat(f"the check of {name}", step, self._alarms[name], log)

    async def _slack(self) -> float:
        message = UNCHECKED
        try:
            account = await self._users.sign_in()
        except web_api.SlackRefusedError as error:
            message, self.slack_refuses = REFUSED, True
            self._faults["Slack"] = fault = f"Slack does not accept SLACK_BOT_TOKEN: {error.code}"
            wait = CHECK_EVERY
        except web_api.SlackBusyError as error:
            fault = f"Slack cannot be reached: {error.reason}"
            wait = max(error.seconds, self._pause("Slack"))
        except web_api.SlackNoAnswerError as error:
            fault = f"Slack gave no answer: {error}"
            wait = self._pause("Slack")
        else:
            self.slack_refuses = False
            self._is_taken("Slack", account)
            await self._users.fill_workspace()
            return CHECK_AGAIN_EVERY
        if "Slack" in self._faults:
            self._faults["Slack"] = fault
        self._log_once("Slack", message, fault)
        return wait

    async def _api(self, api: Api) -> float:
        calls: list[Call] = []
        outcome = await api.check(calls)
        await self._store.write(api_calls.add, calls)
        if not self._checks_apis:
            return CHECK_EVERY
        if accepts(outcome):
            self._is_taken(api.name)
            return CHECK_AGAIN_EVERY
        if not isinstance(outcome, Answer):
            fault = f"{api.name} cannot be reached: {outcome.error}"
            self._log_once(api.name, UNCHECKED, fault)
            return self._pause(api.name)
        if refuses(outcome):
            self._refused(api)
        else:
            fault = f"{api.name} does not say whether it takes our token: status {outcome.status}"
            self._log_once(api.name, UNCHECKED, fault)
        return CHECK_EVERY

    def _refused(self, api: Api) -> None:
        self._faults[api.name] = fault = f"{api.name} refuses our token: renew {api.setting}"
        self._log_once(api.name, REFUSED, fault)

    def _pause(self, name: str) -> float:
        """Seconds until the next try to reach a service. They double until it answers."""
        pause = self._pauses.get(name, FIRST_PAUSE)
        self._pauses[name] = min(2 * pause, LONGEST_PAUSE)
        return pause

    def _is_taken(self, name: str, account: str = "") -> None:
        self._faults.pop(name, None)
        self._pauses.pop(name, None)
        if self._logged.get(name) != ACCEPTED + account:
            facts = {"api": name, "account": account} if account else {"api": name}
            log.info(ACCEPTED, extra=facts)
        self._logged[name] = ACCEPTED + account

    def _log_once(self, name: str, message: str, fault: str) -> None:
        if self._logged.get(name) != fault:
            log.error(message, extra={"api": name, "why": fault})
        self._logged[name] = fault

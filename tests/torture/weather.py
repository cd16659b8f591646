"""What goes wrong outside of the bot while it is killed: drawn from a seed."""

import random

from sandbox.faults import ApiFault
from sandbox.sandbox import Sandbox
from sandbox.slack.faults import SlackFault, SlackFaults

FILING = {
    ApiFault("slow", seconds=0.3): 0.08,
    ApiFault("slow_after", seconds=0.3): 0.08,
    ApiFault("down"): 0.02,
    ApiFault("cut"): 0.03,
    ApiFault("cut_before"): 0.02,
    ApiFault("500"): 0.02,
    ApiFault("502", saved=True): 0.01,
    ApiFault("504"): 0.01,
    ApiFault("429", retry_after=1): 0.02,
    ApiFault("503", retry_after=1): 0.02,
    ApiFault("html"): 0.02,
    ApiFault("empty"): 0.01,
    ApiFault("nonsense"): 0.01,
    ApiFault("422"): 0.02,
    ApiFault("401"): 0.01,
}
TELLING = (
    (SlackFault("cut"), 0.02),
    (SlackFault("cut_before"), 0.02),
    (SlackFault("500"), 0.02),
    (SlackFault("429"), 0.01),
    (SlackFault("slow", seconds=0.2), 0.05),
)
LOOKING = {ApiFault("500"): 0.1, ApiFault("cut"): 0.05}


class SlackWeather(SlackFaults):
    """Draws for each call, until `clear`."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng: random.Random | None = rng

    def next(self, method: str) -> SlackFault | None:
        if self._rng is None or not method.startswith("chat."):
            return super().next(method)
        drawn = self._rng.random()
        for fault, share in TELLING:
            drawn -= share
            if drawn < 0:
                return fault
        return None

    def clear(self, method: str | None = None) -> None:
        self._rng = None
        super().clear(method)


def rough(sandbox: Sandbox, seed: int) -> None:
    for api in (sandbox.immoteur, sandbox.kare):
        api.faults.mix(LOOKING, seed=seed, on="GET /")
        api.faults.mix(FILING, seed=seed)
    sandbox.slack.faults = SlackWeather(random.Random(seed))  # noqa: S311 - no secret


def fair(sandbox: Sandbox) -> None:
    for api in (sandbox.immoteur, sandbox.kare):
        api.faults.stop()
    sandbox.slack.faults.clear()

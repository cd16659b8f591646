"""What goes wrong outside of the bot while it is killed: drawn from a seed."""

import random

from sandbox.place import Sandbox
from sandbox.slack import trouble as slack_trouble
from sandbox.trouble import Fault

FILING = {
    Fault("slow", seconds=0.3): 0.08,
    Fault("slow_after", seconds=0.3): 0.08,
    Fault("down"): 0.02,
    Fault("cut"): 0.03,
    Fault("cut_before"): 0.02,
    Fault("500"): 0.02,
    Fault("502", saved=True): 0.01,
    Fault("504"): 0.01,
    Fault("429", retry_after=1): 0.02,
    Fault("503", retry_after=1): 0.02,
    Fault("html"): 0.02,
    Fault("empty"): 0.01,
    Fault("nonsense"): 0.01,
    Fault("422"): 0.02,
    Fault("401"): 0.01,
}
TELLING = (
    (slack_trouble.Fault("cut"), 0.02),
    (slack_trouble.Fault("cut_before"), 0.02),
    (slack_trouble.Fault("500"), 0.02),
    (slack_trouble.Fault("429"), 0.01),
    (slack_trouble.Fault("slow", seconds=0.2), 0.05),
)
LOOKING = {Fault("500"): 0.1, Fault("cut"): 0.05}


class SlackWeather(slack_trouble.Trouble):
    """Draws for each call, until `clear`."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng: random.Random | None = rng

    def next(self, method: str) -> slack_trouble.Fault | None:
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
        api.trouble.mix(LOOKING, seed=seed, on="GET /")
        api.trouble.mix(FILING, seed=seed)
    sandbox.slack.trouble = SlackWeather(random.Random(seed))  # noqa: S311 - no secret


def fair(sandbox: Sandbox) -> None:
    for api in (sandbox.immoteur, sandbox.kare):
        api.trouble.stop()
    sandbox.slack.trouble.clear()

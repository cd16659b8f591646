"""What goes wrong outside of the bot while it is killed: drawn from a seed."""

import asyncio
import random
from pathlib import Path

from sandbox.faults import Answer, ApiFault
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
CREATED = '"createdAt":"2026-11-21T10:00:00.000Z"'
ODD_ANSWERS = {
    # Half a surrogate pair: neither SQLite nor Slack takes it.
    Answer(201, b'{"reportId":"\\ud83d",' + CREATED.encode() + b"}"): True,
    Answer(201, b'{"reportId":"1","createdAt":"+999999-99-99T99:99:99Z"}'): True,
    Answer(201, b'{"reportId":null,"createdAt":1e999}'): True,
    Answer(201, b"[" * 50_000 + b"]" * 50_000): True,
    Answer(201, b'{"reportId":"' + b"9" * 300_000 + b'"}'): True,
    Answer(200, b"\xff\xfe\x00"): False,
    Answer(422, b'{"message":"\\udc00 \\u0000 ' + b"<@U0> *long* " * 20_000 + b'"}'): False,
    Answer(422, b'{"errors":[[],{},null,1e400]}'): False,
    Answer(429, b"{}", (("Retry-After", "0"),)): False,
    Answer(429, b"{}", (("Retry-After", "-1"),)): False,
    Answer(503, b"{}", (("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"),)): False,
    Answer(503, b"{}", (("Retry-After", "9" * 400),)): False,
}
"""Answers that are no API's, and whether the report was saved all the same."""
ODD_SHARE = 0.12
REPLACED = 0.3
"""Seconds."""
TELLING = (
    (SlackFault("cut"), 0.02),
    (SlackFault("cut_before"), 0.02),
    (SlackFault("500"), 0.02),
    (SlackFault("429"), 0.01),
    (SlackFault("error", error="msg_blocks_too_long"), 0.02),
    (SlackFault("error", error="invalid_blocks"), 0.01),
    (SlackFault("slow", seconds=0.2), 0.05),
)
LOOKING = {ApiFault("500"): 0.1, ApiFault("cut"): 0.05}
IMAGES = "POST /anomalies/v2/rs/9"
"""The route that takes photos, not the one that files reports: the stand-in numbers anomalies from
900001 on.
"""
PHOTOS = {
    ApiFault("slow_after", seconds=0.2): 0.1,
    ApiFault("cut"): 0.15,
    ApiFault("cut_before"): 0.05,
    ApiFault("503", retry_after=1): 0.1,
}


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
        api.faults.mix({**FILING, **_odd()}, seed=seed)
    _rough_for_photos(sandbox, seed)
    sandbox.slack.faults = SlackWeather(random.Random(seed))  # noqa: S311 - no secret


def _rough_for_photos(sandbox: Sandbox, seed: int) -> None:
    sandbox.kare.faults.mix(PHOTOS, seed=seed, on=IMAGES)


def _odd() -> dict[ApiFault, float]:
    share = ODD_SHARE / len(ODD_ANSWERS)
    return {
        ApiFault("answer", answer=answer, saved=saved): share
        for answer, saved in ODD_ANSWERS.items()
    }


async def replace_file(file: Path) -> None:
    """Put an empty file in the place of the database for a moment, under a running bot."""
    aside = await asyncio.to_thread(file.rename, file.with_suffix(".aside"))
    try:
        await asyncio.to_thread(file.touch, mode=0o600)
        await asyncio.sleep(REPLACED)
    finally:
        await asyncio.to_thread(aside.replace, file)


def fair(sandbox: Sandbox, seed: int) -> None:
    """All is well again, except for photos: many are sent only now, behind their reports."""
    for api in (sandbox.immoteur, sandbox.kare):
        api.faults.stop()
    sandbox.slack.faults.clear()
    _rough_for_photos(sandbox, seed)

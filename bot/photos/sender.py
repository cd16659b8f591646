"""One photo's way: its anomaly is looked up, it is downloaded and drawn anew, and it is sent."""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from bot.delivery.decision import Hold, Refuse, Wait, decide
from bot.photo_route import Accepted, Call, PhotoRoute, Report, Upload
from bot.photos.errors import PhotoDelayedError, PhotoRefusedError
from bot.photos.preparing import FilePreparer
from bot.photos.upload import Uploader
from storage import api_calls, photo_queue
from storage.photo_queue import Photo, PhotoState
from storage.store import Store

log = logging.getLogger(__name__)

LONGEST_UNTIL_LOOK = 86_400.0
"""Seconds between two looks for a thing that a person may choose. The time grows with the age of
the report.
"""


@dataclass(frozen=True)
class Done:
    """The final state of a photo."""

    state: PhotoState
    cause: Mapping[str, Any]
    remote_id: str | None = None


@dataclass(frozen=True)
class Delayed:
    """The API does not have the photo, and it is tried again."""

    why: str
    seconds: float = 0.0
    """Until the next try at least."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """The facts that are stored beside the `why`."""


class PhotoSender:
    def __init__(
        self,
        files: FilePreparer,
        uploader: Uploader,
        store: Store,
        owner: str,
        now: Callable[[], float],
    ) -> None:
        """:param owner: of the photos that are sent
        :param now: gives UNIX seconds
        """
        self._files, self._uploader = files, uploader
        self._store, self._owner, self._now = store, owner, now

    async def send(self, photo: Photo, report: Report, route: PhotoRoute) -> Done | Delayed | None:
        """Send a photo, once.

        :returns: None when it was not sent, because it is no longer the owner's
        """
        calls: list[Call] = []
        try:
            target = photo.target or await self._find_target(photo, report, route, calls)
            if isinstance(target, Delayed):
                return target
            with ExitStack() as stack:
                upload, content = await self._files.prepare(photo, stack)
                return await self._deliver(photo, target, upload, content, route, calls)
        except PhotoRefusedError as error:
            return Done(PhotoState.REFUSED, {"why": error.why})
        except PhotoDelayedError as error:
            return Delayed(error.why, error.seconds)
        finally:
            await self._store.write(api_calls.add, calls, number=photo.number)

    async def _find_target(
        self, photo: Photo, report: Report, route: PhotoRoute, calls: list[Call]
    ) -> str | Delayed:
        """The API's id of the thing that the photo shows, or the reason why it is not known."""
        targets = await route.find_targets(report, calls)
        if (target := targets.certain.get(photo.thing)) is not None:
            # A person may have chosen another one in the meantime, which is taken next then, or
            # may have chosen this one for other photos.
            is_set = await self._store.write(photo_queue.set_target, photo, target)
            if is_set:
                return target
        if targets.candidates is None:
            return Delayed("not_found")
        rows = [asdict(candidate) for candidate in targets.candidates.get(photo.thing, ())]
        # What was not certain at first hardly ever becomes so, and each look reads many pages.
        age = self._now() - report.changed_at
        return Delayed("choose", min(age / 2, LONGEST_UNTIL_LOOK), {"rows": rows})

    async def _deliver(
        self,
        photo: Photo,
        target: str,
        upload: Upload,
        content: IO[bytes],
        route: PhotoRoute,
        calls: list[Call],
    ) -> Done | Delayed | None:
        if not await self._store.write(photo_queue.begin, photo, self._owner, now=self._now()):
            return None
        outcome = await route.register(target, upload, calls)
        if isinstance(outcome, Accepted):
            result = await self._uploader.put(outcome.url, upload.mimetype, upload.size, content)
            return Done(_STATES[result], _CAUSES[result], outcome.remote_id)
        match decide(outcome, attempts=photo.failures + 1, now=self._now()):
            case Wait(seconds):
                return Delayed("api", seconds)
            case Hold():
                return Delayed("token")
            case Refuse(cause):
                return Done(PhotoState.REFUSED, {**cause, "why": "refused"})
            case doubt:
                facts = {"report": photo.number, "photo": photo.id, "why": doubt}
                log.warning("it is unclear whether a photo arrived", extra=facts)
                return Done(PhotoState.UNCLEAR, {"why": "cut"})


_STATES = {
    "stored": PhotoState.SENT,
    "refused": PhotoState.REFUSED,
    "unclear": PhotoState.UNCLEAR,
}
_CAUSES: Mapping[str, Mapping[str, Any]] = {
    "stored": {},
    "refused": {"why": "upload"},
    "unclear": {"why": "cut"},
}

"""The forms on people's screens: opened, drawn again for a choice or for what was learned since.

Views are drawn again one at a time. Two quick choices can carry the same hash, and Slack then
refuses the second, which is the one that counts: choices are ordered by their action_ts, a view is
given up only for a newer one, and otherwise drawn again.
"""

import asyncio
import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks.form import Answers, Complaints, Meta
from bot import slack
from bot.clock import Clock
from bot.kinds import Kind
from bot.people import People

log = logging.getLogger(__name__)

REMEMBERED = 1000
"""Screens kept in memory; older forms are drawn from what Slack sends with the next choice."""
ANSWERED_IN = 1.0
"""Seconds after a submission for which its form is not drawn by another way than the answer."""
TRIGGER_LIFE = 2.5
"""Seconds of the 3 that a trigger lives in which another try to open a form is worth it."""
TRIES = 5
"""To draw a form again, a view that changed meanwhile included."""
LONGEST_WAIT = 2.0
"""Seconds that Slack may ask for between two of them."""

View = Mapping[str, Any]
Change = Callable[[Meta, Answers], tuple[Meta, Answers]]


@dataclass
class _Screen:
    kind: Kind
    user: str
    meta: Meta
    answers: Answers
    newest: float = 0.0
    """The action_ts of the newest choice."""
    complaints: Complaints | None = None
    """What was said when it was drawn, until the next choice."""
    typed: float = 0.0
    """The action_ts of what was last told of a field."""
    hash: str | None = None
    """Of the view as we drew it last."""
    blocks: Any = None
    """Of that view too."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    """Set unless a submission of it is being answered."""

    def __post_init__(self) -> None:
        self.quiet.set()

    def shows(self, view: View, at: float) -> None:
        """Drawing may have added to what the form carries, and given blocks other names.

        :param at: the choice it was drawn for: what a newer one chose meanwhile stays
        """
        fresh, self.blocks = self.answers.fresh, view["blocks"]
        self.answers = self.answers.shown_as(view)
        if at < self.newest:
            self.answers = replace(self.answers, fresh=fresh)
        else:
            self.meta = Meta.model_validate_json(view["private_metadata"])


class Screens:
    def __init__(self, client: AsyncWebClient, people: People, clock: Clock) -> None:
        self._client, self._people, self._clock = client, people, clock
        self._screens: OrderedDict[str, _Screen] = OrderedDict()

    def drawn(
        self,
        kind: Kind,
        user: str,
        meta: Meta,
        answers: Answers,
        complaints: Complaints | None = None,
    ) -> dict[str, Any]:
        """The form for a person, in their words, with what is known at once."""
        return kind.form.draw(
            self._people.words(user),
            meta,
            answers,
            now=self._clock.time(),
            known=kind.knowledge.known(user, meta, answers),
            complaints=complaints,
        )

    async def open(
        self,
        trigger_id: str,
        kind: Kind,
        user: str,
        meta: Meta,
        answers: Answers,
        complaints: Complaints | None = None,
    ) -> None:
        """Open a form at once; then learn the person's language and what the form asks about, and
        draw it again where that changes it.

        :raises SlackError: when Slack did not open it
        """
        answers = kind.knowledge.ready(user, meta, answers)
        view = self.drawn(kind, user, meta, answers, complaints)
        opened = await self._in_time(trigger_id, view)
        view_id = str(opened["view"]["id"])
        # A quick person's choice may have come before Slack's answer, and knows more.
        if (screen := self._screens.get(view_id)) is None:
            screen = _Screen(kind, user, meta, answers, complaints=complaints)
            screen.hash = opened["view"]["hash"]
            screen.shows(view, screen.newest)
            self._remember(view_id, screen)
        await asyncio.gather(self._in_their_language(view_id, screen), self.look(view_id))

    async def choice(
        self, kind: Kind, body: View, change: Change, complaints: Complaints | None = None
    ) -> None:
        """Draw a form again for a choice, unless a newer one came.

        :param body: Slack's block_actions
        :param complaints: about what was chosen
        """
        view, at = body["view"], float(body["actions"][0]["action_ts"])
        view_id = str(view["id"])
        meta, answers = Meta.model_validate_json(view["private_metadata"]), Answers.of_view(view)
        screen = self._screen(kind, body, meta, answers)
        if at < screen.newest:
            return
        # What Slack sent is newer than what we remember, but for how often we have drawn since.
        redraws = max(meta.redraws, screen.meta.redraws)
        screen.newest, screen.complaints = at, complaints
        meta, answers = change(meta.model_copy(update={"redraws": redraws}), answers)
        screen.meta = meta
        screen.answers = kind.knowledge.ready(screen.user, meta, answers)
        self._remember(view_id, screen)
        await self._draw(view_id, screen, at)
        await self.look(view_id)

    def typed(self, kind: Kind, body: View) -> None:
        """Remember what a field told of itself, for the next drawing."""
        view, action = body["view"], body["actions"][0]
        meta = Meta.model_validate_json(view["private_metadata"])
        screen, at = self._screen(kind, body, meta, Answers.of_view(view)), action["action_ts"]
        if float(at) >= max(screen.newest, screen.typed):
            screen.typed, screen.answers = float(at), screen.answers.told(action)
            self._remember(str(view["id"]), screen)

    def _screen(self, kind: Kind, body: View, meta: Meta, answers: Answers) -> _Screen:
        """As we know it, or else as Slack tells it."""
        view = body["view"]
        return self._screens.get(str(view["id"])) or _Screen(
            kind, str(body["user"]["id"]), meta, answers, hash=view["hash"]
        )

    def refused(
        self,
        kind: Kind,
        body: View,
        meta: Meta,
        answers: Answers,
        complaints: Complaints,
        view: View | None = None,
    ) -> None:
        """A form was sent and not taken: what is drawn next still says why.

        :param body: Slack's, of the submission
        :param view: what took its place; none where Slack shows the complaints on its fields
        """
        screen = self._screen(kind, body, meta, answers)
        redraws = max(meta.redraws, screen.meta.redraws)
        screen.meta = meta.model_copy(update={"redraws": redraws})
        screen.answers, screen.complaints = answers, complaints
        if view is not None:
            screen.shows(view, screen.newest)
        self._remember(str(body["view"]["id"]), screen)

    def submitted(self, view_id: str) -> None:
        """A form was sent: Slack takes no other drawing while it waits for the answer."""
        if screen := self._screens.get(view_id):
            screen.quiet.clear()
            wait = self._clock.real(ANSWERED_IN)
            asyncio.get_running_loop().call_later(wait, screen.quiet.set)

    def closed(self, view_id: str) -> None:
        """A form was taken, and Slack closed it: it is not drawn again."""
        if screen := self._screens.pop(view_id, None):
            screen.newest = math.inf

    async def look(self, view_id: str) -> None:
        """Learn what the form asks about, and draw it again if that changes it."""
        screen = self._screens.get(view_id)
        if screen is None:
            return
        learned = await screen.kind.knowledge.look(screen.user, screen.meta, screen.answers)
        if learned is not None:
            screen.answers = learned(screen.answers)
            if self._of(screen)["blocks"] != screen.blocks:
                await self._draw(view_id, screen, screen.newest)

    def _of(self, screen: _Screen) -> dict[str, Any]:
        return self.drawn(screen.kind, screen.user, screen.meta, screen.answers, screen.complaints)

    async def _in_their_language(self, view_id: str, screen: _Screen) -> None:
        if not self._people.knows(screen.user) and await self._people.learn(screen.user):
            await self._draw(view_id, screen, screen.newest)

    async def _draw(self, view_id: str, screen: _Screen, at: float) -> None:
        async with screen.lock:
            await screen.quiet.wait()
            known = screen.hash
            for _ in range(TRIES):
                if at < screen.newest:
                    return
                wait = 0.0
                screen.meta = screen.meta.redrawn()
                view = self._of(screen)
                try:
                    answer = await slack.call(
                        self._client.views_update(view_id=view_id, view=view, hash=known)
                    )
                except slack.Refused as error:
                    if error.code != "hash_conflict":
                        log.info("a form was not drawn again: %s", error)
                        return
                    known = None
                except slack.Busy as error:
                    wait = min(error.seconds, LONGEST_WAIT)
                except slack.NoAnswer as error:
                    # Drawn twice, it is the same form.
                    log.warning("a form is drawn again once more: %s", error)
                    known, wait = None, 0.2
                else:
                    screen.hash = answer["view"]["hash"]
                    screen.shows(view, at)
                    return
                await self._clock.sleep(wait)
            log.warning("a form was not drawn again, however often it was tried")

    async def _in_time(self, trigger_id: str, view: View) -> View:
        """Open a view; try again while the trigger lives if Slack did nothing."""
        ends = self._clock.time() + TRIGGER_LIFE
        while True:
            try:
                return await slack.call(
                    self._client.views_open(trigger_id=trigger_id, view=dict(view))
                )
            except slack.Busy as error:
                wait = min(error.seconds, 1.0)
                if self._clock.time() + wait > ends:
                    raise
                await self._clock.sleep(wait)

    def _remember(self, view_id: str, screen: _Screen) -> None:
        self._screens[view_id] = screen
        self._screens.move_to_end(view_id)
        if len(self._screens) > REMEMBERED:
            self._screens.popitem(last=False)

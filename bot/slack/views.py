"""The forms on people's views: opened, drawn again for a choice or for what was learned since.

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

from blocks.form import Answers, FieldErrors, FormMetadata
from bot.clock import Clock
from bot.kinds import Kind
from bot.slack import web_api
from bot.slack.users import People

log = logging.getLogger(__name__)

REMEMBERED = 1000
"""Views kept in memory; older forms are drawn from what Slack sends with the next choice."""
ANSWERED_IN = 1.0
"""Seconds after a submission for which its form is not drawn by another way than the answer."""
TRIGGER_LIFE = 2.5
"""Seconds of the 3 that a trigger lives in which another try to open a form is worth it."""
TRIES = 5
"""To draw a form again, a view that changed meanwhile included."""
LONGEST_WAIT = 2.0
"""Seconds that Slack may ask for between two of them."""

View = Mapping[str, Any]
Change = Callable[[FormMetadata, Answers], tuple[FormMetadata, Answers]]


@dataclass
class _OpenView:
    kind: Kind
    user: str
    metadata: FormMetadata
    answers: Answers
    newest: float = 0.0
    """The action_ts of the newest choice."""
    field_errors: FieldErrors | None = None
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
            self.metadata = FormMetadata.model_validate_json(view["private_metadata"])


class Views:
    def __init__(self, client: AsyncWebClient, people: People, clock: Clock) -> None:
        self._client, self._people, self._clock = client, people, clock
        self._views: OrderedDict[str, _OpenView] = OrderedDict()

    def drawn(
        self,
        kind: Kind,
        user: str,
        metadata: FormMetadata,
        answers: Answers,
        field_errors: FieldErrors | None = None,
    ) -> dict[str, Any]:
        """The form for a person, in their words, with what is known at once."""
        return kind.form.draw(
            self._people.words(user),
            metadata,
            answers,
            now=self._clock.time(),
            known=kind.form_data.known(user, metadata, answers),
            field_errors=field_errors,
        )

    async def open(
        self,
        trigger_id: str,
        kind: Kind,
        user: str,
        metadata: FormMetadata,
        answers: Answers,
        field_errors: FieldErrors | None = None,
    ) -> None:
        """Open a form at once; then learn the person's language and what the form asks about, and
        draw it again where that changes it.

        :raises SlackError: when Slack did not open it
        """
        answers = kind.form_data.ready(user, metadata, answers)
        view = self.drawn(kind, user, metadata, answers, field_errors)
        opened = await self._in_time(trigger_id, view)
        view_id = str(opened["view"]["id"])
        # A quick person's choice may have come before Slack's answer, and knows more.
        if (open_view := self._views.get(view_id)) is None:
            open_view = _OpenView(kind, user, metadata, answers, field_errors=field_errors)
            open_view.hash = opened["view"]["hash"]
            open_view.shows(view, open_view.newest)
            self._remember(view_id, open_view)
        await asyncio.gather(self._in_their_language(view_id, open_view), self.look(view_id))

    async def choice(
        self, kind: Kind, body: View, change: Change, field_errors: FieldErrors | None = None
    ) -> None:
        """Draw a form again for a choice, unless a newer one came.

        :param body: Slack's block_actions
        :param field_errors: about what was chosen
        """
        view, at = body["view"], float(body["actions"][0]["action_ts"])
        view_id = str(view["id"])
        metadata, answers = (
            FormMetadata.model_validate_json(view["private_metadata"]),
            Answers.of_view(view),
        )
        open_view = self._screen(kind, body, metadata, answers)
        if at < open_view.newest:
            return
        # What Slack sent is newer than what we remember, but for how often we have drawn since.
        redraws = max(metadata.redraws, open_view.metadata.redraws)
        open_view.newest, open_view.field_errors = at, field_errors
        metadata, answers = change(metadata.model_copy(update={"redraws": redraws}), answers)
        open_view.metadata = metadata
        open_view.answers = kind.form_data.ready(open_view.user, metadata, answers)
        self._remember(view_id, open_view)
        await self._draw(view_id, open_view, at)
        await self.look(view_id)

    def typed(self, kind: Kind, body: View) -> None:
        """Remember what a field told of itself, for the next drawing."""
        view, action = body["view"], body["actions"][0]
        metadata = FormMetadata.model_validate_json(view["private_metadata"])
        open_view, at = (
            self._screen(kind, body, metadata, Answers.of_view(view)),
            action["action_ts"],
        )
        if float(at) >= max(open_view.newest, open_view.typed):
            open_view.typed, open_view.answers = float(at), open_view.answers.told(action)
            self._remember(str(view["id"]), open_view)

    def _screen(
        self, kind: Kind, body: View, metadata: FormMetadata, answers: Answers
    ) -> _OpenView:
        """As we know it, or else as Slack tells it."""
        view = body["view"]
        return self._views.get(str(view["id"])) or _OpenView(
            kind, str(body["user"]["id"]), metadata, answers, hash=view["hash"]
        )

    def refused(
        self,
        kind: Kind,
        body: View,
        metadata: FormMetadata,
        answers: Answers,
        field_errors: FieldErrors,
        view: View | None = None,
    ) -> None:
        """A form was sent and not taken: what is drawn next still says why.

        :param body: Slack's, of the submission
        :param view: what took its place; none where Slack shows the field_errors on its fields
        """
        open_view = self._screen(kind, body, metadata, answers)
        redraws = max(metadata.redraws, open_view.metadata.redraws)
        open_view.metadata = metadata.model_copy(update={"redraws": redraws})
        open_view.answers, open_view.field_errors = answers, field_errors
        if view is not None:
            open_view.shows(view, open_view.newest)
        self._remember(str(body["view"]["id"]), open_view)

    def submitted(self, view_id: str) -> None:
        """A form was sent: Slack takes no other drawing while it waits for the answer."""
        if open_view := self._views.get(view_id):
            open_view.quiet.clear()
            wait = self._clock.real(ANSWERED_IN)
            asyncio.get_running_loop().call_later(wait, open_view.quiet.set)

    def closed(self, view_id: str) -> None:
        """A form was taken, and Slack closed it: it is not drawn again."""
        if open_view := self._views.pop(view_id, None):
            open_view.newest = math.inf

    async def look(self, view_id: str) -> None:
        """Learn what the form asks about, and draw it again if that changes it."""
        open_view = self._views.get(view_id)
        if open_view is None:
            return
        learned = await open_view.kind.form_data.look(
            open_view.user, open_view.metadata, open_view.answers
        )
        if learned is not None:
            open_view.answers = learned(open_view.answers)
            if self._of(open_view)["blocks"] != open_view.blocks:
                await self._draw(view_id, open_view, open_view.newest)

    def _of(self, open_view: _OpenView) -> dict[str, Any]:
        return self.drawn(
            open_view.kind,
            open_view.user,
            open_view.metadata,
            open_view.answers,
            open_view.field_errors,
        )

    async def _in_their_language(self, view_id: str, open_view: _OpenView) -> None:
        if not self._people.knows(open_view.user) and await self._people.learn(open_view.user):
            await self._draw(view_id, open_view, open_view.newest)

    async def _draw(self, view_id: str, open_view: _OpenView, at: float) -> None:
        async with open_view.lock:
            await open_view.quiet.wait()
            known = open_view.hash
            for _ in range(TRIES):
                if at < open_view.newest:
                    return
                wait = 0.0
                open_view.metadata = open_view.metadata.redrawn()
                view = self._of(open_view)
                try:
                    answer = await web_api.call(
                        self._client.views_update(view_id=view_id, view=view, hash=known)
                    )
                except web_api.SlackRefusedError as error:
                    if error.code != "hash_conflict":
                        log.info("a form was not drawn again: %s", error)
                        return
                    known = None
                except web_api.SlackBusyError as error:
                    wait = min(error.seconds, LONGEST_WAIT)
                except web_api.SlackNoAnswerError as error:
                    # Drawn twice, it is the same form.
                    log.warning("a form is drawn again once more: %s", error)
                    known, wait = None, 0.2
                else:
                    open_view.hash = answer["view"]["hash"]
                    open_view.shows(view, at)
                    return
                await self._clock.sleep(wait)
            log.warning("a form was not drawn again, however often it was tried")

    async def _in_time(self, trigger_id: str, view: View) -> View:
        """Open a view; try again while the trigger lives if Slack did nothing."""
        ends = self._clock.time() + TRIGGER_LIFE
        while True:
            try:
                return await web_api.call(
                    self._client.views_open(trigger_id=trigger_id, view=dict(view))
                )
            except web_api.SlackBusyError as error:
                wait = min(error.seconds, 1.0)
                if self._clock.time() + wait > ends:
                    raise
                await self._clock.sleep(wait)

    def _remember(self, view_id: str, open_view: _OpenView) -> None:
        self._views[view_id] = open_view
        self._views.move_to_end(view_id)
        if len(self._views) > REMEMBERED:
            self._views.popitem(last=False)

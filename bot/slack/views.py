"""The forms on people's screens: opened, and redrawn for a choice or for the result of a look-up.

A form is redrawn by one update at a time. Two quick choices can carry the same hash, and Slack
refuses the second update, although that choice counts. So choices are ordered by their action_ts:
an update is dropped only for a newer choice, and is tried again otherwise.
"""

import asyncio
import math
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from blocks.answers import Answers
from blocks.form_state import FormMetadata, State
from bot.clock import Clock
from bot.form_data import Context, FormKind
from bot.slack.open_view import (
    Change,
    FieldErrors,
    News,
    OpenView,
    OpenViews,
    View,
    prefilled,
    seen,
)
from bot.slack.payloads import OpenForm
from bot.slack.users import Users
from bot.slack.view_calls import ViewCalls

TYPING_PAUSE = 0.7
"""Seconds without a character after which a field that is heard counts as typed."""
ANSWERED_IN = 1.0
"""Seconds after a submission without a `views.update`: Slack ignores it before the answer."""


class Views:
    def __init__(self, client: AsyncWebClient, users: Users, clock: Clock, news: News) -> None:
        self._calls, self._users, self._clock = ViewCalls(client, clock), users, clock
        self._views = OpenViews(news)

    def drawn(
        self,
        kind: FormKind[Context, State],
        user: str,
        metadata: FormMetadata[State],
        answers: Answers,
        field_errors: FieldErrors | None = None,
    ) -> dict[str, Any]:
        """The form for a person, in their language, with the context that memory holds."""
        return kind.form.draw(
            self._users.words(user),
            metadata,
            answers,
            now=self._clock.time(),
            context=kind.form_data.context(user, metadata, answers),
            field_errors=field_errors,
        )

    async def open(
        self,
        trigger_id: str,
        kind: FormKind[Context, State],
        user: str,
        metadata: FormMetadata[State],
        answers: Answers,
        field_errors: FieldErrors | None = None,
    ) -> None:
        """Open a form at once. Then get the person's language and the form's look-ups, and redraw
        the form if they change it.

        :raises SlackError: when Slack did not open it
        """
        answers = prefilled(kind, user, metadata, answers)
        words = self._users.words(user)
        view = self.drawn(kind, user, metadata, answers, field_errors)
        opened = await self._calls.open(trigger_id, view)
        view_id = str(opened["id"])
        # A choice may have come before the answer to `views.open`. Its state is newer.
        if (open_view := self._views.get(view_id)) is None:
            open_view = OpenView(kind, user, metadata, answers, words, field_errors=field_errors)
            open_view.hash = opened["hash"]
            open_view.shows(view, open_view.newest)
            self._views.keep(view_id, open_view)
        await asyncio.gather(self._in_their_language(view_id, open_view), self.refresh(view_id))

    async def choice(
        self,
        kind: FormKind[Context, State],
        form: OpenForm[State],
        change: Change[State],
        field_errors: FieldErrors | None = None,
    ) -> None:
        """Redraw a form for an action, unless a newer one came.

        :param field_errors: the errors of the choice
        """
        at = form.action.at if form.action else 0.0
        open_view = self._view(kind, form)
        if at < open_view.newest:
            return
        # Use the state that Slack sent, but our own count of drawings if it is higher.
        redraws = max(form.metadata.redraws, open_view.metadata.redraws)
        open_view.newest, open_view.field_errors = at, field_errors
        counted = form.metadata.model_copy(update={"redraws": redraws})
        metadata, answers = change(counted, form.answers)
        open_view.metadata = metadata
        open_view.answers = prefilled(kind, open_view.user, metadata, answers)
        self._views.keep(form.view_id, open_view)
        await self._draw(form.view_id, open_view, at)
        await self.refresh(form.view_id)

    def pressed(self, kind: FormKind[Context, State], form: OpenForm[State]) -> None:
        """A press changes the stored values first, and then the form by `choice`. Older changes are
        not drawn any more: fields and stored values would not fit each other.
        """
        if form.action:
            open_view = self._view(kind, form)
            open_view.pressed = max(open_view.pressed, form.action.at)
            # The press may have come before the answer to `views.open`.
            self._views.keep(form.view_id, open_view)

    def typed(self, kind: FormKind[Context, State], form: OpenForm[State]) -> None:
        """Remember the text that a field sent while it was typed, for the next drawing."""
        open_view = self._view(kind, form)
        if form.action and form.action.at >= max(open_view.newest, open_view.typed):
            open_view.typed = form.action.at
            # The answer to the drawing that brought the field may not have come yet.
            blocks = {**form.answers.blocks, **open_view.answers.blocks}
            answers = replace(open_view.answers, blocks=blocks)
            open_view.answers = answers.with_action(form.action.raw)
            self._views.keep(form.view_id, open_view)

    async def typing_paused(self, view_id: str) -> None:
        """Look up the targets in a field when the person stops typing in it. The typed text stays
        on screen when the form is drawn again, because the field's block stays.
        """
        open_view = self._views.get(view_id)
        if open_view is None:
            return
        typed = open_view.typed
        await asyncio.sleep(self._clock.real(TYPING_PAUSE))
        if open_view.typed != typed or self._views.get(view_id) is not open_view:
            return
        open_view.answers = prefilled(
            open_view.kind, open_view.user, open_view.metadata, open_view.answers
        )
        if self._is_outdated(open_view):
            await self._draw(view_id, open_view, open_view.newest)
        await self.refresh(view_id)

    def _view(
        self, kind: FormKind[Context, State], form: OpenForm[State]
    ) -> OpenView[Context, State]:
        """The view as memory holds it, or else as Slack sent it."""
        open_view = self._views.get(form.view_id)
        if open_view is None or open_view.kind is not kind:
            return OpenView(kind, form.user, form.metadata, form.answers, hash=form.hash)
        return open_view

    def refused(
        self,
        kind: FormKind[Context, State],
        form: OpenForm[State],
        field_errors: FieldErrors,
        view: View | None = None,
    ) -> None:
        """A form was submitted and not taken: its next drawing still shows the errors.

        :param form: with the metadata and answers that it has now
        :param view: what replaced it; None where Slack shows the errors on the fields
        """
        open_view = self._view(kind, form)
        redraws = max(form.metadata.redraws, open_view.metadata.redraws)
        open_view.metadata = form.metadata.model_copy(update={"redraws": redraws})
        open_view.answers, open_view.field_errors = form.answers, field_errors
        if view is not None:
            open_view.shows(view, open_view.newest)
        self._views.keep(form.view_id, open_view)

    def submitted(self, view_id: str) -> None:
        """A form was submitted: Slack takes no update while it waits for the answer."""
        if open_view := self._views.get(view_id):
            open_view.quiet.clear()
            loop, wait = asyncio.get_running_loop(), self._clock.real(ANSWERED_IN)
            loop.call_later(wait, open_view.quiet.set)

    def closed(self, view_id: str) -> None:
        """A form was taken, and Slack closed it: it is not redrawn."""
        self._views.end(view_id)

    def stop(self) -> None:
        """Draw what waits for the answer to a submission: the bot ends."""
        for open_view in self._views.all():
            open_view.quiet.set()

    async def replace(self, view_id: str, view: View) -> None:
        """Put a view that is no form, or no form any more, in the place of another."""
        await self._calls.update(view_id, None, lambda: view)

    async def refresh(self, view_id: str) -> None:
        """Make the look-ups of the form, and redraw it if they change it."""
        open_view = self._views.get(view_id)
        if open_view is None:
            return
        learned = await open_view.kind.form_data.refresh(
            open_view.user, open_view.metadata, open_view.answers
        )
        if learned is not None:
            open_view.answers = learned(open_view.answers)
            if self._is_outdated(open_view):
                await self._draw(view_id, open_view, open_view.newest)

    def _is_outdated(self, open_view: OpenView[Any, Any]) -> bool:
        """Whether a person would see another form if it was drawn again."""
        return seen(self._drawing(open_view)["blocks"]) != seen(open_view.blocks or ())

    def _drawing(self, open_view: OpenView[Any, Any]) -> dict[str, Any]:
        open_view.relabel(self._users.words(open_view.user))
        return self.drawn(
            open_view.kind,
            open_view.user,
            open_view.metadata,
            open_view.answers,
            open_view.field_errors,
        )

    async def _in_their_language(self, view_id: str, open_view: OpenView[Any, Any]) -> None:
        if not self._users.knows(open_view.user) and await self._users.learn(open_view.user):
            await self._draw(view_id, open_view, open_view.newest)

    async def _draw(self, view_id: str, open_view: OpenView[Any, Any], at: float) -> None:
        def draw() -> View | None:
            # A result that comes after the form was closed is drawn for an infinite `at`.
            is_closed = open_view.newest == math.inf
            if is_closed or at < max(open_view.newest, open_view.pressed):
                return None
            open_view.metadata = open_view.metadata.redrawn()
            return self._drawing(open_view)

        async with open_view.lock:
            await open_view.quiet.wait()
            if shown := await self._calls.update(view_id, open_view.hash, draw):
                view, open_view.hash = shown
                open_view.shows(view, at)

"""The modals on people's screens: stacks of at most three views, each with hash and state."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack.blockkit import check_view
from sandbox.slack.errors import SlackError
from sandbox.slack.form import Form, completed
from sandbox.slack.workspace import Workspace

Json = dict[str, Any]
STACK_LIMIT = 3


@dataclass
class OpenView:
    """One modal of one person. `being_submitted` is true from "Submit" to the bot's answer."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None
    form: Form
    errors: dict[str, str] = field(default_factory=dict)
    being_submitted: bool = False


class Screen:
    """The modals of one person, the top modal last. `version` counts the visible changes."""

    def __init__(self) -> None:
        self.stack: list[OpenView] = []
        self.version = 0
        self._next = asyncio.Event()

    @property
    def top(self) -> OpenView | None:
        return self.stack[-1] if self.stack else None

    def touch(self) -> None:
        self.version += 1
        self._next.set()
        self._next = asyncio.Event()

    async def change(self) -> None:
        await self._next.wait()


class Views:
    """Opens, pushes, updates and closes views. Every view is checked first."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.screens: dict[str, Screen] = defaultdict(Screen)

    def open(self, user: str, body: Json) -> OpenView:
        view = self._new(user, body, previous=None)
        screen = self.screens[user]
        screen.stack = [view]
        screen.touch()
        return view

    def push(self, user: str, body: Json) -> OpenView:
        """:raises SlackError: push_limit_reached for a fourth view; not_found without a modal"""
        screen = self.screens[user]
        if screen.top is None:
            raise SlackError("not_found")
        if len(screen.stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        view = self._new(user, body, previous=screen.top)
        screen.stack.append(view)
        screen.touch()
        return view

    def update(self, view: OpenView, body: Json) -> OpenView:
        """Replace the whole view. Of the old view, only typed values survive."""
        check_view(body)
        self._check_external_id(body, besides=view)
        view.body = {**body, "blocks": completed(body["blocks"])}
        view.hash = self._workspace.new_hash()
        view.errors = {}
        view.form.redraw(view.body["blocks"])
        self.screens[view.user].touch()
        return view

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> OpenView:
        """A view on someone's screen, perhaps below others.

        :raises SlackError: not_found, once it is closed
        """
        for screen in self.screens.values():
            for view in screen.stack:
                by_name = external_id and view.body.get("external_id") == external_id
                if view.id == view_id or by_name:
                    return view
        raise SlackError("not_found")

    def close(self, view: OpenView) -> None:
        screen = self.screens[view.user]
        screen.stack = [other for other in screen.stack if other is not view]
        screen.touch()

    def clear(self, user: str) -> None:
        self.screens[user].stack = []
        self.screens[user].touch()

    def _new(self, user: str, body: Json, *, previous: OpenView | None) -> OpenView:
        check_view(body)
        self._check_external_id(body, besides=None)
        blocks = completed(body["blocks"])
        view_id = self._workspace.new_id("V")
        return OpenView(
            id=view_id,
            user=user,
            body={**body, "blocks": blocks},
            hash=self._workspace.new_hash(),
            root_id=previous.root_id if previous else view_id,
            previous_id=previous.id if previous else None,
            form=Form(blocks),
        )

    def _check_external_id(self, body: Json, *, besides: OpenView | None) -> None:
        external_id = body.get("external_id")
        on_screens = (view for screen in self.screens.values() for view in screen.stack)
        if external_id and any(
            view is not besides and view.body.get("external_id") == external_id
            for view in on_screens
        ):
            raise SlackError("duplicate_external_id")


def view_json(workspace: Workspace, view: OpenView, state: Json) -> Json:
    """The view as Slack sends it, in payloads and in answers."""
    body, app = view.body, workspace.app
    return {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": "modal",
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": state,
        "hash": view.hash,
        "title": _emoji(body.get("title")),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": _emoji(body.get("close")),
        "submit": _emoji(body.get("submit")),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app.id,
        "external_id": body.get("external_id") or "",
        "app_installed_team_id": workspace.team.id,
        "bot_id": app.bot_id,
    }


def _emoji(text: Json | None) -> Json | None:
    return None if text is None else {"emoji": True, **text}

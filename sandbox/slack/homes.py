"""The App Homes on people's screens. A Home belongs to one person, and the last publish wins.

Source: https://docs.slack.dev/reference/methods/views.publish and
https://docs.slack.dev/reference/events/app_home_opened
"""

import asyncio
from typing import TYPE_CHECKING, Any

from sandbox.slack.blockkit import check_home
from sandbox.slack.calls import text_of
from sandbox.slack.errors import SlackError
from sandbox.slack.form import Form, completed
from sandbox.slack.method import Method, Methods, RateLimitedError
from sandbox.slack.views import OpenView, view_json
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]


class Homes:
    """The Homes that an app has published, by person."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._homes: dict[str, OpenView] = {}
        self.published = 0
        """How often a Home was published."""
        self._next = asyncio.Event()

    def of(self, user: str) -> OpenView | None:
        """None while nothing was published: Slack shows a spinner."""
        return self._homes.get(user)

    def publish(self, user: str, body: Json, known_hash: str | None) -> OpenView:
        """:raises SlackError: hash_conflict, when the Home changed since that hash"""
        before = self._homes.get(user)
        if known_hash and (before is None or known_hash != before.hash):
            raise SlackError("hash_conflict")
        self._check_external_id(user, body)
        blocks = completed(body["blocks"])
        view_id = before.id if before else self._workspace.new_id("V")
        home = OpenView(
            id=view_id,
            user=user,
            body={**body, "blocks": blocks},
            hash=self._workspace.new_hash(),
            root_id=view_id,
            previous_id=None,
            form=Form(blocks),
        )
        self._homes[user] = home
        self.published += 1
        self._next.set()
        self._next = asyncio.Event()
        return home

    async def change(self) -> None:
        """Wait until a Home is published."""
        await self._next.wait()

    def _check_external_id(self, user: str, body: Json) -> None:
        external_id = body.get("external_id")
        other_homes = (home for owner, home in self._homes.items() if owner != user)
        if external_id and any(home.body.get("external_id") == external_id for home in other_homes):
            raise SlackError("duplicate_external_id")


def home_json(workspace: Workspace, home: OpenView) -> Json:
    """The Home as Slack sends it, in payloads and in answers."""
    return {
        **view_json(workspace, home, home.form.state()),
        "type": "home",
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
    }


def publish_view(slack: "Slack", args: Json) -> Json:
    user = text_of(args, "user_id")
    if "view" not in args:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    if not slack.workspace.app.home_tab:
        raise SlackError("not_enabled")
    if user not in slack.workspace.users:
        raise SlackError("invalid_arguments", ["[ERROR] user not found [json-pointer:/user_id]"])
    check_home(args["view"])
    if (wait := slack.publish_limits.take("views.publish")) > 0:
        raise RateLimitedError(wait)
    home = slack.homes.publish(user, args["view"], args.get("hash") or None)
    return {"view": home_json(slack.workspace, home)}


METHODS: Methods = {"views.publish": Method(publish_view)}

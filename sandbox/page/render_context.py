"""The context of every drawing: the reader, the language, the tab, and the links back."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from sandbox.page.browser_tab import BrowserTab, Location
from sandbox.page.text_renderer import TextRenderer
from sandbox.page.translations import Translations
from sandbox.slack import Workspace
from sandbox.slack.form import Key
from sandbox.slack.reader import Reader

Attributes = dict[str, str]


@dataclass(frozen=True)
class RenderContext:
    text: TextRenderer
    translate: Translations
    tab: BrowserTab

    def post(self, verb: str, trigger: str | None = None, **values: Any) -> Attributes:
        """Attributes of an element that posts an action. The changes come by the live stream.

        :param trigger: the events that post it, in htmx's syntax; by default a click or a submit
        """
        body = {"verb": verb, **{name: str(value) for name, value in values.items()}}
        attributes = {
            "hx-post": f"/act?tab={self.tab.id}",
            "hx-swap": "none",
            "hx-vals": json.dumps(body),
        }
        return attributes | ({"hx-trigger": trigger} if trigger else {})

    def link_to(self, location: Location) -> Attributes:
        """Attributes of a link that changes the location without leaving the page."""
        return {"href": location.link, **self.post("go", to=location.link)}


def create_context(workspace: Workspace, tab: BrowserTab) -> RenderContext:
    reader = Reader(workspace, workspace.users[tab.location.user])
    text = TextRenderer(reader, tab.location, workspace.team.domain)
    return RenderContext(text, Translations(reader.language), tab)


def name_of(key: Key) -> str:
    """The name of a field in HTML, where a block_id and an action_id may hold any character."""
    return "/".join(quote(part, safe="") for part in key)


def key_of(name: str) -> Key:
    block_id, _, action_id = name.partition("/")
    return unquote(block_id), unquote(action_id)

"""What every drawing needs: the reader's words, the browser, and how a click comes back."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from sandbox.page.tab import Place, Tab
from sandbox.page.tongue import Tongue
from sandbox.page.words import Writer
from sandbox.slack.form import Key

Attributes = dict[str, str]


@dataclass(frozen=True)
class Pen:
    writer: Writer
    tongue: Tongue
    tab: Tab

    def acts(self, verb: str, trigger: str | None = None, **facts: Any) -> Attributes:
        """Attributes that send what was done here; what it changes comes by the live stream."""
        given = {"verb": verb, **{name: str(one) for name, one in facts.items()}}
        attributes = {
            "hx-post": f"/act?tab={self.tab.id}",
            "hx-swap": "none",
            "hx-vals": json.dumps(given),
        }
        return attributes | ({"hx-trigger": trigger} if trigger else {})

    def goes(self, place: Place) -> Attributes:
        """Attributes of a link: a plain one to a new tab, and without leaving the page here."""
        return {"href": place.link, **self.acts("go", to=place.link)}


def name_of(key: Key) -> str:
    """A field's name in HTML: its block_id and action_id may hold anything."""
    return "/".join(quote(part, safe="") for part in key)


def key_of(name: str) -> Key:
    block_id, _, action_id = name.partition("/")
    return unquote(block_id), unquote(action_id)

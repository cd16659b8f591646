"""manifest.yml says what the code does, within Slack's limits."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.network_checks import LINK_SCOPES
from bot.link_domains import MOST, checked
from bot.slack.events import DIRECT_MESSAGE, HOME_OPENED, TOKEN_ENDED
from bot.slack.posted_links import LINK_SHARED
from sandbox.slack.model import DEFAULT_EVENTS, DEFAULT_SCOPES, App
from sandbox.slack.seed import BOB, SECURITE
from tests.bot.pictures import photo_sandbox, photo_world
from tests.docs.pages import code, rows
from tests.world import World

TEXT = (Path(__file__).parents[2] / "manifest.yml").read_text("utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)
EVENTS = "https://constat.example.org/slack/events"


FRENCH_TEXT = (Path(__file__).parents[2] / "manifest.fr.yml").read_text("utf-8")
FRENCH: dict[str, Any] = yaml.safe_load(FRENCH_TEXT)
WORDS = frozenset({"name", "display_name", "description", "usage_hint"})
"""The keys whose values people read."""


def edited_for_photos(text: str) -> dict[str, Any]:
    """A manifest after the edit that switches photos on."""
    edited: dict[str, Any] = yaml.safe_load(text.replace("# - files:read", "- files:read"))
    return edited


def photos_edit() -> dict[str, Any]:
    return edited_for_photos(TEXT)


def edited_for_http(text: str) -> dict[str, Any]:
    """A manifest after the edit that its head describes."""
    text = re.sub(r"^( *)# (\w+: https://.*)$", r"\1\2", text, flags=re.MULTILINE)
    edited: dict[str, Any] = yaml.safe_load(
        text.replace("socket_mode_enabled: true", "socket_mode_enabled: false")
    )
    return edited


def edited_for_links(text: str) -> dict[str, Any]:
    """A manifest after the edit for links that its head describes."""
    edited: dict[str, Any] = yaml.safe_load(text.replace("# [links] ", ""))
    return edited


def links_edit() -> dict[str, Any]:
    return edited_for_links(TEXT)


def http_edit() -> dict[str, Any]:
    return edited_for_http(TEXT)


def without_words(part: Any) -> Any:
    """A part of a manifest without what people read."""
    if isinstance(part, dict):
        return {key: without_words(value) for key, value in part.items() if key not in WORDS}
    return [without_words(value) for value in part] if isinstance(part, list) else part


def words_of(part: Any) -> set[str]:
    """What people read of a part of a manifest."""
    if isinstance(part, dict):
        own = {value for key, value in part.items() if key in WORDS}
        return own.union(*map(words_of, part.values()))
    return set[str]().union(*map(words_of, part)) if isinstance(part, list) else set()


async def test_its_commands_are_those_of_the_kinds(bot: World) -> None:
    commands = [command["command"] for command in MANIFEST["features"]["slash_commands"]]
    assert commands == [kind.command for kind in bot.runtime.kinds.values()]


async def test_its_shortcuts_are_those_of_the_kinds(bot: World) -> None:
    shortcuts = [
        (shortcut["type"], shortcut["callback_id"])
        for shortcut in MANIFEST["features"]["shortcuts"]
    ]
    assert shortcuts == [("message", kind.shortcut) for kind in bot.runtime.kinds.values()]


def test_it_asks_for_the_least_scopes() -> None:
    scopes = ["commands", "chat:write", "users:read", "im:history"]
    assert MANIFEST["oauth_config"] == {"scopes": {"bot": scopes}}


def test_its_events_are_those_that_the_bot_works_on() -> None:
    assert MANIFEST["settings"]["event_subscriptions"]["bot_events"] == [
        HOME_OPENED,
        DIRECT_MESSAGE,
        *sorted(TOKEN_ENDED),
    ]


def test_the_sandbox_has_the_scopes_and_the_events_of_the_manifest() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == DEFAULT_SCOPES
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == DEFAULT_EVENTS


def test_the_operators_page_gives_a_reason_for_each_scope_and_event() -> None:
    table = rows("docs/operating.md", "Scopes and events")
    asked = MANIFEST["oauth_config"]["scopes"]["bot"]
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert [code(row[0])[0] for row in table] == [*asked, *events]
    assert [row for row in table if not row[1]] == []


def test_it_is_set_up_for_socket_mode() -> None:
    assert MANIFEST["settings"] == {
        "event_subscriptions": {"bot_events": [HOME_OPENED, DIRECT_MESSAGE, *sorted(TOKEN_ENDED)]},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }


def test_the_bot_has_a_home_and_may_write_to_a_person() -> None:
    assert MANIFEST["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_the_edit_for_http_mode_gives_every_address() -> None:
    edited = http_edit()
    addresses = [command["url"] for command in edited["features"]["slash_commands"]]
    assert edited["settings"]["event_subscriptions"]["request_url"] == EVENTS
    assert (addresses, edited["settings"]["interactivity"]) == (
        [EVENTS] * 2,
        {"is_enabled": True, "request_url": EVENTS, "message_menu_options_url": EVENTS},
    )


def test_the_edit_for_photos_adds_one_scope() -> None:
    edited = photos_edit()
    scopes = edited["oauth_config"]["scopes"]["bot"]
    assert set(scopes) - set(MANIFEST["oauth_config"]["scopes"]["bot"]) == {"files:read"}
    edited["oauth_config"] = MANIFEST["oauth_config"]
    assert edited == MANIFEST


async def test_an_app_with_that_scope_opens_a_form_with_a_field_for_files(tmp_path: Path) -> None:
    scopes = frozenset(photos_edit()["oauth_config"]["scopes"]["bot"])
    sandbox = photo_sandbox(scopes=scopes)
    async with photo_world(tmp_path, sandbox=sandbox) as bot:
        bob = bot.person(BOB)
        await bob.command("/anomaly", channel=SECURITE)
        assert "photos" in (await bob.view()).fields


def test_the_edit_for_http_mode_changes_nothing_else() -> None:
    edited = http_edit()
    for command in edited["features"]["slash_commands"]:
        del command["url"]
    del edited["settings"]["event_subscriptions"]["request_url"]
    for name in ("request_url", "message_menu_options_url"):
        del edited["settings"]["interactivity"][name]
    edited["settings"]["socket_mode_enabled"] = True
    assert edited == MANIFEST


def test_the_edit_for_links_adds_the_domains_two_scopes_and_an_event_and_nothing_else() -> None:
    edited = links_edit()
    domains = edited["features"].pop("unfurl_domains")
    scopes = edited["oauth_config"]["scopes"]["bot"]
    events = edited["settings"]["event_subscriptions"]["bot_events"]
    assert len(domains) == 2
    assert scopes[-2:] == ["links:read", "links:write"]
    assert events[-1:] == [LINK_SHARED]
    del scopes[-2:], events[-1:]
    assert edited == MANIFEST


def test_the_domains_of_the_edit_are_some_that_slack_and_the_setting_take() -> None:
    domains = links_edit()["features"]["unfurl_domains"]
    assert all(re.fullmatch(r"(?![\.\-])([-a-z0-9\.])+([a-z0-9])", name) for name in domains)
    assert [checked(name) for name in domains] == domains
    assert MOST == 5


def test_the_sandbox_gives_an_app_with_links_what_the_edit_gives_it() -> None:
    edited = links_edit()
    app = App().with_links(*edited["features"]["unfurl_domains"])
    assert app.scopes == set(edited["oauth_config"]["scopes"]["bot"])
    assert app.events == set(edited["settings"]["event_subscriptions"]["bot_events"])
    assert app.scopes - App().scopes == LINK_SCOPES


@pytest.mark.parametrize("manifest", [MANIFEST, FRENCH], ids=["en", "fr"])
def test_its_names_and_descriptions_are_within_slacks_limits(manifest: dict[str, Any]) -> None:
    shown, features = manifest["display_information"], manifest["features"]
    commands, shortcuts = features["slash_commands"], features["shortcuts"]
    too_long = [
        (text, limit)
        for text, limit in [
            (shown["name"], 35),
            (shown["description"], 140),
            (features["bot_user"]["display_name"], 80),
            *((command["description"], 2000) for command in commands),
            *((command["usage_hint"], 1000) for command in commands),
            *((shortcut["name"], 24) for shortcut in shortcuts),
            *((shortcut["callback_id"], 255) for shortcut in shortcuts),
            *((shortcut["description"], 150) for shortcut in shortcuts),
        ]
        if not 1 <= len(text) <= limit
    ]
    assert too_long == []
    assert len(shortcuts) <= 5


def test_the_french_one_differs_in_words_alone() -> None:
    assert without_words(FRENCH) == without_words(MANIFEST)


@pytest.mark.parametrize("edit", [edited_for_http, edited_for_links, edited_for_photos])
def test_each_edit_changes_the_french_one_as_the_english_one(
    edit: Callable[[str], dict[str, Any]],
) -> None:
    assert edit(FRENCH_TEXT) != FRENCH
    assert without_words(edit(FRENCH_TEXT)) == without_words(edit(TEXT))


def test_every_word_that_people_read_is_french_in_the_french_one() -> None:
    names = {MANIFEST["display_information"]["name"]}
    assert words_of(FRENCH) & words_of(MANIFEST) == names


@pytest.mark.parametrize("kind", ["report_issue", "anomaly"])
async def test_a_command_has_a_name_that_slack_takes(bot: World, kind: str) -> None:
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", bot.runtime.kinds[kind].command)

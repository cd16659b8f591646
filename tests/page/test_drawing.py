"""The HTML that the page draws from the JSON of a bot, without a browser."""

import re
from typing import Any

import pytest

pytest.importorskip("htpy")

import htpy as h

from sandbox.page import blocks, elements
from sandbox.page.browser_tab import BrowserTab, Location
from sandbox.page.field_view import FieldView, Search
from sandbox.page.render_context import RenderContext, create_context, key_of, name_of
from sandbox.slack import seed
from sandbox.slack.blockkit_blocks import Alert, AnySurface, Card, Markdown
from sandbox.slack.blockkit_elements import ActionElement, InputElement
from sandbox.slack.form import STATE_KEYS, Field
from sandbox.slack.seed import ALICE, ANNONCES, BOB
from tests.sandbox_slack.conftest import T0
from tests.sandbox_slack.factories import mrkdwn, option, plain

Json = dict[str, Any]
IMAGE: Json = {"type": "image", "alt_text": "a plan", "image_url": "https://a.example/plan.png"}
BUTTON: Json = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "7"}
TEXT_INPUT: Json = {"type": "plain_text_input", "action_id": "name"}
BLOCKS: dict[str, Json] = {
    "actions": {"elements": [BUTTON]},
    "alert": {"text": plain("Mind the step"), "level": "warning"},
    "card": {"title": plain("A flat"), "body": mrkdwn("in *Lyon*"), "actions": [BUTTON]},
    "context": {"elements": [mrkdwn("by _Bob_"), IMAGE]},
    "divider": {},
    "header": {"text": plain("Head")},
    "image": {**IMAGE, "title": plain("Plan")},
    "input": {"block_id": "name", "label": plain("Name"), "element": TEXT_INPUT},
    "markdown": {"text": "# words"},
    "rich_text": {"elements": [{"type": "rich_text_section", "elements": []}]},
    "section": {"text": mrkdwn("text"), "fields": [plain("one")], "accessory": BUTTON},
    "video": {
        "alt_text": "a tour",
        "title": plain("Tour"),
        "thumbnail_url": "https://a.example/t.png",
        "video_url": "https://a.example/v",
    },
}


def context(user: str = BOB) -> RenderContext:
    return create_context(seed(clock=lambda: T0), BrowserTab(Location(user, ANNONCES)))


def drawn(block: Json) -> str:
    given = context()
    return str(blocks.draw(given, block, lambda _, element: draw_element(given, element, block)))


def draw_element(given: RenderContext, element: Json, block: Json) -> h.Renderable:
    field = Field({"block_id": "b", **block}, {"action_id": "a", **element})
    value = field.initial()[field.state_key] if field.type in STATE_KEYS else None
    return elements.draw(
        given, FieldView(field, "b/a", "id", value, value, Search("f", {"v": "Found"}))
    )


def read(html: object) -> str:
    return re.sub(r"<[^>]*>", "", str(html))


def types_of(union: Any) -> set[str]:
    """The `type` of every member of one of the stand-in's unions of models."""
    types: set[str] = set()
    for member in getattr(union, "__args__", ()):
        fields = getattr(member, "model_fields", None)
        if fields and "type" in fields:
            types |= set(fields["type"].annotation.__args__)
        else:
            types |= types_of(member)
    return types


def test_every_block_that_slack_takes_is_drawn() -> None:
    assert set(BLOCKS) == types_of(AnySurface | Alert | Card | Markdown)


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_a_block_is_drawn_without_an_error(kind: str) -> None:
    html = drawn({"type": kind, **BLOCKS[kind]})

    assert html
    assert "cannot-draw" not in html


ELEMENT_TYPES = types_of(ActionElement) | types_of(InputElement)


@pytest.mark.parametrize("kind", sorted(ELEMENT_TYPES))
def test_an_element_is_drawn_without_an_error(kind: str) -> None:
    element: Json = {"type": kind, "text": plain("Go"), "is_decimal_allowed": False}
    element["options"] = [option("one"), option("two")]
    block = {"type": "input", "label": plain("Label"), "element": element}

    html = str(draw_element(context(), element, block))

    assert html
    assert "cannot-draw" not in html


@pytest.mark.parametrize(
    "block",
    [
        {"type": "hologram", "text": plain("Hi")},
        {"type": "section", "text": plain("a"), "accessory": {"type": "dial", "action_id": "d"}},
        {"type": "rich_text", "elements": [{"type": "rich_text_table", "elements": []}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "sound"}]}],
        },
    ],
)
def test_an_unknown_type_is_drawn_as_a_visible_error(block: Json) -> None:
    assert "This page cannot draw a" in drawn(block)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* and _so_ and ~no~", "<b>bold</b> and <i>so</i> and <s>no</s>"),
        ("`*code*` 2*3*4 snake_case_name", "<code>*code*</code> 2*3*4 snake_case_name"),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("*<@U0BOB00001>*", '<b><span class="mention">@bob</span></b>'),
        ("<!channel> <script>x", '<span class="mention">@channel</span> <a'),
        ("&gt; said\nand", "<blockquote>said</blockquote>and"),
        ("```a *b*\nc```", "<pre>a *b*\nc</pre>"),
        (
            "<https://a.example/?b=1&amp;c=2|site>",
            '<a href="https://a.example/?b=1&amp;c=2" target="_blank" rel="noopener',
        ),
    ],
)
def test_mrkdwn_is_drawn_as_slack_draws_it(text: str, html: str) -> None:
    assert str(h.fragment[context().text.mrkdwn(text)]).startswith(html)


def test_plain_text_is_shown_verbatim() -> None:
    shown = drawn({"type": "section", "text": plain("*a* <@U0BOB00001> <b> &amp;")})

    assert "*a* &lt;@U0BOB00001&gt; &lt;b&gt; &amp;amp;" in shown


@pytest.mark.parametrize(
    ("user", "shown_date"), [(ALICE, "aujourd’hui 09:00"), (BOB, "today 3:00 AM")]
)
def test_a_date_shows_in_the_readers_zone(user: str, shown_date: str) -> None:
    text = f"<!date^{int(T0)}^{{date_short_pretty}} {{time}}|then>"

    assert read(h.fragment[context(user).text.mrkdwn(text)]) == shown_date


def test_a_link_to_a_message_of_the_workspace_leads_there() -> None:
    url = "https://atelier.slack.com/archives/C0SECURITE/p1800000000000100"
    html = str(h.fragment[context().text.mrkdwn(f"<{url}>")])

    assert 'href="/?as=U0BOB00001&amp;in=C0SECURITE&amp;thread=1800000000.000100"' in html


def test_a_script_that_a_person_typed_is_only_text() -> None:
    words = {"type": "text", "text": "<script>alert(1)</script>"}
    html = drawn(
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_quote", "elements": [words]}],
        }
    )

    assert "<script>" not in html


@pytest.mark.parametrize("key", [("a", "b"), ("x/y#2", "location.floor"), ("", "é &=")])
def test_a_fields_name_leads_back_to_its_key(key: tuple[str, str]) -> None:
    assert key_of(name_of(key)) == key


def test_a_field_gets_a_new_edition_only_when_another_tab_changed_it() -> None:
    tab = BrowserTab(Location(BOB, ANNONCES))

    drawings = [
        tab.edition("f", None, mine=False),
        tab.edition("f", "typed here", mine=True),
        tab.edition("f", "typed here", mine=False),
        tab.edition("f", "typed elsewhere", mine=False),
    ]

    assert drawings == [(0, None), (0, None), (0, None), (1, "typed elsewhere")]

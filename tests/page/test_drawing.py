"""What the page draws from the JSON that a bot sends, without a browser."""

import re
from typing import Any

import pytest

pytest.importorskip("htpy")

import htpy as h

from sandbox.page import blocks, elements
from sandbox.page.pen import Pen, key_of, name_of
from sandbox.page.shown import Shown
from sandbox.page.tab import Place, Tab
from sandbox.page.tongue import Tongue
from sandbox.page.words import Writer
from sandbox.slack import seed
from sandbox.slack.blockkit_blocks import Everywhere, Markdown
from sandbox.slack.blockkit_elements import ActionElement, InputElement
from sandbox.slack.form import STATE_KEYS, Field
from sandbox.slack.reader import Reader
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


def pen(user: str = BOB) -> Pen:
    space = seed(clock=lambda: T0)
    reader = Reader(space, space.users[user])
    place = Place(user, ANNONCES)
    return Pen(Writer(reader, place, space.team.domain), Tongue(reader.language), Tab(place))


def drawn(block: Json) -> str:
    given = pen()
    return str(blocks.draw(given, block, lambda _, one: draw_element(given, one, block)))


def draw_element(given: Pen, element: Json, block: Json) -> h.Renderable:
    field = Field({"block_id": "b", **block}, {"action_id": "a", **element})
    held = field.initial()[field.state_key] if field.type in STATE_KEYS else None
    return elements.draw(given, Shown(field, "b/a", "id", held, held, {"v": "Found"}))


def read(html: object) -> str:
    return re.sub(r"<[^>]*>", "", str(html))


def types_of(union: Any) -> set[str]:
    """The `type` of every member of one of the stand-in's own unions of models."""
    found: set[str] = set()
    for one in getattr(union, "__args__", ()):
        fields = getattr(one, "model_fields", None)
        if fields and "type" in fields:
            found |= set(fields["type"].annotation.__args__)
        else:
            found |= types_of(one)
    return found


def test_every_block_that_slack_takes_is_drawn() -> None:
    assert set(BLOCKS) == types_of(Everywhere) | types_of(Everywhere | Markdown)


@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_a_block_is_drawn_without_an_error(kind: str) -> None:
    html = drawn({"type": kind, **BLOCKS[kind]})

    assert ("cannot-draw" in html, len(html) > 10) == (False, True)


@pytest.mark.parametrize("kind", sorted(types_of(ActionElement) | types_of(InputElement)))
def test_an_element_is_drawn_without_an_error(kind: str) -> None:
    element: Json = {"type": kind, "text": plain("Go"), "is_decimal_allowed": False}
    if "select" in kind or kind in {"radio_buttons", "checkboxes", "overflow"}:
        element["options"] = [option("one"), option("two")]
    block = {"type": "input", "label": plain("Label"), "element": element}

    html = str(draw_element(pen(), element, block))

    # Only a file, which the sandbox cannot take, is an error one can see.
    assert ("cannot-draw" in html) == (kind == "file_input")


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
def test_what_cannot_be_drawn_is_an_error_one_can_see(block: Json) -> None:
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
    assert str(h.fragment[pen().writer.mrkdwn(text)]).startswith(html)


def test_plain_text_is_shown_to_the_letter() -> None:
    shown = drawn({"type": "section", "text": plain("*a* <@U0BOB00001> <b> &amp;")})

    assert "*a* &lt;@U0BOB00001&gt; &lt;b&gt; &amp;amp;" in shown


@pytest.mark.parametrize(("user", "said"), [(ALICE, "aujourd’hui 09:00"), (BOB, "today 3:00 AM")])
def test_a_date_shows_in_the_readers_zone(user: str, said: str) -> None:
    text = f"<!date^{int(T0)}^{{date_short_pretty}} {{time}}|then>"

    assert read(h.fragment[pen(user).writer.mrkdwn(text)]) == said


def test_a_link_to_a_message_of_the_workspace_leads_there() -> None:
    url = "https://atelier.slack.com/archives/C0SECURITE/p1800000000000100"
    html = str(h.fragment[pen().writer.mrkdwn(f"<{url}>")])

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


def test_a_field_is_drawn_anew_only_when_another_changed_it() -> None:
    tab = Tab(Place(BOB, ANNONCES))

    drawings = [
        tab.edition("f", None, mine=False),
        tab.edition("f", "typed here", mine=True),
        tab.edition("f", "typed here", mine=False),
        tab.edition("f", "typed elsewhere", mine=False),
    ]

    assert drawings == [(0, None), (0, None), (0, None), (1, "typed elsewhere")]

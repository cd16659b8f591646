"""The App Home: what needs the person first, then the last reports, page by page.

Slack takes 100 blocks. `NEEDS`, `DRAFTS`, `OTHERS` and `PAGE` leave room for all of them at once.
Source: https://docs.slack.dev/surfaces/app-home and
https://docs.slack.dev/reference/methods/views.publish
"""

from collections.abc import Iterator, Mapping

from blocks import block_kit
from blocks.block_kit import Block
from blocks.home import rows
from blocks.home.model import (
    ANY,
    KIND,
    LANGUAGE,
    NEWER,
    OLDER,
    SEARCH,
    STATE,
    STATES,
    HomeView,
    Needs,
    Notice,
)
from blocks.words import LANGUAGES, Words

NEEDS, DRAFTS, OTHERS, PAGE = 10, 5, 8, 20
"""Reports that need the person, drafts, reports of others, and reports of a page."""
SEARCH_LIMIT = 100
"""Characters of the search text."""
BLOCKS_LIMIT = 100
CALLBACK_ID = "my_reports"


def draw(words: Words, home: HomeView) -> Block:
    """The view that `views.publish` takes."""
    blocks = [*_top(words, home), *_needs(words, home)]
    if home.everybody is not None and home.everybody.rows:
        blocks += _everybody(words, home.everybody)
    if not home.is_empty:
        blocks += _reports(words, home)
    blocks.append(_language(words, home.language))
    return {"type": "home", "callback_id": CALLBACK_ID, "blocks": blocks[:BLOCKS_LIMIT]}


def notice_text(words: Words, notice: Notice) -> str:
    """The sentence of a notice, as mrkdwn."""
    state = words.maybe(f"state.{notice.state}", "?")
    return words(notice.key, **{**notice.facts, "state": state})


def _top(words: Words, home: HomeView) -> Iterator[Block]:
    if home.is_empty:
        yield block_kit.section(block_kit.mrkdwn(words("home.about")), block_id="about")
    yield rows.form_buttons(words, home.kinds, block_id="forms")
    if home.notice is not None:
        text = block_kit.mrkdwn(f"⚠️ {notice_text(words, home.notice)}")
        yield block_kit.section(text, block_id="notice")


def _needs(words: Words, home: HomeView) -> Iterator[Block]:
    if not (home.needs.rows or home.drafts):
        return
    yield _header(words("home.needs"), "needs")
    for row in home.needs.rows[:NEEDS]:
        yield from rows.decidable(words, row, where="need")
    yield from _more(words, home.needs, NEEDS, "need.more")
    for unsent in home.drafts[:DRAFTS]:
        yield rows.draft(words, unsent)
    if (hidden := len(home.drafts) - DRAFTS) > 0:
        yield _note(words("home.more", n=hidden), "draft.more")


def _everybody(words: Words, everybody: Needs) -> Iterator[Block]:
    yield _header(words("home.everybody"), "everybody")
    for row in everybody.rows[:OTHERS]:
        yield from rows.decidable(words, row, where="other", with_who=True)
    yield from _more(words, everybody, OTHERS, "other.more")


def _reports(words: Words, home: HomeView) -> Iterator[Block]:
    yield _header(words("home.reports"), "reports")
    yield _search(words, home.words)
    yield block_kit.actions(
        [
            _menu(STATE, home.state, {name: _state_name(words, name) for name in (ANY, *STATES)}),
            _menu(KIND, home.kind, {kind: _kind_name(words, kind) for kind in (ANY, *home.kinds)}),
        ],
        block_id="filter",
    )
    yield from _notes(words, home)
    for row in home.reports[:PAGE]:
        yield from rows.decidable(words, row, where="report")
    if pages := list(_pages(words, home)):
        yield block_kit.actions(pages, block_id=f"pages.{home.page}")


def _notes(words: Words, home: HomeView) -> Iterator[Block]:
    """Why the list lacks reports that its reader may look for."""
    if home.above and (home.is_filtered or not home.reports):
        heading = words("home.needs")
        yield _note(words("home.above", n=home.above, heading=heading), "above")
    elif not home.reports:
        yield _note(words("home.none"), "none")


def _pages(words: Words, home: HomeView) -> Iterator[Block]:
    if home.page:
        yield block_kit.button(NEWER, words("home.newer"), value=str(home.page - 1))
    if home.has_older:
        yield block_kit.button(OLDER, words("home.older"), value=str(home.page + 1))


def _search(words: Words, searched: str) -> Block:
    """A field whose words are sent by Enter."""
    return block_kit.field(
        SEARCH,
        block_kit.text_input(
            initial=searched, limit=SEARCH_LIMIT, placeholder=words("home.search_hint")
        ),
        label=words("home.search"),
        optional=True,
        redraws=True,
        block_id="search",
    )


def _language(words: Words, chosen: str) -> Block:
    names = {name: words(f"home.language.{name}") for name in (ANY, *LANGUAGES)}
    return block_kit.actions([_menu(LANGUAGE, chosen, names)], block_id="language")


def _menu(action_id: str, chosen: str, labels: Mapping[str, str]) -> Block:
    """:param labels: by the value of the option; `ANY` is among them"""
    options = {value: block_kit.option(label, value) for value, label in labels.items()}
    return {
        "type": "static_select",
        "action_id": action_id,
        "options": list(options.values()),
        "initial_option": options.get(chosen, options[ANY]),
    }


def _state_name(words: Words, state: str) -> str:
    return words({ANY: "home.any_state", "need": "home.needs"}.get(state, f"state.{state}"))


def _kind_name(words: Words, kind: str) -> str:
    return words("home.any_kind") if kind == ANY else words.maybe(f"{kind}.short", kind)


def _more(words: Words, needs: Needs, most: int, block_id: str) -> Iterator[Block]:
    if (hidden := needs.total - most) > 0:
        yield _note(words("home.more", n=hidden), block_id)


def _header(text: str, block_id: str) -> Block:
    return {"type": "header", "text": block_kit.plain(text), "block_id": block_id}


def _note(text: str, block_id: str) -> Block:
    return block_kit.context(block_kit.mrkdwn(text), block_id=block_id)
